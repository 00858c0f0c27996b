import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n, type N8nInstall } from '../n8n/install.mts';
import { startN8n, type N8n } from '../n8n/n8n.mts';
import { HOST, N8nProcess, withFreePort } from '../n8n/process.mts';
import type { Postgres } from './postgres.mts';
import type { Redis } from './redis.mts';

export interface QueueModeOptions {
	/** The packed package, which every process loads. */
	tarball: string;
	postgres: Postgres;
	redis: Redis;
	/** A database of that server, empty at first. PostgreSQL's own when absent. */
	database?: string;
	/** More variables for every process. */
	env?: Record<string, string>;
	report?: (line: string) => void;
}

/**
 * n8n in queue mode: a main process, and as many webhook processors and workers as are started.
 * Each has a user folder of its own, as containers do; they share the installed package and the encryption key.
 */
export class QueueMode {
	readonly processors: N8nProcess[] = [];
	readonly workers: N8nProcess[] = [];

	private constructor(
		public main: N8n,
		private readonly folder: string,
		private readonly install: N8nInstall,
		private readonly env: Record<string, string>,
	) {}

	/** Starts the main process, with the package installed and its owner signed in. */
	static async start(options: QueueModeOptions): Promise<QueueMode> {
		const { tarball, postgres, redis, database, report } = options;
		const install = await installN8n(report);
		const folder = await mkdtemp(join(tmpdir(), 'queue-mode-'));
		const env = {
			EXECUTIONS_MODE: 'queue',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64url'),
			...postgres.environment(database),
			...redis.environment(),
			...options.env,
		};
		const userFolder = mainFolder(folder);
		const main = await startN8n({ install, userFolder, tarball, env, ...(report && { report }) });
		return new QueueMode(main, folder, install, env);
	}

	/** Starts a webhook processor and resolves when it takes deliveries. */
	async startProcessor(): Promise<N8nProcess> {
		const readyLine = 'Webhook listener waiting for requests';
		return await this.startProcess(this.processors, 'webhook', readyLine, {});
	}

	/** Starts a worker and resolves when it takes executions. */
	async startWorker(concurrency = 10): Promise<N8nProcess> {
		return await this.startProcess(this.workers, 'worker', 'n8n worker is now ready', {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			N8N_WORKER_SERVER_ADDRESS: HOST,
			N8N_CONCURRENCY_PRODUCTION_LIMIT: String(concurrency),
		});
	}

	/** Starts another main process in place of the one that was stopped, on its data. */
	async startMainAgain(): Promise<void> {
		const { install, env } = this;
		this.main = await startN8n({ install, userFolder: mainFolder(this.folder), env });
	}

	/** Stops whatever of it runs, and removes its folders. */
	async stop(): Promise<void> {
		const all = [this.main, ...this.processors, ...this.workers];
		await Promise.all(all.map(async (process) => await process.stop()));
		await rm(this.folder, { recursive: true, force: true });
	}

	private async startProcess(
		kind: N8nProcess[],
		command: 'webhook' | 'worker',
		readyLine: string,
		more: Record<string, string>,
	): Promise<N8nProcess> {
		const { install } = this;
		const userFolder = await mkdtemp(join(this.folder, `${command}-`));
		await mkdir(join(userFolder, '.n8n'));
		const nodes = join('.n8n', 'nodes');
		await symlink(join(mainFolder(this.folder), nodes), join(userFolder, nodes));
		const env = { ...this.env, ...more };
		const started = await withFreePort(
			async (port) =>
				await N8nProcess.start({ install, args: [command], userFolder, port, env, readyLine }),
		);
		kind.push(started);
		return started;
	}
}

const mainFolder = (folder: string) => join(folder, 'main');
