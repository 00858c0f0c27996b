import { basename } from 'node:path';
import { copyUserFolder, removeUserFolder, startN8n, type N8n } from '../n8n/n8n.mts';
import { preparedFolder } from './harness.mts';

/** The address under which the internet reaches n8n, as far as n8n knows. */
export const PUBLIC_URL = 'https://n8n.example.com';

/** An n8n of a test's own, that can be stopped, killed and started again with all it has. */
export class OwnN8n {
	private running: N8n | undefined;
	private ended: Promise<void> | undefined;

	private constructor(
		readonly userFolder: string,
		private env: Record<string, string>,
	) {}

	static async start(env: Record<string, string> = {}): Promise<OwnN8n> {
		const userFolder = await copyUserFolder(preparedFolder());
		const own = new OwnN8n(userFolder, {
			N8N_WEBHOOK_URL: `${PUBLIC_URL}/`,
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			...env,
		});
		own.running = await startN8n({ userFolder, env: own.env });
		return own;
	}

	get n8n(): N8n {
		if (!this.running) throw new Error('This n8n is not running.');
		return this.running;
	}

	async stop(): Promise<void> {
		await this.end(async (n8n) => await n8n.stop());
	}

	async kill(): Promise<void> {
		await this.end(async (n8n) => await n8n.kill());
	}

	private async end(how: (n8n: N8n) => Promise<void>): Promise<void> {
		const { running } = this;
		this.running = undefined;
		if (running) this.ended = how(running);
		await this.ended;
	}

	/** Starts it again, with more variables, where it is not running. A new port: what points to it must be told. */
	async startAgain(env: Record<string, string> = {}): Promise<N8n> {
		await this.ended;
		this.env = { ...this.env, ...env };
		this.running ??= await startN8n({ userFolder: this.userFolder, env: this.env });
		return this.running;
	}

	/** Stops it and removes all it has, but for its log. */
	async remove(): Promise<void> {
		await this.stop();
		const { testPath = '' } = expect.getState();
		await removeUserFolder(this.userFolder, basename(testPath, '.test.mts'));
	}
}
