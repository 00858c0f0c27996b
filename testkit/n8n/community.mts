import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { npmError, runNpm } from './npm.mts';
import { repositoryRoot } from './paths.mts';

export interface CommunityPackage {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

/** Where n8n has this package installed, given n8n's user folder. */
export async function installedFolder(userFolder: string): Promise<string> {
	const { name } = await readManifest(repositoryRoot);
	return join(userFolder, '.n8n', 'nodes', 'node_modules', name);
}

/**
 * Installs this package, packed, into n8n's folder for community packages, in place of any earlier copy of it.
 * Given n8n's user folder and the tarball's absolute path; resolves with the installed package's manifest.
 * Throws when npm fails.
 */
export async function installCommunityPackage(
	userFolder: string,
	tarball: string,
): Promise<CommunityPackage> {
	const { name } = await readManifest(repositoryRoot);
	const folder = join(userFolder, '.n8n', 'nodes');
	const list = join(folder, 'package.json');
	await mkdir(folder, { recursive: true });

	const installed = JSON.parse(await readFile(list, 'utf8').catch(() => '{}')) as {
		dependencies?: Record<string, string>;
	};
	const { [name]: _replaced, ...dependencies } = installed.dependencies ?? {};
	await writeFile(list, JSON.stringify({ name: 'installed-nodes', private: true, dependencies }));
	// With the same version number npm would keep the old files unless every trace of them is gone.
	const traces = [`node_modules/${name}`, 'node_modules/.package-lock.json', 'package-lock.json'];
	for (const trace of traces) await rm(join(folder, trace), { recursive: true, force: true });

	const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
	// n8n-workflow is a peer dependency that n8n itself provides.
	const withoutPeers = ['--omit=peer', '--legacy-peer-deps'];
	const { code, output } = await runNpm(
		['install', tarball, ...quiet, ...withoutPeers, '--loglevel=error'],
		{ cwd: folder },
	);
	if (code !== 0) throw npmError(`Installing ${name} into n8n`, output);
	return await readManifest(await installedFolder(userFolder));
}

async function readManifest(folder: string): Promise<CommunityPackage> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as CommunityPackage;
}
