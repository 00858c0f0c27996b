// What both mock APIs are made of: a real HTTP server that keeps every request and can be made to fail.

import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
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
	status: number;
	body?: JsonValue;
}

/** How a request is made to fail: with that status, or with a closed connection and no answer. */
export type Fault = number | 'hangUp';

/** `ids` are the parts of the path that the route writes as `:name`, decoded, in their order. */
export type Handler = (request: ReceivedRequest, ids: string[]) => Answer | Promise<Answer>;

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
	private nextFaults: Fault[] = [];

	/** By method and path, as in `GET /orders/:id`. */
	protected abstract readonly routes: Record<string, Handler>;

	/** Throws a Refusal where the request may not come in. */
	protected abstract authorize(request: ReceivedRequest): void;

	/** The body of an answer that is an error. */
	protected abstract errorBody(status: number, message: string): JsonValue;

	/** Without a slash at the end; the same for as long as the mock API lives. */
	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	protected async listen(): Promise<void> {
		this.server.listen(this.port, '127.0.0.1');
		await once(this.server, 'listening');
		const address = this.server.address();
		if (typeof address === 'object' && address) this.port = address.port;
	}

	/** Closes at once, with every open connection. */
	async stop(): Promise<void> {
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
		if (!this.server.listening) await this.listen();
	}

	/** Makes every request fail until it is called with `undefined`. Nothing is stored meanwhile. */
	failWith(fault: Fault | undefined): void {
		this.fault = fault;
	}

	/** Makes the next `count` requests fail. */
	failNext(count: number, fault: Fault): void {
		this.nextFaults = Array.from({ length: count }, () => fault);
	}

	clearRequests(): void {
		this.requests.length = 0;
	}

	private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const body = await text(incoming);
		const { pathname, searchParams } = new URL(`${this.url}${incoming.url}`);
		const request: ReceivedRequest = {
			method: incoming.method ?? 'GET',
			path: pathname,
			query: Object.fromEntries(searchParams),
			headers: incoming.headers,
			body: parsed(body),
		};
		this.requests.push(request);
		const fault = this.nextFaults.shift() ?? this.fault;
		if (fault === 'hangUp') {
			request.status = fault;
			incoming.socket.destroy();
			return;
		}
		const answer = fault
			? { status: fault, body: this.errorBody(fault, 'The test made this request fail') }
			: await this.answerTo(request);
		request.status = answer.status;
		outgoing.writeHead(answer.status, { 'Content-Type': 'application/json; charset=utf-8' });
		outgoing.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
	}

	private async answerTo(request: ReceivedRequest): Promise<Answer> {
		try {
			this.authorize(request);
			for (const [route, handler] of Object.entries(this.routes)) {
				const ids = idsIn(route, `${request.method} ${request.path}`);
				if (ids) return await handler(request, ids);
			}
			throw new Refusal(404, 'Not found');
		} catch (error) {
			// Anything else is a fault of the mock API: visible, but no reason to end the process.
			const status =
				error instanceof Refusal ? error.status : error instanceof URIError ? 400 : 500;
			const message = error instanceof Error ? error.message : String(error);
			return { status, body: this.errorBody(status, message) };
		}
	}
}

/** `undefined` where the path is not the route's. */
function idsIn(route: string, path: string): string[] | undefined {
	const given = path.split('/');
	const wanted = route.split('/');
	const isId = (index: number) => wanted[index]?.startsWith(':') === true;
	if (given.length !== wanted.length) return undefined;
	if (!given.every((part, index) => (isId(index) ? part !== '' : part === wanted[index]))) {
		return undefined;
	}
	return given.filter((_part, index) => isId(index)).map((part) => decodeURIComponent(part));
}

function parsed(body: string): JsonValue | undefined {
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

/** The object that a request's body is. Throws a Refusal where it is none. */
export function objectIn({ body }: ReceivedRequest): JsonObject {
	if (isObject(body)) return body;
	throw new Refusal(400, 'The body is no JSON object');
}

export function textAt(parent: JsonObject, key: string): string | undefined {
	const value = parent[key];
	return typeof value === 'string' && value !== '' ? value : undefined;
}
