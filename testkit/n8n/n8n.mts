import { mkdir } from 'node:fs/promises';
import { join, resolve as absolute } from 'node:path';

import { N8nApi, OWNER } from './api.mts';
import { installCommunityPackage, type CommunityPackage } from './community.mts';
import { installN8n, type N8nInstall } from './install.mts';
import { lastLines } from './npm.mts';
import { listenOnce, N8nProcess, withFreePort } from './process.mts';

export interface StartOptions {
	/** Holds n8n's database, its settings and its log. Created when missing; everything in it is kept. */
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

const READY_LINE = 'Editor is now accessible via';

async function expectFree(wanted: number): Promise<void> {
	try {
		await listenOnce(wanted);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new Error(
			`n8n cannot listen on port ${wanted} (${code}). Stop the program that uses it, or choose another port, as in npm start -- --port ${wanted + 1}.`,
		);
	}
}

/** A running n8n with an owner, signed in. Made by startN8n(). */
export class N8n extends N8nApi {
	readonly userFolder: string;
	readonly databaseFile: string;
	readonly owner: { email: string; password: string } = {
		email: OWNER.email,
		password: OWNER.password,
	};

	constructor(private readonly process: N8nProcess) {
		super(process.url);
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

	/** Throws unless n8n has loaded every node and credential type of the package. */
	async verifyPackage(manifest: CommunityPackage): Promise<void> {
		const nodes = new Set(
			this.descriptions()
				.map(({ name }) => name)
				.filter((name) => name.startsWith(`${manifest.name}.`)),
		);
		const credentials = (
			(await this.getTypes('credentials')) as Array<{
				name: string;
				sourcePackage?: string;
			}>
		).map(({ name }) => name.toLowerCase());
		const missing = manifest.n8n.credentials.filter((file) => {
			const typeName = (file.split('/').pop() ?? '').replace('.credentials.js', '');
			return !credentials.includes(typeName.toLowerCase());
		});
		if (nodes.size >= manifest.n8n.nodes.length && missing.length === 0) return;
		throw new Error(
			`n8n loaded ${nodes.size} of the ${manifest.n8n.nodes.length} nodes of ${manifest.name}${missing.length ? ` and lacks ${missing.join(', ')}` : ''}. Build the package again and read n8n's log below.\n${lastLines(this.log())}`,
		);
	}
}

/**
 * Starts the pinned n8n on the local address, installing it and the given package first, and signs in as its owner.
 * A second start on the same user folder keeps the owner, the workflows, the executions and the encryption key.
 * Throws when the port is taken, n8n ends early, or it does not load the package.
 */
export async function startN8n(options: StartOptions): Promise<N8n> {
	const { tarball, port, env = {}, report = () => {} } = options;
	const install = options.install ?? (await installN8n(report));
	const userFolder = absolute(options.userFolder);
	await mkdir(join(userFolder, '.n8n'), { recursive: true });

	if (port !== undefined) await expectFree(port);
	let manifest: CommunityPackage | undefined;
	if (tarball !== undefined) {
		report('Installing the package into n8n');
		manifest = await installCommunityPackage(userFolder, absolute(tarball));
	}

	report(`Starting n8n ${install.version}`);
	const startAt = async (free: number) =>
		await N8nProcess.start({
			install,
			args: ['start'],
			userFolder,
			port: free,
			env,
			readyLine: READY_LINE,
		});
	const n8n = new N8n(await (port === undefined ? withFreePort(startAt) : startAt(port)));
	try {
		await n8n.signIn();
		if (manifest) await n8n.verifyPackage(manifest);
	} catch (error) {
		await n8n.kill();
		throw error;
	}
	report(`n8n is ready at ${n8n.url}`);
	return n8n;
}
