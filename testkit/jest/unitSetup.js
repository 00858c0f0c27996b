// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Builds the package when it is not: `npm run test:unit` does so first, a single test file does not.
 * Here and not in the tests: two of them would build at the same time, into the same folder.
 */
module.exports = async function globalSetup({ rootDir }) {
	if (existsSync(join(rootDir, 'dist'))) return;
	const gulp = join(rootDir, 'node_modules', 'gulp', 'bin', 'gulp.js');
	execFileSync(process.execPath, [gulp, 'build'], { cwd: rootDir, stdio: 'pipe' });
};
