import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { request } from './http.mts';
import type { N8nInstall } from './install.mts';
import { cleanEnvironment, lastLines } from './npm.mts';
import { waitFor } from './waitFor.mts';

export interface ProcessOptions {
	install: N8nInstall;
	/** n8n's command, for example ["start"] or ["worker", "--concurrency=5"]. */
	args: string[];
	/** Holds the process' settings and its log. Absolute. Created when missing; everything in it is kept. */
	userFolder: string;
	port: number;
	/** More variables for n8n; they win over the ones set here. */
	env?: Record<string, string>;
	/** What this command writes at the log level "info" when it is ready; only then its readiness counts. */
	readyLine: string;
}

export const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 180_000;
/** n8n ends by itself 30 seconds after it was asked to, whatever still runs. */
const STOP_TIMEOUT_MS = 45_000;
const PORT_ATTEMPTS = 5;

/**
 * Runs inside n8n before n8n itself: when our end of its stdin closes, because we ended in whatever way,
 * the whole process group goes too. Worker threads and forked processes inherit the option, and their stdin
 * is closed from the start: they must not act on it.
 */
const DIE_WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
	import { isMainThread } from 'node:worker_threads';
	if (isMainThread) {
		process.execArgv.length = 0;
		process.stdin.on('end', () => {
			try { process.kill(-process.pid, 'SIGKILL'); } catch { process.exit(1); }
		}).resume();
	}
`)}`;

/**
 * Calls a function with a TCP port of the local address that nobody listens on now. Another program may listen there
 * before the one that is started: when the function throws what says "already in use", it is called with another port.
 */
export async function withFreePort<T>(use: (port: number) => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await use(await listenOnce(0));
		} catch (error) {
			if (attempt === PORT_ATTEMPTS || !/already in use/i.test(String(error))) throw error;
		}
	}
}

/** Resolves with the port, or a free one for 0. Rejects with the system's error when somebody listens on it. */
export async function listenOnce(port: number): Promise<number> {
	const server = createServer().listen(port, HOST);
	await once(server, 'listening');
	const address = server.address();
	await once(server.close(), 'close');
	return typeof address === 'object' && address ? address.port : port;
}

/**
 * The pinned n8n has a module that asks the internet for a list at every start; an older one refuses to start when it is
 * told of that module. The other engine of n8n 1.123 needs a native module that is not made for Node.js 20.
 */
const versionSettings = process.env.N8N_COMPAT_VERSION
	? { N8N_EXPRESSION_ENGINE: 'legacy' }
	: { N8N_DISABLED_MODULES: 'mcp-registry' };

async function environment(options: ProcessOptions): Promise<NodeJS.ProcessEnv> {
	const { install, port, userFolder, env } = options;
	// A developer's own n8n must not change what is tested here.
	const inherited = Object.entries(cleanEnvironment()).filter(
		([name]) => !/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|GENERIC_|NODE_FUNCTION_|npm_)/.test(name),
	);
	const all: NodeJS.ProcessEnv = {
		...Object.fromEntries(inherited),
		// n8n starts its task runner as "node" and must find its own one.
		PATH: [dirname(install.node), process.env.PATH].filter(Boolean).join(delimiter),
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: HOST,
		N8N_EDITOR_BASE_URL: `http://${HOST}:${port}`,
		N8N_WEBHOOK_URL: `http://${HOST}:${port}/`,
		N8N_RUNNERS_BROKER_PORT: String(await listenOnce(0)),
		QUEUE_HEALTH_CHECK_PORT: String(port),
		// As on a real server; other values switch on n8n's development behaviour.
		NODE_ENV: 'production',
		N8N_SECURE_COOKIE: 'false',
		NO_COLOR: '1',
		// Pruning would take executions away while they are being counted.
		EXECUTIONS_DATA_PRUNE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		...versionSettings,
		...env,
	};
	// The name of the same setting in an older n8n.
	return { ...all, WEBHOOK_URL: all.N8N_WEBHOOK_URL };
}

/**
 * One process of n8n: the main one, a webhook processor or a worker. It listens on the local address, writes its log
 * to n8n.log in its user folder, and ends when this process does, in whatever way.
 */
export class N8nProcess {
	readonly url: string;
	readonly userFolder: string;

