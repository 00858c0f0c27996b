import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HOST, withFreePort } from '../n8n/process.mts';
import { findProgram, type WantedProgram } from './programs.mts';
import { newFolder, startService, type Service } from './service.mts';

const run = promisify(execFile);

const REDIS: WantedProgram = {
	title: 'Redis',
	variable: 'REDIS_PATH',
	commands: ['redis-server'],
	otherPlaces: () => ['/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'],
	packages: ['redis-server'],
	advice: 'its program "redis-server"',
};

/** Every command that was sent to Redis since it began to listen. */
export interface Monitor {
	/** One on a line. */
	commands(): string;
	stop(): void;
}

/** A Redis of this machine on the local address, which keeps nothing on disk. */
export class Redis {
	private constructor(
		private readonly service: Service,
		private readonly client: string,
		private readonly folder: string,
		readonly port: number,
	) {}

	/** Installs Redis where it is missing, and starts one. Throws one sentence on what to do when it cannot. */
	static async start(report?: (line: string) => void): Promise<Redis> {
		const command = await findProgram(REDIS, report);
		const client = join(dirname(command), 'redis-cli');
		return await withFreePort(async (port) => {
			const folder = await newFolder('redis');
			const listen = ['--port', String(port), '--bind', HOST, '--dir', folder];
			const service = await startService({
				title: 'Redis',
				command,
				// Not compressed, so that a text is found in a dump.
				args: [...listen, '--save', '', '--rdbcompression', 'no'],
				folder,
				stopSignal: 'SIGKILL',
				// Another Redis that took the port meanwhile has another folder.
				isReady: async () => {
					const { stdout } = await run(client, ['-p', String(port), 'config', 'get', 'dir']);
					return stdout.split('\n').includes(folder);
				},
			});
			return new Redis(service, client, folder, port);
		});
	}

	/** The variables with which n8n uses this server. */
	environment(): Record<string, string> {
		return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** How many entries a list has. */
	async length(list: string): Promise<number> {
		const { stdout } = await run(this.client, ['-p', String(this.port), 'LLEN', list]);
		return Number(stdout);
	}

	/** Every key with its value, of whatever type. */
	async dump(): Promise<Buffer> {
		const file = join(this.folder, 'everything.rdb');
		await run(this.client, ['-p', String(this.port), '--rdb', file]);
		const dump = await readFile(file);
		await rm(file);
		return dump;
	}

	/** Listens to every command from now on, also to what is only passed on and not kept. */
	async monitor(): Promise<Monitor> {
		const child = spawn(this.client, ['-p', String(this.port), 'monitor'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
		await once(child.stdout, 'data');
		return { commands: () => text, stop: () => child.kill() };
	}

	async stop(): Promise<void> {
		await this.service.stop();
	}
}
