import type { N8n } from './n8n.mts';
import { startScript, type NodeScript } from './nodeScript.mts';

/** For an n8n that is to be inspected: it then listens for a debugger at a free local port. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Passes commands on to the debugger port, one at a time, and its answers back. */
const INSPECTOR_SCRIPT = `
	const socket = new WebSocket(process.argv[1]);
	const opened = new Promise((resolve) => (socket.onopen = resolve));
	socket.onclose = () => process.exit(1);
	socket.onmessage = ({ data }) => {
		const message = JSON.parse(data);
		if ('id' in message) process.send(message);
	};
	process.on('message', async (command) => {
		await opened;
		socket.send(JSON.stringify({ id: 1, ...command }));
	});`;

interface Answer {
	result?: Record<string, unknown>;
	error?: { message: string };
}

interface RemoteObject {
	objectId?: string;
	value?: unknown;
}

/** Looks into a running n8n, as a debugger does. */
export class Inspector {
	private constructor(private readonly script: NodeScript) {}

	/** Attaches to an n8n that was started with INSPECTABLE. */
	static async attach(n8n: N8n): Promise<Inspector> {
		// n8n's task runner writes such a line too, later.
		const url = /Debugger listening on (ws:\S+)/.exec(n8n.log())?.[1];
		if (!url) throw new Error('This n8n was not started with INSPECTABLE.');
		return new Inspector(await startScript(INSPECTOR_SCRIPT, url));
	}

	detach(): void {
		this.script.end();
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
		const objectGroup = 'instances';
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
		const { error, result = {} } = (await this.script.ask({ method, params })) as Answer;
		const failure = error?.message ?? JSON.stringify(result.exceptionDetails);
		if (failure) throw new Error(`${method}: ${failure}`);
		return result;
	}
}

/** An expression for what a module exports that n8n has loaded, by the end of its file's path. */
export const loadedModule = (ending: string) =>
	`Object.values(require.cache).find(({ filename }) => filename?.replaceAll('\\\\', '/').endsWith(${JSON.stringify(ending)})).exports`;
