// What the mock APIs are made of: a real HTTP server that keeps every request, can be made to fail, and calls webhooks.

import { once } from 'node:events';
import {
	Agent,
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import type { ZodType, ZodTypeDef } from 'zod';
import { request as send } from '../n8n/http.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';

export interface ReceivedRequest {
	method: string;
	/** Without the query. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Parsed; the text where it is no JSON, undefined where there was none. */
	body: JsonValue | undefined;
	/** What was answered; undefined until then. */
	status?: number | 'hangUp';
}

export interface Answer {
	/** 200 when absent. */
	status?: number;
	body?: JsonValue;
}

/** How requests are made to fail: with that status, or with a closed connection and no answer. */
export type Fault = number | 'hangUp';

/** `ids` are the parts of the path that the route writes as `:name`, decoded, in their order. */
export type Handler = (request: ReceivedRequest, ids: string[]) => Answer | Promise<Answer>;

export interface MockApiOptions {
	/** See `mapHost`. */
	hosts?: Record<string, string>;
}

/** Thrown by a handler, answered with that status and the provider's form of an error. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

/** Listens on 127.0.0.1. What a request is answered with is the subclass's. */
export abstract class MockApi {
	/** Every request so far, in the order in which they came. */
	readonly requests: ReceivedRequest[] = [];
	private readonly server = createServer((incoming, outgoing) => {
		this.handle(incoming, outgoing).catch(() => incoming.socket.destroy());
	});
	private port = 0;
	private fault: Fault | undefined;
	private readonly hosts = new Map<string, string>();
	private readonly agent = new Agent();

	/** By method and path, as in `GET /orders/:id`. */
	protected abstract readonly routes: Record<string, Handler>;

	/** Throws a Refusal where the request may not come in. */
	protected abstract authorize(request: ReceivedRequest): void;

	/** The body of an answer that is an error. */
	protected abstract errorBody(status: number, message: string): JsonValue;

	constructor({ hosts = {} }: MockApiOptions = {}) {
		for (const [from, to] of Object.entries(hosts)) this.mapHost(from, to);
	}

	static async start<T extends MockApi, O>(
		this: new (options?: O) => T,
		options?: NoInfer<O>,
	): Promise<T> {
		const mockApi = new this(options);
		await mockApi.resume();
		return mockApi;
	}

	/** Without a slash at the end; the same for as long as the mock API lives. */
	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Closes at once, with every open connection. */
	async stop(): Promise<void> {
		this.agent.destroy();
		await this.pause();
	}

	/** From now on connections are refused, as when the API is down. What is stored stays. */
	async pause(): Promise<void> {
		if (!this.server.listening) return;
		const closed = once(this.server, 'close');
		this.server.close();
		this.server.closeAllConnections();
		await closed;
	}

	/** Opens the same port again. */
	async resume(): Promise<void> {
		if (this.server.listening) return;
		await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
		const address = this.server.address();
		if (typeof address === 'object' && address) this.port = address.port;
	}

	/** Makes every request fail until it is called with `undefined`. Nothing is stored meanwhile. */
	failWith(fault: Fault | undefined): void {
		this.fault = fault;
	}

	clearRequests(): void {
		this.requests.length = 0;
	}

	/**
	 * From now on webhooks at the origin `from` are called at the origin `to`, with the Host header of `from`: so a
	 * public-looking address leads to this machine. No other machine is ever called.
	 */
	mapHost(from: string, to: string): void {
		this.hosts.set(new URL(from).origin, new URL(to).origin);
	}

	/** Posts JSON to a webhook. Resolves with the status of the answer; throws where there is none. */
	protected async post(
		target: string,
		body: string,
		headers: Record<string, string> = {},
	): Promise<number> {
		const { origin, host, pathname, search } = new URL(target);
		const called = this.hosts.get(origin) ?? origin;
		if (!/^(localhost|127(\.\d+){3})$/.test(new URL(called).hostname)) {
			throw new Error(`${host} is not on this machine, and mapHost names no host for it.`);
		}
		const { status } = await send({
			url: `${called}${pathname}${search}`,
			headers: { Host: host, 'Content-Type': 'application/json', ...headers },
			body,
			timeoutMs: 30_000,
			agent: this.agent,
		});
		return status;
	}

	private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const body = await text(incoming);
		const { pathname, searchParams } = new URL(`${this.url}${incoming.url}`);
		const request: ReceivedRequest = {
			method: incoming.method ?? 'GET',
			path: pathname,
			query: Object.fromEntries(searchParams),
			headers: incoming.headers,
			body: parseJson(body),
		};
		this.requests.push(request);
		if (this.fault === 'hangUp') {
			request.status = this.fault;
			incoming.socket.destroy();
			return;
		}
		const answer = await this.answerTo(request);
		request.status = answer.status ?? 200;
		outgoing.writeHead(request.status, { 'Content-Type': 'application/json; charset=utf-8' });
		outgoing.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
	}

	private async answerTo(request: ReceivedRequest): Promise<Answer> {
		try {
			if (typeof this.fault === 'number')
				throw new Refusal(this.fault, 'The test wants it to fail');
			this.authorize(request);
			for (const [route, handler] of Object.entries(this.routes)) {
				const ids = idsIn(route, `${request.method} ${request.path}`);
				if (ids) return await handler(request, ids);
			}
			throw new Refusal(404, 'Not found');
		} catch (error) {
			// Anything but a refusal is a fault of the mock API: visible, but no reason to end the process.
			const status = error instanceof Refusal ? error.status : 500;
			const message = error instanceof Error ? error.message : String(error);
			return { status, body: this.errorBody(status, message) };
		}
	}
}

/** `undefined` where the path is not the route's. */
function idsIn(route: string, path: string): string[] | undefined {
	const pattern = new RegExp(`^${route.replace(/:\w+/g, '([^/]+)')}$`);
	return pattern.exec(path)?.slice(1).map(decodeURIComponent);
}

function parseJson(body: string): JsonValue | undefined {
	if (body === '') return undefined;
	try {
		const value: JsonValue = JSON.parse(body);
		return value;
	} catch {
		return body;
	}
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A request's body, as a schema asks for it. Throws a Refusal with that status where it is something else. */
export function readBody<T>(
	{ body }: ReceivedRequest,
	schema: ZodType<T, ZodTypeDef, unknown>,
	status = 400,
): T {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new Refusal(status, `${issue?.path.join('.')}: ${issue?.message}`);
}
