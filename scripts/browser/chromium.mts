import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const run = promisify(execFile);

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PROGRAMS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const PACKAGES = ['chromium', 'fonts-liberation'];
const ADVICE =
	'Install it (on Debian: apt-get install chromium fonts-liberation), or set CHROMIUM_PATH to the program of a Chromium or Chrome.';

/**
 * The system's Chromium or Chrome. Where there is none, it is installed if this is Debian or Ubuntu and may be.
 * Throws one sentence on what to install otherwise.
 */
export async function findChromium(report: (line: string) => void = () => {}): Promise<string> {
	const given = process.env.CHROMIUM_PATH;
	if (given) {
		if (await works(given, '--version')) return given;
		throw new Error(`CHROMIUM_PATH is "${given}", which does not run. ${ADVICE}`);
	}
	const found = await firstThatWorks();
	if (found) return found;

	const aptGet = await privilegedAptGet();
	if (!aptGet) throw new Error(`There is no Chromium on this machine. ${ADVICE}`);
	report('Installing Chromium (first time only, about a minute)');
	try {
		await aptGet('update');
		await aptGet('install', '-y', '--no-install-recommends', ...PACKAGES);
	} catch {
		throw new Error(`There is no Chromium on this machine, and apt-get got none. ${ADVICE}`);
	}
	const installed = await firstThatWorks();
	if (!installed) throw new Error(`The Chromium that apt-get installed does not run. ${ADVICE}`);
	return installed;
}

/** A headless browser. */
export async function openBrowser(report?: (line: string) => void): Promise<Browser> {
	const executablePath = await findChromium(report);
	// Chromium's sandbox refuses to run as root.
	return await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

async function firstThatWorks(): Promise<string | undefined> {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const onPath = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name)));
	for (const program of [...onPath, ...PROGRAMS].filter((path) => existsSync(path))) {
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

/** apt-get with the rights to install, or undefined where there is none or no such rights. */
async function privilegedAptGet() {
	if (process.platform !== 'linux' || !(await works('apt-get', '--version'))) return undefined;
	const isRoot = process.getuid?.() === 0;
	if (!isRoot && !(await works('sudo', '-n', 'true'))) return undefined;
	const prefix = isRoot ? ['env'] : ['sudo', '-n', 'env'];
	const [program = '', ...before] = [...prefix, 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
	return async (...args: string[]) => await run(program, [...before, ...args]);
}
