import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HOST, withFreePort } from '../n8n/process.mts';
import { findProgram, type WantedProgram } from './programs.mts';
import { newFolder, Service } from './service.mts';

const run = promisify(execFile);

const REDIS: WantedProgram = {
	title: 'Redis',
	variable: 'REDIS_PATH',
	commands: ['redis-server'],
	otherPlaces: () => ['/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'],
	packages: ['redis-server'],
	advice: 'its program "redis-server"',
};

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
		return await withFreePort(async (port) => await Redis.startAt(port, command, client));
	}

	private static async startAt(port: number, command: string, client: string): Promise<Redis> {
		const folder = await newFolder('redis');
		const settings = {
			port: String(port),
			bind: HOST,
			dir: folder,
			save: '',
			// So that a text is found in a dump.
			rdbcompression: 'no',
		};
		const service = await Service.start({
			title: 'Redis',
			command,
			args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
			folder,
			stopSignal: 'SIGKILL',
			// Another Redis that took the port meanwhile has another folder.
			isReady: async () =>
				await run(client, ['-p', String(port), 'config', 'get', 'dir']).then(
					({ stdout }) => stdout.split('\n').includes(folder),
					() => false,
				),
		});
		return new Redis(service, client, folder, port);
	}

	/** The variables with which n8n uses this server. */
	environment(): Record<string, string> {
		return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** What Redis answers to a command, as redis-cli prints it. */
	async command(...words: string[]): Promise<string> {
		const { stdout } = await run(this.client, ['-p', String(this.port), ...words]);
		return stdout.trim();
	}

	/** Every key with its value, of whatever type: a dump, not compressed. */
	async dump(): Promise<Buffer> {
		const file = join(this.folder, 'everything.rdb');
		await this.command('--rdb', file);
		const dump = await readFile(file);
		await rm(file);
		return dump;
	}

	/** Listens to every command that anyone sends to Redis from now on, also what is only passed on and not kept. */
	async monitor(): Promise<Monitor> {
		return await Monitor.start(this.client, this.port);
	}

	async stop(): Promise<void> {
		await this.service.stop();
	}
}

export class Monitor {
	private text = '';

	private constructor(private readonly child: ChildProcess) {}

	static async start(client: string, port: number): Promise<Monitor> {
		const child = spawn(client, ['-p', String(port), 'monitor'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const monitor = new Monitor(child);
		child.stdout.setEncoding('utf8').on('data', (chunk: string) => (monitor.text += chunk));
		await once(child.stdout, 'data');
		return monitor;
	}

	/** The commands so far, one on a line. */
	commands(): string {
		return this.text;
	}

	stop(): void {
		this.child.kill();
	}
}
