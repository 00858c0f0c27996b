import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { installN8n } from '../../testkit/n8n/install.mts';
import { N8nProcess, withFreePort } from '../../testkit/n8n/process.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { senderOf, senders } from '../../testkit/providers/senders.mts';
import { connect, expectExecutions, liveTrigger } from '../../testkit/live/harness.mts';

/** Runs an npm script as a user would; resolves with its exit code and all it printed. */
async function npmRun(...args: string[]): Promise<{ code: number | null; output: string }> {
	const child = spawn('npm', ['run', '--silent', ...args], {
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

/** `npm start -- --once`, on a port and a folder of its own. */
const startOnce = async (port: string, folder: string) =>
	await npmRun('start', '--', '--once', '--port', port, '--folder', folder);

/** The same on a free port, on another one where a program takes that first. */
const startOnceAnywhere = async (folder: string) =>
	await withFreePort(async (port) => {
		const ended = await startOnce(String(port), folder);
		if (/cannot listen on port|already in use/.test(ended.output)) {
			throw new Error(`Port ${port} is already in use.`);
		}
		return ended;
	});

const samples = senders.flatMap((sender) => sender.samples);

describe('npm start', () => {
	let folder: string;
	beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'demo-'))));
	afterAll(async () => await rm(folder, { recursive: true, force: true }));

	it('delivers every sample, and a second start keeps what is there', async () => {
		const first = await startOnceAnywhere(folder);
		expect(first.output).toContain(`All ${samples.length} sample events arrived.`);
		expect(first.code).toBe(0);
		const file = join(folder, 'demo.json');
		const made = await readFile(file, 'utf8');
		const { webhooks } = JSON.parse(made) as {
			webhooks: Record<string, { url: string; token: string }>;
		};
		for (const { token } of Object.values(webhooks)) expect(first.output).not.toContain(token);

		const second = await startOnceAnywhere(folder);
		expect(second.output).toContain(`All ${samples.length} sample events arrived.`);
		// But for the port, which is free and no other's.
		const withoutPorts = (text: string) => text.replace(/(?<=127\.0\.0\.1):\d+/g, '');
		expect(withoutPorts(await readFile(file, 'utf8'))).toBe(withoutPorts(made));
	});

	it('does not exit with 0 when a sample is refused', async () => {
		const file = join(folder, 'demo.json');
		const demo = JSON.parse(await readFile(file, 'utf8')) as {
			webhooks: Record<string, { url: string; token: string }>;
		};
		const { goatCom } = demo.webhooks;
		const webhooks = {
			...demo.webhooks,
			goatCom: { ...goatCom, token: 'another-token-0123456789' },
		};
		await writeFile(file, JSON.stringify({ webhooks }));
		const { code, output } = await startOnceAnywhere(folder);
		expect(output).toContain(`5 of ${samples.length} sample events did not arrive`);
		expect(code).toBe(1);
	});

	it('says in one sentence that its port is in use', async () => {
		const n8n = await connect();
		const { port } = new URL(n8n.url);
		const { code, output } = await startOnce(port, folder);
		expect(output).toContain(`n8n cannot listen on port ${port}`);
		expect(output).not.toContain('    at ');
		expect(code).toBe(1);
	});
});

it('an n8n whose port another program takes first is started at another', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'port-taken-'));
	// Plays n8n: the first time it says what n8n says then, the second time it serves.
	const entry = join(folder, 'n8n.cjs');
	await writeFile(
		entry,
		`const { existsSync, writeFileSync } = require('node:fs');
		const port = process.env.N8N_PORT;
		if (!existsSync('tried')) {
			writeFileSync('tried', port);
			console.log(\`n8n Task Broker's port \${port} is already in use. Do you have another instance of n8n running already?\`);
			process.exit(1);
		}
		require('node:http').createServer((_, answer) => answer.end()).listen(port, '127.0.0.1', () => console.log('ready'));`,
	);
	const install = { ...(await installN8n()), entry };
	const ports: number[] = [];
	const started = await withFreePort(async (port) => {
		ports.push(port);
		return await N8nProcess.start({
			...{ install, args: ['start'], userFolder: folder, port },
			readyLine: 'ready',
		});
	});
	expect(ports).toHaveLength(2);
	expect(started.url).toBe(`http://127.0.0.1:${ports[1]}`);
	await started.stop();
	await rm(folder, { recursive: true, force: true });
});

describe('npm run send', () => {
	let n8n: N8nApi;
	beforeAll(async () => (n8n = await connect()));

	it.each(senders)('delivers an event of $displayName as the provider would', async (sender) => {
		const [event = ''] = sender.events;
		const { url, token, ...live } = await liveTrigger(n8n, sender);
		const to = ['--url', url, '--token', token];
		const twice = await npmRun(
			'send',
			'--',
			sender.provider,
			event,
			...to,
			'--repeat',
			'2',
			'--fresh',
		);
		expect(twice.output.match(/200 OK {"received":true}/g)).toHaveLength(2);
		expect(twice.output).not.toContain(token);
		expect(twice.code).toBe(0);
		await expectExecutions(live, 2);

		const wrong = await npmRun(
			'send',
			'--',
			sender.provider,
			event,
			'--url',
			url,
			'--token',
			'wrong-token',
		);
		expect(wrong.output).toContain('401');
		expect(wrong.code).toBe(1);
		await expectExecutions(live, 2);
	});

	it('lists what exists for an unknown provider or event', async () => {
		const provider = await npmRun('send', '--', 'nobody', 'ORDER_CREATED');
		for (const { displayName } of senders) expect(provider.output).toContain(displayName);
		expect(provider.code).toBe(1);
		const event = await npmRun('send', '--', 'goatcom', 'NOTHING');
		for (const code of senderOf('goatCom').events) expect(event.output).toContain(code);
		expect(event.code).toBe(1);
	});
});
