import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { installN8n } from './install.mts';
import type { N8n } from './n8n.mts';

/** For an n8n that is to be inspected: it then listens for a debugger at a free local port. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** A process that n8n's Node.js runs: the one that runs this may be too old to have a WebSocket of its own. */
const INSPECTOR_PROCESS = `
	const socket = new WebSocket(process.argv[1]);
	socket.onopen = () => process.send({ id: 0 });
	socket.onerror = () => process.exit(1);
	socket.onmessage = ({ data }) => {
		const message = JSON.parse(data);
		if ('id' in message) process.send(message);
	};
	process.on('message', (message) => socket.send(JSON.stringify(message)));`;

interface Answer {
	id: number;
	result?: Record<string, unknown>;
	error?: { message: string };
}

interface RemoteObject {
	objectId?: string;
	value?: unknown;
}

/** Looks into a running n8n, as a debugger does. */
export class Inspector {
	private lastId = 0;

	private constructor(private readonly child: ChildProcess) {}

	/** Attaches to an n8n that was started with INSPECTABLE. */
	static async attach(n8n: N8n): Promise<Inspector> {
		// n8n's task runner writes such a line too, later.
		const url = /Debugger listening on (ws:\S+)/.exec(n8n.log())?.[1];
		if (!url) throw new Error('This n8n was not started with INSPECTABLE.');
		const { node } = await installN8n();
		const child = spawn(node, ['-e', INSPECTOR_PROCESS, url], {
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		child.setMaxListeners(0);
		await once(child, 'message');
		return new Inspector(child);
	}

	detach(): void {
		this.child.kill();
	}

	/** The heap in use once everything that can be collected is, in bytes. */
	async heapUsed(): Promise<number> {
		// Some objects are let go only by the finalizers of others.
		for (let pass = 0; pass < 3; pass++) await this.call('HeapProfiler.collectGarbage');
		const { usedSize } = await this.call('Runtime.getHeapUsage');
		return Number(usedSize);
	}

	/**
	 * Calls a function in n8n with all living objects of a class, after a collection of garbage.
	 *
	 * @param prototype an expression for the prototype of the class, in n8n
	 * @param source the function's source; it gets an array, and its result must survive JSON
	 */
	async withInstances(prototype: string, source: string): Promise<unknown> {
		const objectGroup = `instances ${++this.lastId}`;
		try {
			const { result } = await this.call('Runtime.evaluate', {
				expression: prototype,
				objectGroup,
				// For `require`.
				includeCommandLineAPI: true,
			});
			const { objects } = await this.call('Runtime.queryObjects', {
				prototypeObjectId: (result as RemoteObject).objectId,
				objectGroup,
			});
			const called = await this.call('Runtime.callFunctionOn', {
				objectId: (objects as RemoteObject).objectId,
				functionDeclaration: `function () { return (${source})(this); }`,
				awaitPromise: true,
				returnByValue: true,
			});
			return (called.result as RemoteObject).value;
		} finally {
			await this.call('Runtime.releaseObjectGroup', { objectGroup });
		}
	}

	/** How many objects of a class are alive. */
	async countInstances(prototype: string): Promise<number> {
		return Number(await this.withInstances(prototype, '(objects) => objects.length'));
	}

	private async call(
		method: string,
		params: Record<string, unknown> = {},
	): Promise<Record<string, unknown>> {
		const id = ++this.lastId;
		const { child } = this;
		return await new Promise((resolve, reject) => {
			const onMessage = (answer: Answer) => {
				if (answer.id !== id) return;
				child.off('message', onMessage).off('exit', onExit);
				const { error, result = {} } = answer;
				const failure = error?.message ?? JSON.stringify(result.exceptionDetails);
				if (failure) reject(new Error(`${method}: ${failure}`));
				else resolve(result);
			};
			const onExit = () => reject(new Error(`${method}: n8n is gone.`));
			child.on('message', onMessage).once('exit', onExit);
			child.send({ id, method, params });
		});
	}
}

/** An expression for what a module exports that n8n has loaded, by the end of its file's path. */
export const loadedModule = (ending: string) =>
	`Object.values(require.cache).find(({ filename }) => filename?.replaceAll('\\\\', '/').endsWith(${JSON.stringify(ending)})).exports`;