	private readonly child: ChildProcess;
	private readonly readyLine: string;
	private readonly exited: Promise<void>;
	private readonly logFile: string;
	/** How long the log was before this process. */
	private readonly logStart: number;
	private ending: string | undefined;

	private constructor(
		{ install, userFolder, port, args, readyLine }: ProcessOptions,
		env: NodeJS.ProcessEnv,
	) {
		this.url = `http://${HOST}:${port}`;
		this.userFolder = userFolder;
		// Below "info" n8n does not write the line, and readiness is all there is.
		this.readyLine = /^(silent|error|warn)$/.test(env.N8N_LOG_LEVEL ?? '') ? '' : readyLine;
		this.logFile = join(userFolder, 'n8n.log');
		const log = openSync(this.logFile, 'a');
		this.logStart = statSync(this.logFile).size;
		this.child = spawn(install.node, ['--import', DIE_WITH_PARENT, install.entry, ...args], {
			// n8n reads a .env file of its working directory.
			cwd: userFolder,
			env,
			stdio: ['pipe', log, log],
			// A process group of its own, so that its task runner can be ended with it.
			detached: process.platform !== 'win32',
			windowsHide: true,
		});
		closeSync(log);
		this.child.stdin?.on('error', () => undefined);
		this.exited = once(this.child, 'exit')
			.then(([code, signal]) => String(signal ?? `exit code ${code}`), String)
			.then(async (ending) => {
				this.ending = ending;
				this.signalGroup('SIGKILL');
				// Ended processes stay in the group until the system has cleaned them up.
				for (let attempt = 0; attempt < 25 && this.signalGroup(0); attempt++) await sleep(20);
			});
	}

	/**
	 * Starts the process and resolves when n8n says that it is ready.
	 * Throws with the last log lines when n8n ends or takes too long, and ends it then.
	 */
	static async start(options: ProcessOptions): Promise<N8nProcess> {
		const folder = join(options.userFolder, '.n8n');
		mkdirSync(folder, { recursive: true });
		// After a kill, n8n would find this file and wait 10 seconds in case it is in a crash loop.
		rmSync(join(folder, 'crash.journal'), { force: true });
		const started = new N8nProcess(options, await environment(options));
		await started.untilReady();
		return started;
	}

	get pid(): number {
		return this.child.pid ?? -1;
	}

	get isRunning(): boolean {
		return this.ending === undefined;
	}

	/** What it has written to its console so far. */
	log(): string {
		return readFileSync(this.logFile).subarray(this.logStart).toString();
	}

	/** Asks n8n to stop, and ends it after 45 seconds when it has not. Resolves when all its processes are gone. */
	async stop(): Promise<void> {
		this.child.kill('SIGTERM');
		const timer = setTimeout(() => this.signalGroup('SIGKILL'), STOP_TIMEOUT_MS);
		await this.exited;
		clearTimeout(timer);
	}

	/** Ends n8n at once, as a crash would. Resolves when all its processes are gone. */
	async kill(): Promise<void> {
		this.signalGroup('SIGKILL');
		await this.exited;
	}

	private async untilReady(): Promise<void> {
		const failed = (what: string) =>
			new Error(
				`n8n ${what}. Read its last lines below; the whole log is ${this.logFile}.\n${lastLines(this.log())}`,
			);
		const isReady = async () => {
			if (!this.isRunning) throw failed(`ended while it started (${this.ending})`);
			if (!this.log().includes(this.readyLine)) return false;
			const url = `${this.url}/healthz/readiness`;
			return await request({ url, method: 'GET', timeoutMs: 5_000 }).then(
				({ status }) => status === 200,
				() => false,
			);
		};
		const late = () => failed(`was not ready after ${START_TIMEOUT_MS / 1000} s`);
		try {
			await waitFor(isReady, late, { timeoutMs: START_TIMEOUT_MS, everyMs: 100 });
		} catch (error) {
			await this.kill();
			throw error;
		}
	}

	/** Whether anybody is in the group to get the signal; 0 only asks. */
	private signalGroup(signal: NodeJS.Signals | 0): boolean {
		const { pid } = this.child;
		if (pid === undefined) return false;
		try {
			if (process.platform === 'win32') return this.child.kill(signal);
			return process.kill(-pid, signal);
		} catch {
			return false;
		}
	}
}
