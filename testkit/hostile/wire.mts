import { connect } from 'node:net';

/** The status if the connection was closed without an answer, or before it could be read. */
export const CLOSED = 0;

export interface WireAnswer {
	status: number;
	body: string;
}

const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Sends the head of a request, which ends in a line end, and its body as they are, one character for each byte:
 * the HTTP clients of Node.js correct or refuse what attackers send. Resolves when the other end has closed the
 * connection; throws if it has not after a minute.
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
		// A server that refuses a request may close before it has read it all. If this end finds out by writing, Node.js
		// destroys the socket together with the unread answer.
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
