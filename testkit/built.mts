import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './n8n/paths.mts';

/** Builds the package when it is not: `npm run test:unit` does so first, a single test file does not. */
export function build(): void {
	if (existsSync(join(repositoryRoot, 'dist'))) return;
	const gulp = join(repositoryRoot, 'node_modules', 'gulp', 'bin', 'gulp.js');
	execFileSync(process.execPath, [gulp, 'build'], { cwd: repositoryRoot, stdio: 'pipe' });
}
