import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface NpmResult {
	code: number | null;
	/** Both streams, in the order they came. */
	output: string;
}

/** The npm-cli.js that belongs to the running Node.js, or undefined when only `npm` on the PATH is left. */
function npmCli(): string | undefined {
	const nodeFolder = dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath,
		join(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	];
	return candidates.find(
		// npm_execpath names yarn or pnpm when one of them started us.
		(path) => path !== undefined && basename(path) === 'npm-cli.js' && existsSync(path),
	);
}

/**
 * The environment without what an outer `npm run` or a test runner put there.
 * Given extra variables, they win; a variable given as undefined is removed.
 */
export function cleanEnvironment(
	extra: Record<string, string | undefined> = {},
): Record<string, string> {
	const isFromOuterRun = (name: string) =>
		/^npm_(package|lifecycle)_/.test(name) ||
		// The outer project's own folder and script settings would apply to the inner npm too.
		/^npm_config_(local_prefix|ignore_scripts|workspaces?|omit|include|package_lock)$/i.test(
			name,
		) ||
		/^(INIT_CWD|NODE_ENV|NODE_OPTIONS|JEST_WORKER_ID)$/.test(name);
	const inherited = Object.entries(process.env).filter(([name]) => !isFromOuterRun(name));
	const all = { ...Object.fromEntries(inherited), ...extra };
	return Object.fromEntries(
		Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
	);
}

/**
 * Runs npm with the given arguments in the given folder and waits for its end.
 * Resolves with the exit code and the output whatever the code is; throws when npm cannot be started.
 */
export async function runNpm(
	args: string[],
	options: { cwd: string; env?: Record<string, string | undefined> },
): Promise<NpmResult> {
	const cli = npmCli();
	const [command, commandArgs] = cli ? [process.execPath, [cli, ...args]] : ['npm', args];
	return await new Promise((resolve, reject) => {
		const child = spawn(command, commandArgs, {
			cwd: options.cwd,
			env: cleanEnvironment(options.env),
			stdio: ['ignore', 'pipe', 'pipe'],
			// npm is a .cmd file on Windows, which only a shell can start.
			shell: !cli && process.platform === 'win32',
			windowsHide: true,
		});
		let output = '';
		const collect = (chunk: string): void => {
			output += chunk;
		};
		child.stdout.setEncoding('utf8').on('data', collect);
		child.stderr.setEncoding('utf8').on('data', collect);
		child.on('error', (error) => {
			reject(
				new Error(
					`npm could not be started (${error.message}). Install npm, or start this through "npm run".`,
				),
			);
		});
		child.on('close', (code) => resolve({ code, output }));
	});
}

/** The last lines of an output that are not empty, for an error message. */
export function lastLines(output: string, count = 12): string {
	return output
		.split('\n')
		.map((line) => line.trimEnd())
		.filter((line) => line !== '')
		.slice(-count)
		.join('\n');
}

/**
 * Turns a failed npm run into an error that says what happened and what to do.
 * Given the step's name ("Installing n8n 2.41.1") and npm's output; returns the error, does not throw it.
 */
export function npmError(step: string, output: string): Error {
	if (/\bENOSPC\b|no space left on device/i.test(output)) {
		return new Error(
			`${step} failed because the disk is full. Free at least 4 GB and run the command again.`,
		);
	}
	const unreachable =
		/\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT)\b/;
	if (unreachable.test(output)) {
		return new Error(
			`${step} failed because the npm registry cannot be reached. Check the network connection and npm's "registry" and "proxy" settings, then run the command again.`,
		);
	}
	return new Error(
		`${step} failed. Read npm's last lines below, then run the command again.\n${lastLines(output)}`,
	);
}
