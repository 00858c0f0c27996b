import { execFile } from 'node:child_process';

/** The project's own folder and settings of its scripts would apply to another npm too. */
const FROM_OUTER_RUN =
	/^(npm_(package|lifecycle)_.*|npm_config_(local_prefix|ignore_scripts|workspaces?|omit|include|package_lock)|INIT_CWD|NODE_ENV|NODE_OPTIONS|JEST_WORKER_ID)$/i;

/**
 * The environment without what an outer `npm run` or a test runner put there.
 * Given extra variables, they win; a variable given as undefined is removed.
 */
export function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !FROM_OUTER_RUN.test(name));
	return { ...Object.fromEntries(inherited), ...extra };
}

interface NpmOptions {
	cwd: string;
	env?: NodeJS.ProcessEnv;
}

/** Runs npm with the given arguments. Resolves with its exit code and all it wrote, whatever the code is. */
export async function runNpm(
	args: string[],
	{ cwd, env }: NpmOptions,
): Promise<{ code: number; output: string }> {
	// npm is a .cmd file on Windows, which only a shell can start.
	const shell = process.platform === 'win32';
	const options = { cwd, env: cleanEnvironment(env), shell, maxBuffer: Infinity };
	return await new Promise((resolve, reject) => {
		execFile('npm', args, options, (error, stdout, stderr) => {
			const code = error ? error.code : 0;
			if (typeof code === 'number') resolve({ code, output: stdout + stderr });
			else reject(error ?? new Error('npm has no exit code.'));
		});
	});
}

/** Runs npm as a step that has a name. Throws npm's last lines when it fails. */
export async function npmStep(step: string, args: string[], options: NpmOptions): Promise<void> {
	const { code, output } = await runNpm([...args, '--loglevel=error'], options);
	if (code === 0) return;
	throw new Error(
		`${step} failed. Read npm's last lines below, then run the command again.\n${lastLines(output)}`,
	);
}

/** The last lines of an output that are not empty, for an error message. */
export const lastLines = (output: string): string =>
	output.trim().split(/\s*\n/).slice(-12).join('\n');
