import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { npmError, runNpm } from './npm.mts';
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
 * Throws with npm's last lines when the build or the packing fails.
 */
export async function packPackage(report: (line: string) => void = () => {}): Promise<string> {
	report('Building and packing the package');
	buildPackage();
	const { name, version } = JSON.parse(
		await readFile(join(repositoryRoot, 'package.json'), 'utf8'),
	) as { name: string; version: string };
	const folder = join(repositoryRoot, 'artifacts');
	const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
	await mkdir(folder, { recursive: true });
	// A tarball of an earlier build must not pass for this one's.
	await rm(tarball, { force: true });

	const pack = await runNpm(
		['pack', '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
		{ cwd: repositoryRoot },
	);
	const written = await stat(tarball).catch(() => undefined);
	if (pack.code !== 0 || written === undefined) throw npmError('Packing the package', pack.output);
	return tarball;
}
