import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, expectExecutions, liveTrigger } from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { withFreePort } from '../../testkit/n8n/process.mts';
import { mainSamples, senderOf, senders } from '../../testkit/providers/senders.mts';

let n8n: N8nApi;
let folder: string;
beforeAll(async () => {
	n8n = await connect();
	folder = await mkdtemp(join(tmpdir(), 'commands-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Runs an npm script as a user would; resolves with its exit code and all it printed. */
async function npmRun(
	script: string,
	...args: string[]
): Promise<{ code: number | null; output: string }> {
	const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
		cwd: repositoryRoot,
		shell: process.platform === 'win32',
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
	}
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, output }));
	});
}

/** `npm start -- --once`, with its data in a folder of its own; where another program takes the port, on the next. */
const startOnce = async () =>
	await withFreePort(async (port) => {
		const args = ['--once', '--port', String(port), '--folder', join(folder, 'demo')];
		const ended = await npmRun('start', ...args);
		if (/cannot listen on port|already in use/.test(ended.output)) {
			throw new Error(`Port ${port} is already in use.`);
		}
		return ended;
	});

it('npm start delivers every sample, keeps what is there, and fails when a sample is refused', async () => {
	const all = senders.flatMap(mainSamples).length;
	const first = await startOnce();
	expect(first.output).toContain(`All ${all} sample events arrived.`);
	expect(first.code).toBe(0);
	const file = join(folder, 'demo', 'demo.json');
	const { webhooks } = JSON.parse(await readFile(file, 'utf8')) as {
		webhooks: Record<string, { url: string; token: string }>;
	};
	for (const { token } of Object.values(webhooks)) expect(first.output).not.toContain(token);

	// Another token than n8n has: this provider is refused from now on.
	const goatCom = { url: webhooks.goatCom?.url ?? '', token: 'another-token-0123456789' };
	const changed = JSON.stringify({ webhooks: { ...webhooks, goatCom } });
	await writeFile(file, changed);
	const second = await startOnce();
	const refused = senderOf('goatCom').samples.length;
	expect(second.output).toContain(`${refused} of ${all} sample events did not arrive`);
	expect(second.code).toBe(1);
	const withoutPorts = (json: string): unknown =>
		JSON.parse(json.replace(/(?<=127\.0\.0\.1):\d+/g, ''));
	expect(withoutPorts(await readFile(file, 'utf8'))).toEqual(withoutPorts(changed));
});

it('npm start says in one sentence that its port is in use', async () => {
	const { port } = new URL(n8n.url);
	const { code, output } = await npmRun('start', '--once', '--port', port, '--folder', folder);
	expect(output).toContain(`n8n cannot listen on port ${port}`);
	expect(output).not.toContain('    at ');
	expect(code).toBe(1);
});

it('where another program takes the port first, another one is tried', async () => {
	const ports: number[] = [];
	const port = await withFreePort(async (free) => {
		if (ports.push(free) === 1) throw new Error(`n8n's port ${free} is already in use`);
		return free;
	});
	expect(ports).toEqual([expect.any(Number), port]);
});

describe('npm run send', () => {
	it.each(providersFor('gestaoOnline'))(
		'delivers an event of $displayName as the provider would, and fails when it is refused',
		async (sender) => {
			const [event = ''] = sender.events;
			const { url, token, ...live } = await liveTrigger(n8n, sender);
			const send = async (sent: string, ...more: string[]) =>
				await npmRun('send', sender.provider, event, '--url', url, '--token', sent, ...more);
			const twice = await send(token, '--repeat', '2', '--fresh');
			expect(twice.output.match(/200 OK {"received":true}/g)).toHaveLength(2);
			expect(twice.output).not.toContain(token);
			expect(twice.code).toBe(0);
			const refused = await send('wrong-token');
			expect(refused.output).toContain('401');
			expect(refused.code).toBe(1);
			await expectExecutions(live, 2);
		},
	);

	it('lists what exists for an unknown provider or event', async () => {
		const provider = await npmRun('send', 'nobody', 'ORDER_CREATED');
		for (const { displayName } of senders) expect(provider.output).toContain(displayName);
		expect(provider.code).toBe(1);
		const event = await npmRun('send', 'goatcom', 'NOTHING');
		for (const code of senderOf('goatCom').events) expect(event.output).toContain(code);
		expect(event.code).toBe(1);
	});
});
