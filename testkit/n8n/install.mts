import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';

import { npmStep } from './npm.mts';
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

function cacheFolder(): string {
	const own = process.env.N8N_NODES_BRAZIL_COMMERCE_CACHE;
	const platform =
		process.env.XDG_CACHE_HOME ||
		(process.platform === 'win32' ? process.env.LOCALAPPDATA : undefined) ||
		join(homedir(), '.cache');
	return join(own || platform, 'n8n-nodes-brazil-commerce');
}

/** The Node.js for n8n in an installed folder. Where no package has one for this machine, the one that runs this. */
function nodeBinary(directory: string, packages: string[]): string {
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	// npm installs only the package that is made for this machine.
	const binaries = packages.map((name) => join(directory, 'node_modules', name, 'bin', file));
	return binaries.find((binary) => existsSync(binary)) ?? process.execPath;
}

/**
 * Runs a step while no other process does, also of another checkout that shares the folder.
 * The lock of a process that was killed is free after half a minute.
 */
async function alone(file: string, step: () => Promise<void>): Promise<void> {
	const retries = { forever: true, factor: 1, minTimeout: 500 };
	const release = await lock(file, { realpath: false, stale: 30_000, retries });
	try {
		await step();
	} finally {
		await release();
	}
}

async function npmInstall(pinnedIn: string, directory: string, version: string): Promise<void> {
	await mkdir(directory, { recursive: true });
	for (const file of ['package.json', 'package-lock.json']) {
		await copyFile(join(pinnedIn, file), join(directory, file));
	}
	// Not "npm ci": it refuses a lock that lacks another platform's optional package, "install" still keeps every version.
	const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
	await npmStep(`Installing n8n ${version}`, args, { cwd: directory });
}

/** The only native module that n8n needs and that may have to be compiled. */
async function rebuildSqlite(directory: string, node: string): Promise<void> {
	const nodePackage = dirname(dirname(node));
	const headers = existsSync(join(nodePackage, 'include', 'node', 'node_api.h'));
	const args = ['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'];
	const step = "Building n8n's database module with a C++ compiler, make and Python 3";
	await npmStep(step, args, {
		cwd: directory,
		env: {
			PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
			npm_config_nodedir: headers ? nodePackage : undefined,
		},
	});
}

/**
 * Makes the pinned n8n available in the user's cache folder and says where it is.
 * The first call installs it (about 7 minutes, 3 GB); later calls return at once. Safe to call from several processes.
 * Given a function that receives progress lines, and the folder that pins it. Throws npm's last lines when npm fails.
 */
export async function installN8n(
	report: (line: string) => void = () => {},
	pinnedIn = hostFolder,
): Promise<N8nInstall> {
	const manifest = await readFile(join(pinnedIn, 'package.json'), 'utf8');
	const lockfile = await readFile(join(pinnedIn, 'package-lock.json'), 'utf8');
	const { dependencies, optionalDependencies } = JSON.parse(manifest) as {
		dependencies: { n8n: string };
		optionalDependencies: Record<string, string>;
	};
	const version = dependencies.n8n;
	const hash = createHash('sha256').update(manifest).update(lockfile).digest('hex').slice(0, 12);
	const directory = join(cacheFolder(), `n8n-${version}-${hash}`);
	const node = () => nodeBinary(directory, Object.keys(optionalDependencies));
	const complete = join(directory, '.complete');
	if (!existsSync(complete)) {
		report(`Installing n8n ${version}, unless another process does (once, about 7 minutes, 3 GB)`);
		await mkdir(cacheFolder(), { recursive: true });
		await alone(directory, async () => {
			// The other process may have done it meanwhile, or may have been killed.
			if (existsSync(complete)) return;
			await rm(directory, { recursive: true, force: true });
			await npmInstall(pinnedIn, directory, version);
			await rebuildSqlite(directory, node());
			await writeFile(complete, '');
		});
		report(`n8n ${version} is installed in ${directory}`);
	}
	const entry = join(directory, 'node_modules', 'n8n', 'bin', 'n8n');
	return { directory, node: node(), entry, version };
}
