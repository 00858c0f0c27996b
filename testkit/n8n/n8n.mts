import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { N8nApi, OWNER, type Session } from './api.mts';
import { installCommunityPackage } from './community.mts';
import { installN8n, type N8nInstall } from './install.mts';
import { repositoryRoot } from './paths.mts';
import { listenOnce, N8nProcess, withFreePort } from './process.mts';

export interface StartOptions {
	/** Holds n8n's database, its settings and its log. Absolute. Created when missing; everything in it is kept. */
	userFolder: string;
	/** A packed community package to install before the start, in place of an earlier copy. */
	tarball?: string;
	/** A free port when absent. */
	port?: number;
	/** More variables for n8n; they win over the ones set here. */
	env?: Record<string, string>;
	report?: (line: string) => void;
	/** What installN8n() resolved with, to skip asking again. */
	install?: N8nInstall;
}

const sessionFile = (userFolder: string) => join(userFolder, 'session.json');

/** The session with which startN8n() signed in to the n8n of a user folder; `undefined` where it did not yet. */
export async function readSession(userFolder: string): Promise<Session | undefined> {
	const text = await readFile(sessionFile(userFolder), 'utf8').catch(() => undefined);
	return text === undefined ? undefined : (JSON.parse(text) as Session);
}

/** A running n8n with an owner, signed in. Made by startN8n(). */
export class N8n extends N8nApi {
	readonly userFolder: string;
	readonly databaseFile: string;
	readonly owner = OWNER;

	constructor(
		private readonly process: N8nProcess,
		session?: Session,
	) {
		super(process.url, session);
		this.userFolder = process.userFolder;
		this.databaseFile = join(process.userFolder, '.n8n', 'database.sqlite');
	}

	get pid(): number {
		return this.process.pid;
	}

	get isRunning(): boolean {
		return this.process.isRunning;
	}

	/** What this run of n8n has written to its console so far. */
	log(): string {
		return this.process.log();
	}

	/** Asks n8n to stop, and ends it after 45 seconds when it has not. Resolves when all its processes are gone. */
	async stop(): Promise<void> {
		await this.process.stop();
	}

	/** Ends n8n at once, as a crash would. Resolves when all its processes are gone. */
	async kill(): Promise<void> {
		await this.process.kill();
	}
}

/**
 * Starts the pinned n8n on the local address, installing it and the given package first, and signs in as its owner.
 * A second start on the same user folder keeps the owner, the workflows, the executions and the encryption key.
 * Throws when the port is taken or n8n ends early.
 */
export async function startN8n(options: StartOptions): Promise<N8n> {
	const { userFolder, tarball, port, env = {}, report = () => {} } = options;
	const install = options.install ?? (await installN8n(report));
	if (port !== undefined) {
		await listenOnce(port).catch(({ code }: NodeJS.ErrnoException) => {
			throw new Error(
				`n8n cannot listen on port ${port} (${code}). Stop the program that uses it, or choose another port, as in npm start -- --port ${port + 1}.`,
			);
		});
	}
	if (tarball !== undefined) await installCommunityPackage(userFolder, tarball);

	report(`Starting n8n ${install.version}`);
	const readyLine = 'Editor is now accessible via';
	const startAt = async (free: number) =>
		await N8nProcess.start({ install, args: ['start'], userFolder, port: free, env, readyLine });
	const started = await (port === undefined ? withFreePort(startAt) : startAt(port));
	// Another package may have other node types: then the session is made anew.
	const session = tarball === undefined ? await readSession(userFolder) : undefined;
	const n8n = new N8n(started, session);
	try {
		if (!session) {
			await n8n.signIn();
			await writeFile(sessionFile(userFolder), JSON.stringify(n8n.session));
		}
	} catch (error) {
		await n8n.kill();
		throw error;
	}
	report(`n8n is ready at ${n8n.url}`);
	return n8n;
}

/** A new, empty user folder for n8n. */
export const newUserFolder = async (): Promise<string> =>
	await mkdtemp(join(tmpdir(), 'n8n-nodes-brazil-commerce-'));

/**
 * A user folder in which everything that takes n8n long is done: its database is made, the package installed, the owner
 * signed in. Copies of it start quickly; see copyUserFolder().
 */
export async function prepareUserFolder(
	options: Omit<StartOptions, 'userFolder'>,
): Promise<string> {
	const userFolder = await newUserFolder();
	const n8n = await startN8n({ ...options, userFolder });
	await n8n.stop();
	return userFolder;
}

/** A copy of the user folder of an n8n that does not run. */
export async function copyUserFolder(userFolder: string): Promise<string> {
	const copy = await newUserFolder();
	await cp(userFolder, copy, { recursive: true });
	return copy;
}

/** Where the logs of the tests' n8n stay when their user folders are removed. */
export const logFolder = join(repositoryRoot, 'artifacts', 'n8n');

/** Removes the user folder of an n8n that does not run. Its log stays in `logFolder` under the given name. */
export async function removeUserFolder(userFolder: string, name: string): Promise<void> {
	await cp(join(userFolder, 'n8n.log'), join(logFolder, `${name}.log`));
	await rm(userFolder, { recursive: true, force: true });
}
