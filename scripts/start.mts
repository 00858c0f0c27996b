// Starts a real n8n with the triggers live, and delivers each documented sample event once.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { senders, type Sample, type Sender } from '../test/providers/senders.mts';
import { demoFile, demoFolder, type Demo } from './demo.mts';
import { request } from './n8n/http.mts';
import { nodeOutput, type Workflow, type WorkflowInput } from './n8n/api.mts';
import { startN8n, type N8n } from './n8n/n8n.mts';
import { packPackage } from './n8n/package.mts';
import { repositoryRoot } from './n8n/paths.mts';

const DEFAULT_PORT = 5678;

const USAGE = `npm start [-- --once] [--port 5678] [--folder .n8n]

  --once    deliver the samples, stop n8n, exit with 0 when every one arrived
  --port    where n8n listens
  --folder  where n8n keeps its data`;

/** One delivered sample: what went in, and what came out. */
interface Row {
	provider: string;
	event: string;
	answer: string;
	execution: string;
	item: string;
	arrived: boolean;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean' },
			port: { type: 'string' },
			folder: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const folder = resolve(values.folder ?? demoFolder);
	const port = Number(values.port ?? DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Error(`"${values.port}" is not a port. Choose a number from 1 to 65535.`);
	}

	await mkdir(folder, { recursive: true });
	const report = (line: string) => console.log(line);
	const tarball = await packPackage(report);
	const n8n = await startN8n({ userFolder: folder, tarball, port, report });
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			console.log('\nStopping n8n');
			void n8n.stop().then(() => process.exit(0));
		});
	}

	const tokens = readTokens(demoFile(folder));
	const webhooks: Demo['webhooks'] = {};
	const rows: Row[] = [];
	for (const sender of senders) {
		const token = tokens[sender.provider] ?? '';
		const { workflow, url } = await provideWorkflow(n8n, sender, token);
		webhooks[sender.provider] = { url, token };
		for (const sample of sender.samples) {
			rows.push(await deliver(n8n, sender, sample, workflow, url, token));
		}
	}
	writeFileSync(demoFile(folder), JSON.stringify({ webhooks } satisfies Demo, null, 2), {
		mode: 0o600,
	});

	printTable(rows);
	const lost = rows.filter(({ arrived }) => !arrived);
	console.log(
		lost.length === 0
			? `\nAll ${rows.length} sample events arrived.`
			: `\n${lost.length} of ${rows.length} sample events did not arrive as expected: ${lost.map(({ provider, event }) => `${provider} ${event}`).join(', ')}. See ${join(folder, 'n8n.log')}.`,
	);
	if (values.once) {
		await n8n.stop();
		process.exitCode = lost.length === 0 ? 0 : 1;
		return;
	}
	console.log(`
n8n is running, with one example workflow per provider:
  editor    ${n8n.url}
  e-mail    ${n8n.owner.email}
  password  ${n8n.owner.password}

Send an event yourself: npm run send -- goatcom CART_ABANDONED --fresh
Stop with Ctrl-C. Your workflows stay in ${folder}.`);
}

/** The demo's webhook tokens: made once, so that a second start fits the credentials of the first. */
function readTokens(file: string): Record<string, string> {
	const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo).webhooks : {};
	return Object.fromEntries(
		senders.map(({ provider }) => [
			provider,
			known[provider]?.token ?? randomBytes(24).toString('base64url'),
		]),
	);
}

/** The provider's example workflow, active: the one that is there, or a new one from examples/. */
async function provideWorkflow(
	n8n: N8n,
	sender: Sender,
	token: string,
): Promise<{ workflow: Workflow; url: string }> {
	const example = exampleFor(sender);
	const known = (await n8n.listWorkflows()).find(({ name }) => name === example.name);
	const workflow = known
		? await n8n.getWorkflow(known.id)
		: await createWorkflow(n8n, sender, token, example);
	await n8n.activate(workflow.id);
	const trigger = workflow.nodes.find(({ type }) => type === sender.nodeType);
	if (!trigger?.webhookId) {
		throw new Error(
			`The workflow "${workflow.name}" has no ${sender.displayName} Trigger any more. Delete the workflow in n8n and start again: it is made anew.`,
		);
	}
	return { workflow, url: n8n.webhookUrl(trigger.webhookId) };
}

async function createWorkflow(n8n: N8n, sender: Sender, token: string, example: WorkflowInput) {
	const credential = await n8n.createCredential(
		sender.credentialType,
		`${sender.displayName} (example)`,
		sender.credentialData(token),
	);
	const nodes = example.nodes.map((node) =>
		node.type === sender.nodeType
			? {
					...node,
					credentials: { [sender.credentialType]: { id: credential.id, name: credential.name } },
				}
			: node,
	);
	return await n8n.createWorkflow({ ...example, nodes });
}

function exampleFor(sender: Sender): WorkflowInput {
	const folder = join(repositoryRoot, 'examples');
	const examples = readdirSync(folder).map(
		(file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkflowInput,
	);
	const example = examples.find(({ nodes }) => nodes.some(({ type }) => type === sender.nodeType));
	if (!example)
		throw new Error(`No workflow in ${folder} has a ${sender.displayName} Trigger. Add one.`);
	return example;
}

async function deliver(
	n8n: N8n,
	sender: Sender,
	sample: Sample,
	workflow: Workflow,
	url: string,
	token: string,
): Promise<Row> {
	const before = await n8n.countExecutions(workflow.id);
	const payload = sender.freshIds(sample.payload);
	const answer = await request(sender.delivery(sample.event, payload, url, token));
	const row = {
		provider: sender.displayName,
		event: sample.event,
		answer: `${answer.status} ${answer.body}`,
	};
	if (answer.body !== '{"received":true}') {
		return { ...row, execution: 'none', item: '', arrived: false };
	}
	const [execution] = await n8n.waitForExecutions(workflow.id, before + 1);
	if (!execution) throw new Error('n8n accepted a sample and shows no execution. See its log.');
	const trigger = workflow.nodes.find(({ type }) => type === sender.nodeType);
	const outputs = nodeOutput(await n8n.execution(execution.id), trigger?.name ?? '');
	const items = outputs.flat();
	const [item] = items;
	return {
		...row,
		execution: `${execution.id} ${execution.status}`,
		item: item ? describe(item) : 'no item',
		arrived: execution.status === 'success' && items.length === 1 && item?.event === sample.event,
	};
}

function describe(item: Record<string, unknown>): string {
	const { id, status, customer } = item as {
		id: string | null;
		status: string | null;
		customer: { name: string | null };
	};
	return [id && `id ${id}`, status && `status ${status}`, customer.name].filter(Boolean).join(', ');
}

function printTable(rows: Row[]): void {
	const columns = ['provider', 'event', 'answer', 'execution', 'item'] as const;
	const widths = columns.map((name) =>
		Math.max(name.length, ...rows.map((row) => row[name].length)),
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, index) => cell.padEnd(widths[index] ?? 0))
			.join('  ')
			.trimEnd();
	console.log(`\n${line(columns)}`);
	console.log(line(widths.map((width) => '-'.repeat(width))));
	for (const row of rows) console.log(line(columns.map((name) => row[name])));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
