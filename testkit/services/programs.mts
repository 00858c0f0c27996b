import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../n8n/waitFor.mts';

const run = promisify(execFile);

const APT_GET_PATIENCE_MS = 600_000;

/** A program of the system that a script needs, and how to get it. */
export interface WantedProgram {
	/** As it is called in a sentence. */
	title: string;
	/** The environment variable with which a user names the program's file. */
	variable: string;
	/** The names under which it may be on the PATH, the most wanted first. */
	commands: string[];
	/** Files that it may be when it is not on the PATH. Asked again after an installation. */
	otherPlaces: () => string[];
	/** Debian's and Ubuntu's packages of it. */
	packages: string[];
	/** Further ways to get it, after "Install it (on Debian: …), or set … to ". */
	advice: string;
}

/**
 * The program's file. Where there is none, it is installed if this is Debian or Ubuntu and may be.
 * Throws one sentence on what to install otherwise.
 */
export async function findProgram(
	wanted: WantedProgram,
	report: (line: string) => void = () => {},
): Promise<string> {
	const { title, variable, packages } = wanted;
	const advice = `Install it (on Debian: apt-get install ${packages.join(' ')}), or set ${variable} to ${wanted.advice}.`;
	const given = process.env[variable];
	if (given) {
		if (await works(given, '--version')) return given;
		throw new Error(`${variable} is "${given}", which does not run. ${advice}`);
	}
	const found = await firstThatWorks(wanted);
	if (found) return found;

	const prefix = await aptGetPrefix();
	if (!prefix) throw new Error(`There is no ${title} on this machine. ${advice}`);
	report(`Installing ${title} (first time only, about a minute)`);
	try {
		await aptGet(prefix, 'update');
		await aptGet(prefix, 'install', '-y', '--no-install-recommends', ...packages);
	} catch {
		throw new Error(`There is no ${title} on this machine, and apt-get got none. ${advice}`);
	}
	const installed = await firstThatWorks(wanted);
	if (!installed) throw new Error(`The ${title} that apt-get installed does not run. ${advice}`);
	return installed;
}

async function firstThatWorks({ commands, otherPlaces }: WantedProgram) {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const onPath = commands.flatMap((name) => folders.map((folder) => join(folder, name)));
	for (const program of [...onPath, ...otherPlaces()].filter((path) => existsSync(path))) {
		// Ubuntu has a chromium-browser that only says where to get one.
		if (await works(program, '--version')) return program;
	}
	return undefined;
}

async function works(program: string, ...args: string[]): Promise<boolean> {
	return await run(program, args).then(
		() => true,
		() => false,
	);
}

/** What to put before apt-get to have the rights to install, or undefined where there is none or no such rights. */
async function aptGetPrefix(): Promise<string[] | undefined> {
	if (process.platform !== 'linux' || !(await works('apt-get', '--version'))) return undefined;
	if (process.getuid?.() === 0) return ['env'];
	return (await works('sudo', '-n', 'true')) ? ['sudo', '-n', 'env'] : undefined;
}

async function aptGet([program = '', ...before]: string[], ...args: string[]): Promise<void> {
	// At run level 1 Debian starts no service that it installs: nothing here needs one.
	const settings = ['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
	const command = [...before, ...settings, 'apt-get', ...args];
	await eventually(async () => await run(program, command), {
		// Another run of apt-get on this machine, such as that of another checkout's tests.
		isPassing: (error) => /could not get lock/i.test(String(error)),
		timeoutMs: APT_GET_PATIENCE_MS,
		everyMs: 2_000,
	});
}
