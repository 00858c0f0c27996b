import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

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
	const given = process.env[variable];
	if (given) return given;
	const found = await firstThatWorks(wanted);
	if (found) return found;

	report(`Installing ${title} with apt-get (first time only, about a minute)`);
	const failure: unknown = await aptGetInstall(packages).catch((error: unknown) => error);
	const installed = await firstThatWorks(wanted);
	if (installed) return installed;
	const advice = `Install it (on Debian: apt-get install ${packages.join(' ')}), or set ${variable} to ${wanted.advice}.`;
	throw new Error(`There is no ${title} on this machine. ${advice}`, { cause: failure });
}

async function firstThatWorks({ commands, otherPlaces }: WantedProgram) {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const onPath = commands.flatMap((name) => folders.map((folder) => join(folder, name)));
	for (const program of [...onPath, ...otherPlaces()].filter((path) => existsSync(path))) {
		// Ubuntu has a chromium-browser that only says where to get one.
		const works = await run(program, ['--version']).catch(() => undefined);
		if (works) return program;
	}
	return undefined;
}

async function aptGetInstall(packages: string[]): Promise<void> {
	// At run level 1 Debian starts no service that it installs: nothing here needs one.
	const script = `export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
		apt-get update
		apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 ${packages.join(' ')}`;
	const [shell = '', ...before] = process.getuid?.() === 0 ? ['sh'] : ['sudo', '-n', 'sh'];
	await run(shell, [...before, '-c', script]);
}
