import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { repositoryRoot } from './paths.mts';

/** The package's name and version. */
export async function readManifest(): Promise<{ name: string; version: string }> {
	const text = await readFile(join(repositoryRoot, 'package.json'), 'utf8');
	return JSON.parse(text) as { name: string; version: string };
}

/** Where n8n has this package installed, given n8n's user folder. */
export async function installedFolder(userFolder: string): Promise<string> {
	const { name } = await readManifest();
	return join(userFolder, '.n8n', 'nodes', 'node_modules', name);
}

/**
 * Puts this package, packed, into n8n's folder for community packages, in place of any earlier copy of it.
 * Without dependencies that is all that npm would do.
 */
export async function installCommunityPackage(userFolder: string, tarball: string): Promise<void> {
	const folder = await installedFolder(userFolder);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await promisify(execFile)('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
