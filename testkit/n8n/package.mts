import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { npmError, runNpm } from './npm.mts';
import { repositoryRoot } from './paths.mts';

/**
 * Builds this package and packs it as it would be published.
 * Given a function that receives progress lines; resolves with the tarball's absolute path.
 * Throws with npm's last lines when the build or the packing fails.
 */
export async function packPackage(report: (line: string) => void = () => {}): Promise<string> {
	report('Building the package');
	const build = await runNpm(['run', 'build', '--silent'], { cwd: repositoryRoot });
	if (build.code !== 0) throw npmError('Building the package', build.output);

	const { name, version } = JSON.parse(
		await readFile(join(repositoryRoot, 'package.json'), 'utf8'),
	) as { name: string; version: string };
	const folder = join(repositoryRoot, 'artifacts');
	const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
	await mkdir(folder, { recursive: true });
	// A tarball of an earlier build must not pass for this one's.
	await rm(tarball, { force: true });

	report('Packing the package');
	const pack = await runNpm(
		['pack', '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
		{ cwd: repositoryRoot },
	);
	const written = await stat(tarball).catch(() => undefined);
	if (pack.code !== 0 || written === undefined) throw npmError('Packing the package', pack.output);
	return tarball;
}
