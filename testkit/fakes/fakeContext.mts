import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import type {
	IHttpRequestOptions,
	INode,
	IWebhookFunctions,
	Logger,
	NodeParameterValueType,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export const TOKEN = 'shop-token-0123456789';

type ParameterValue = NodeParameterValueType | object;

/** A delivery and the node it reaches. The defaults make an accepted delivery of the fake provider. */
export interface Situation {
	/** An object is sent as JSON, anything else as it is. */
	body?: object | string | Buffer;
	/** Names and values in turn, as in Node.js. */
	rawHeaders?: string[];
	query?: Request['query'];
	ip?: string;
	/** The addresses of the proxies' header, where n8n trusts it. */
	ips?: string[];
	/** The parameters that the user changed; an error if n8n cannot evaluate an expression in one. */
	parameters?: Record<string, ParameterValue>;
	credentialType?: string;
	/** The values of the credential, `none` if none is selected, an error if n8n cannot read it. */
	credential?: Record<string, unknown> | Error | 'none';
	mode?: WorkflowExecuteMode;
	workflowId?: string;
	nodeId?: string;
	/** A new one for each fake by default, because the node caches credentials. */
	credentialId?: string;
	/** Answers the node's own requests; it makes none by default. */
	httpRequest?(options: IHttpRequestOptions): Promise<unknown>;
}

/** A webhook node as n8n calls it, and the provider's end of the connection. */
export interface FakeContext {
	context: IWebhookFunctions;
	/** What the node read of the request and asked of n8n, in order. */
	asked: string[];
	/** What the node itself answered. */
	answer: { status?: number; body?: unknown };
	logged: string[];
	/** n8n answers with this status. */
	finish(status: number): void;
	/** The provider closes the connection. */
	close(): void;
}

/**
 * A fake that has only some members of an object.
 * Reading any other member fails the test instead of returning `undefined`.
 */
export function partly<T extends object>(members: Partial<T>): T {
	return new Proxy(members, {
		get(target, member) {
			if (member in target) return Reflect.get(target, member);
			// Resolving a promise with the fake checks whether it is a promise itself.
			if (member === 'then') return undefined;
			throw new Error(`The fake has no "${String(member)}".`);
		},
	}) as T;
}

/** A node as a workflow has it. */
export const fakeNode = (members: Partial<INode> = {}): INode => ({
	...{ id: 'node-1', name: 'Shop', type: 'test.shop', typeVersion: 1, parameters: {} },
	position: [0, 0],
	...members,
});

let credentialsMade = 0;

export function fakeContext(situation: Situation = {}): FakeContext {
	const asked: string[] = [];
	const logged: string[] = [];
	const { answer, response, finish, close } = fakeResponse();
	const { credential = { token: TOKEN }, parameters = {} } = situation;
	const { credentialType = 'shopWebhookApi', credentialId = `credential-${++credentialsMade}` } =
		situation;
	const log = (message: string, meta?: object) =>
		void logged.push(`${message} ${JSON.stringify(meta ?? {})}`);
	const node = fakeNode({
		id: situation.nodeId ?? 'node-1',
		name: 'Shop Trigger',
		credentials:
			credential === 'none' ? {} : { [credentialType]: { id: credentialId, name: 'Shop' } },
	});
	const context = partly<IWebhookFunctions>({
		logger: partly<Logger>({ warn: log }),
		helpers: partly<IWebhookFunctions['helpers']>({
			httpRequest: async (options) => {
				asked.push('request');
				if (!situation.httpRequest) throw new Error('No request is expected.');
				return await situation.httpRequest(options);
			},
		}),
		getMode: () => situation.mode ?? 'webhook',
		getNode: () => node,
		getWorkflow: () => ({ id: situation.workflowId ?? 'workflow-1', active: true }),
		getRequestObject: () => fakeRequest(situation, asked),
		getResponseObject: () => response,
		getNodeParameter: (name: string, fallback?: ParameterValue) => {
			asked.push(`parameter ${name}`);
			const value = Object.hasOwn(parameters, name) ? parameters[name] : fallback;
			if (value instanceof Error) throw value;
			return value;
		},
		getCredentials: async <T extends object>() => {
			asked.push('credential');
			if (credential instanceof Error) throw credential;
			return credential as T;
		},
	});
	return { context, asked, answer, logged, finish, close };
}

function fakeRequest(situation: Situation, asked: string[]): Request {
	const {
		body = {},
		query = {},
		rawHeaders = ['Content-Type', 'application/json', 'X-Shop-Token', TOKEN],
	} = situation;
	const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
	const rawBody = Buffer.from(isRaw ? body : JSON.stringify(body));
	// Only `rawHeaders` shows that a header was sent twice.
	const headers = Object.fromEntries(
		rawHeaders.flatMap((name, index, all) =>
			index % 2 === 0 ? [[name.toLowerCase(), all[index + 1] ?? '']] : [],
		),
	);
	const [contentType, charset] = (headers['content-type'] ?? '').toLowerCase().split(/; *charset=/);
	return partly<Request>({
		ip: situation.ip ?? '203.0.113.7',
		ips: situation.ips ?? [],
		headers,
		contentType: contentType || undefined,
		encoding: (charset ?? 'utf-8') as BufferEncoding,
		rawHeaders,
		query,
		get rawBody() {
			asked.push('body');
			return rawBody;
		},
		readRawBody: async () => void asked.push('body'),
	});
}

function fakeResponse() {
	const events = new EventEmitter();
	const answer: FakeContext['answer'] = {};
	const response: Response = partly<Response>({
		statusCode: 200,
		destroyed: false,
		status(code: number) {
			answer.status = code;
			return response;
		},
		json(body: unknown) {
			answer.body = body;
			return response;
		},
		once(event: string | symbol, listener: (...values: never[]) => void) {
			events.once(event, () => listener());
			return response;
		},
	});
	return {
		answer,
		response,
		finish(status: number) {
			response.statusCode = status;
			events.emit('finish');
			this.close();
		},
		close() {
			response.destroyed = true;
			events.emit('close');
		},
	};
}
