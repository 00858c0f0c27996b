import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';

/** What Node's HTTP parser made of a request: its headers as they came, or the status with which it refused it. */
export interface Parsed {
	rawHeaders: string[];
	refusedWith?: number;
}

/** A server whose only use is Node's HTTP parser, which n8n stands behind: a fake cannot say what that lets through. */
export class Wire {
	private constructor(private readonly server: Server) {}

	static async open(): Promise<Wire> {
		const server = createServer((request, response) => {
			response.end(JSON.stringify(request.rawHeaders));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new Wire(server);
	}

	/** Sends header lines as they are, one character for each byte. */
	async parse(lines: string): Promise<Parsed> {
		const address = this.server.address();
		if (typeof address !== 'object' || address === null) throw new Error('The wire is closed.');
		const url = `http://127.0.0.1:${address.port}/`;
		const answer = await exchange(url, `POST / HTTP/1.1\r\nHost: x\r\n${lines}\r\n`);
		if (answer.status !== 200) return { rawHeaders: [], refusedWith: answer.status };
		const rawHeaders: string[] = JSON.parse(answer.body);
		return { rawHeaders };
	}

	async close(): Promise<void> {
		this.server.close();
		await once(this.server, 'close');
	}
}

/** The status where the connection was closed without an answer, or before it could be read. */
export const CLOSED = 0;

/** What came back over a connection. */
export interface WireAnswer {
	status: number;
	body: string;
}

/** However much is sent and whatever it is, an answer is there by then. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Sends the head of a request, which ends in a line end, and its body as they are, one character for each byte:
 * every client of Node corrects or refuses what attackers send. Resolves when the other end has closed the
 * connection; throws when it has not after a minute.
 */
export async function exchange(url: string, head: string, body = ''): Promise<WireAnswer> {
	const { port, hostname } = new URL(url);
	const socket = connect(Number(port), hostname);
	const received = await new Promise<string>((resolve, reject) => {
		let text = '';
		const timer = setTimeout(() => {
			socket.destroy();
			reject(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`));
		}, ANSWER_TIMEOUT_MS);
		socket.on('data', (chunk) => (text += chunk.toString('latin1')));
		// A server that refuses a request may close before it has read it all. What it answered is lost when this end
		// finds out by writing: Node then destroys the socket with what it has not read yet.
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(text);
		});
		socket.write(`${head}Connection: close\r\n\r\n${body}`, 'latin1');
	});
	return {
		status: Number(received.split(' ')[1] ?? CLOSED),
		body: received.slice(received.indexOf('\r\n\r\n') + 4),
	};
}
