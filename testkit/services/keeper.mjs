/**
 * Runs a program and ends it, and removes its folder, when whoever started this closes its standard input or is gone.
 * A process of its own, for it must outlive a starter that is killed. Plain Node.js, so that it starts at once.
 * Given, as JSON: command, args, folder, stopSignal and, where it is to be another one, the user { uid, gid }.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const { command, args, folder, stopSignal, user } = JSON.parse(process.argv[2] ?? '');

const child = spawn(command, args, {
	cwd: folder,
	stdio: ['ignore', 'inherit', 'inherit'],
	windowsHide: true,
	...user,
});
child.on('error', (error) => console.error(error.message));
child.on('close', (code) => {
	rmSync(folder, { recursive: true, force: true });
	process.exit(code ?? 0);
});
process.stdin.on('end', () => child.kill(stopSignal)).resume();
