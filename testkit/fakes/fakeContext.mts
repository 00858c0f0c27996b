import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import type {
	INode,
	IWebhookFunctions,
	Logger,
	NodeParameterValueType,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export const TOKEN = 'shop-token-0123456789';

type ParameterValue = NodeParameterValueType | object;

/** What a test says about a delivery and the node it reaches; the rest is as it should be. */
export interface Situation {
	/** What the provider sends: an object is sent as JSON, a text as it is. */
	body?: object | string;
	headers?: Record<string, string>;
	/** Names and values in turn, as Node has them; those of `headers` and the right token unless given. */
	rawHeaders?: string[];
	query?: Request['query'];
	ip?: string;
	/** The parameters that the user changed; an error where an expression in one fails. */
	parameters?: Record<string, ParameterValue>;
	/** What the credential holds, `none` where none is chosen, an error where n8n cannot read it. */
	credential?: Record<string, unknown> | Error | 'none';
	mode?: WorkflowExecuteMode;
	workflowId?: string;
	nodeId?: string;
	/** Another one for each fake unless given: what one reads is kept for a while. */
	credentialId?: string;
}

/** A webhook node as n8n calls it, and what the provider gets. */
export interface FakeContext {
	context: IWebhookFunctions;
	/** What was asked of the request and of n8n, in order. */
	asked: string[];
	/** What the node itself answered. */
	answer: { status?: number; body?: unknown };
	/** What was logged, as text. */
	logged: string[];
	/** n8n has answered with this status. */
	finish(status: number): void;
	/** The provider hung up. */
	close(): void;
}

/**
 * A stand-in that has only some parts of an object.
 * Asking for any other part fails the test instead of giving `undefined`.
 */
export function partly<T extends object>(parts: Partial<T>): T {
	return new Proxy(parts, {
		get(target, part) {
			if (part in target) return Reflect.get(target, part);
			// A promise asks everything that resolves it whether it is one itself.
			if (part === 'then') return undefined;
			throw new Error(`The fake has no "${String(part)}".`);
		},
	}) as T;
}

let credentialsMade = 0;

export function fakeContext(situation: Situation = {}): FakeContext {
	const asked: string[] = [];
	const logged: string[] = [];
	const { answer, response, finish, close } = fakeResponse();
	const { credential = { token: TOKEN }, parameters = {}, mode = 'webhook' } = situation;
	const { credentialId = `credential-${++credentialsMade}` } = situation;
	const log = (message: string, meta?: object) =>
		void logged.push(`${message} ${JSON.stringify(meta ?? {})}`);
	const node: INode = {
		id: situation.nodeId ?? 'node-1',
		name: 'Shop Trigger',
		type: 'test.shopTrigger',
		typeVersion: 2,
		position: [0, 0],
		parameters: {},
		credentials:
			credential === 'none' ? {} : { shopWebhookApi: { id: credentialId, name: 'Shop' } },
	};

	const context = partly<IWebhookFunctions>({
		logger: partly<Logger>({ error: log, warn: log, info: log, debug: log }),
		getMode: () => mode,
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
	const { body = {}, query = {}, headers = { 'content-type': 'application/json' } } = situation;
	const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	const [contentType, charset] = (headers['content-type'] ?? '').toLowerCase().split(/; *charset=/);
	return partly<Request>({
		ip: situation.ip ?? '203.0.113.7',
		headers,
		contentType: contentType || undefined,
		encoding: (charset ?? 'utf-8') as BufferEncoding,
		rawHeaders: situation.rawHeaders ?? [...Object.entries(headers).flat(), 'X-Shop-Token', TOKEN],
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
	const parts: Partial<Response> = {
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
	};
	const response = partly<Response>(parts);
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
