import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { readManifest } from './community.mts';
import { npmStep } from './npm.mts';
import { repositoryRoot } from './paths.mts';

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

/** When a file, or the youngest file of a folder, was written, in milliseconds. */
function writtenAt(path: string): number {
	const own = statSync(path).mtimeMs;
	if (!statSync(path).isDirectory()) return own;
	return Math.max(own, ...readdirSync(path).map((name) => writtenAt(join(path, name))));
}

/** Builds the package unless dist is younger than all that it is made from. Throws with the compiler's words. */
export function buildPackage(): void {
	const sources = ['nodes', 'credentials', 'package.json', 'tsconfig.json', 'gulpfile.js'];
	const made = inRoot('dist', 'nodes');
	const newest = Math.max(...sources.map((source) => writtenAt(inRoot(source))));
	if (existsSync(made) && statSync(made).mtimeMs > newest) return;
	const gulp = inRoot('node_modules', 'gulp', 'bin', 'gulp.js');
	execFileSync(process.execPath, [gulp, 'build', '--silent'], {
		cwd: repositoryRoot,
		stdio: ['ignore', 'inherit', 'inherit'],
	});
}

/**
 * Builds this package where it must be built, and packs it as it would be published.
 * Given a function that receives progress lines; resolves with the tarball's absolute path.
 */
export async function packPackage(report: (line: string) => void = () => {}): Promise<string> {
	report('Building and packing the package');
	buildPackage();
	const { name, version } = await readManifest();
	const folder = inRoot('artifacts');
	await mkdir(folder, { recursive: true });
	const args = ['pack', '--pack-destination', folder, '--ignore-scripts'];
	await npmStep('Packing the package', args, { cwd: repositoryRoot });
	return join(folder, `${name}-${version}.tgz`);
}
