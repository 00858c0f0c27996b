import { spawn } from 'node:child_process';
import { copyFile, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from '../testkit/n8n/paths.mts';

/**
 * Compiles `nodes/` and `credentials/` into an installed copy of the package whenever a source changes, with source
 * maps that lead a debugger to the sources; icons, codex files and schemas are copied. An n8n with N8N_DEV_RELOAD set
 * then loads them by itself.
 *
 * @param folder the installed package's
 * @returns resolves when all is compiled for the first time; ends with this process
 */
export async function compileInto(folder: string): Promise<void> {
	const dist = join(folder, 'dist');
	const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
	const maps = ['--inlineSourceMap', '--inlineSources', '--sourceRoot', repositoryRoot];
	const child = spawn(
		process.execPath,
		[compiler, '--watch', '--preserveWatchOutput', '--outDir', dist, ...maps],
		{ cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	process.on('exit', () => child.kill());
	child.stdout.setEncoding('utf8').pipe(process.stdout);
	const nodes = join(repositoryRoot, 'nodes');
	watch(nodes, { recursive: true, persistent: false }, (_event, file) => {
		if (!file || !/\.(svg|json)$/.test(file)) return;
		copyFile(join(nodes, file), join(dist, 'nodes', file), (error) =>
			console.log(error ? `${file} could not be copied: ${error.message}` : `${file} copied`),
		);
	});
	await new Promise<void>((resolve, reject) => {
		child.stdout.on('data', (text: string) => {
			if (text.includes('Watching for file changes.')) resolve();
		});
		child.once('exit', (code) =>
			reject(new Error(`The compiler ended with ${code}. Run npm run typecheck to see why.`)),
		);
	});
}
