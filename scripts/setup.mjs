/**
 * Makes a fresh clone ready: installs the development dependencies when they are missing or another lock file's.
 * Plain Node.js, because nothing else is there yet. The scripts of npm start and npm test begin with it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.installed-lock');
const lock = createHash('sha256')
	.update(readFileSync(join(root, 'package-lock.json')))
	.digest('hex');

function fail(message) {
	console.error(message);
	process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
	fail(
		`This needs Node.js 20.15 or newer, and this is ${process.version}. Install a newer Node.js.`,
	);
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
	console.log(
		'Installing the development dependencies (about 1 GB, a few minutes the first time) …',
	);
	// No install scripts: the tests need none of the native modules, and n8n brings its own.
	const { status, error } = spawnSync(
		'npm',
		['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
		{ cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
	);
	if (error)
		fail(`npm could not be started: ${error.message}. Install npm, which comes with Node.js.`);
	if (status !== 0)
		fail(
			'The installation failed, see above. Check the network and the disk space, then try again.',
		);
	writeFileSync(stamp, lock);
}
