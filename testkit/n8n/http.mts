import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

export interface HttpRequest {
	url: string;
	/** POST when absent. */
	method?: string;
	/** An array is sent as it is, in its order: the same header may come twice. No Content-Type is added. */
	headers?: Record<string, string> | Array<[string, string]>;
	body?: string | Buffer;
	/** For the whole exchange, from the connection to the last byte. 2 minutes when absent. */
	timeoutMs?: number;
	/** Without one, every request opens a connection of its own. */
	agent?: http.Agent;
}

export interface HttpResponse {
	status: number;
	headers: http.IncomingHttpHeaders;
	body: string;
	/** The parsed body, undefined when it is not JSON. */
	json: unknown;
}

function rawHeaders({ host }: URL, { headers = [], body = '' }: HttpRequest): string[] {
	const pairs = Array.isArray(headers) ? [...headers] : Object.entries(headers);
	const has = (name: string): boolean => pairs.some(([key]) => key.toLowerCase() === name);
	// Node.js adds neither of the two when it is given raw headers.
	if (!has('host')) pairs.unshift(['Host', host]);
	if (!has('content-length') && !has('transfer-encoding')) {
		pairs.push(['Content-Length', String(Buffer.byteLength(body))]);
	}
	return pairs.flat();
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * Sends one HTTP request exactly as described and reads the whole answer, whatever its status.
 * Throws when there is no connection, no complete answer, or no answer in time.
 */
export async function request(options: HttpRequest): Promise<HttpResponse> {
	const { url, method = 'POST', body, timeoutMs = 120_000, agent = false } = options;
	const target = new URL(url);
	const client = target.protocol === 'https:' ? https : http;
	const headers = rawHeaders(target, options);
	const signal = AbortSignal.timeout(timeoutMs);
	try {
		const outgoing = client.request(target, { method, headers, agent, signal });
		// Once an answer has begun, whoever reads it learns of an error too.
		outgoing.on('error', () => undefined).end(body);
		const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage];
		const received = await text(incoming);
		const { statusCode: status = 0 } = incoming;
		return { status, headers: incoming.headers, body: received, json: parsed(received) };
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : message || code;
		// Without the query: a webhook's token may be in it.
		const failure = `${method} ${target.origin}${target.pathname} failed: ${reason}. Check that the server is running there.`;
		throw Object.assign(new Error(failure, { cause: error }), { code });
	}
}
