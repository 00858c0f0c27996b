import http from 'node:http';
import https from 'node:https';

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

function rawHeaders(
	url: URL,
	headers: HttpRequest['headers'] = [],
	body: string | Buffer | undefined,
	method: string,
): string[] {
	const pairs = Array.isArray(headers) ? [...headers] : Object.entries(headers);
	const has = (name: string): boolean => pairs.some(([key]) => key.toLowerCase() === name);
	// Node.js adds neither of the two when it is given raw headers.
	if (!has('host')) pairs.unshift(['Host', url.host]);
	const mayHaveBody = !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method);
	if ((body !== undefined || mayHaveBody) && !has('content-length') && !has('transfer-encoding')) {
		pairs.push(['Content-Length', String(body === undefined ? 0 : Buffer.byteLength(body))]);
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
	const { url, method = 'POST', headers, body, timeoutMs = 120_000, agent } = options;
	const target = new URL(url);
	const client = target.protocol === 'https:' ? https : http;
	return await new Promise((resolve, reject) => {
		const outgoing = client.request(
			target,
			{ method, headers: rawHeaders(target, headers, body, method), agent: agent ?? false },
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
				incoming.on('error', fail);
				incoming.on('end', () => {
					clearTimeout(timer);
					const text = Buffer.concat(chunks).toString('utf8');
					resolve({
						status: incoming.statusCode ?? 0,
						headers: incoming.headers,
						body: text,
						json: parsed(text),
					});
				});
			},
		);
		const timer = setTimeout(() => {
			outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
		}, timeoutMs);
		function fail(error: Error & { code?: string }): void {
			clearTimeout(timer);
			// Without the query: a webhook's token may be in it.
			const { origin, pathname } = new URL(url);
			const failure: Error & { code?: string } = new Error(
				`${method} ${origin}${pathname} failed: ${error.message || error.code}. Check that the server is running there.`,
				{ cause: error },
			);
			failure.code = error.code;
			reject(failure);
		}
		outgoing.on('error', fail);
		outgoing.end(body);
	});
}
