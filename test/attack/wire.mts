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
		const socket = connect(address.port, '127.0.0.1');
		socket.end(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n`, 'latin1');
		const answer = await new Promise<string>((resolve) => {
			let received = '';
			socket.on('data', (chunk) => (received += chunk.toString('latin1')));
			// What a refused connection ends with does not matter, only what was answered.
			socket.on('error', () => {});
			socket.on('close', () => resolve(received));
		});
		const status = Number(answer.split(' ')[1]);
		if (status !== 200) return { rawHeaders: [], refusedWith: status };
		const body = answer.slice(answer.indexOf('['), answer.lastIndexOf(']') + 1);
		const rawHeaders: string[] = JSON.parse(body);
		return { rawHeaders };
	}

	async close(): Promise<void> {
		this.server.close();
		await once(this.server, 'close');
	}
}
