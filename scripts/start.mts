// Starts a real n8n with the triggers live, and delivers each documented sample event once.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { JsonObject, Sample, Sender } from '../testkit/providers/senders.mts';
import { senders } from '../testkit/providers/senders.mts';
import {
	credentialTypeOf,
	demoFile,
	demoFolder,
	demoParameters,
	DemoProviders,
	ofStandIns,
	type Delivered,
	type Demo,
} from './demo.mts';
import { request } from '../testkit/n8n/http.mts';
import {
	nodeOutput,
	type Workflow,
	type WorkflowInput,
	type WorkflowNode,
} from '../testkit/n8n/api.mts';
import { installedFolder } from '../testkit/n8n/community.mts';
import { startN8n, type N8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import { compileInto } from './watch.mts';

const DEFAULT_PORT = 5678;

const DEFAULT_INSPECT_PORT = 9229;

const USAGE = `npm start [-- --once | --dev] [--port 5678] [--folder .n8n] [--inspect-port 9229]

  --once          deliver the samples, stop n8n, exit with 0 when every one arrived
  --dev           load what changes in nodes/ and credentials/ into the running n8n, open a port for debuggers,
                  and log all that n8n has to say
  --port          where n8n listens
  --folder        where n8n keeps its data
  --inspect-port  where debuggers connect, with --dev`;

type Credentials = Record<string, { id: string; name: string }>;

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
			dev: { type: 'boolean' },
			port: { type: 'string' },
			folder: { type: 'string' },
			'inspect-port': { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const folder = resolve(values.folder ?? demoFolder);
	const port = readPort(values.port, DEFAULT_PORT);
	const inspectPort = readPort(values['inspect-port'], DEFAULT_INSPECT_PORT);

	await mkdir(folder, { recursive: true });
	const report = (line: string) => console.log(line);
	const tarball = await packPackage(report);
	// As behind a proxy: a provider refuses to send to localhost. This name leads to this machine, also in a browser.
	const publicUrl = `http://n8n.localtest.me:${port}`;
	const env = {
		N8N_WEBHOOK_URL: `${publicUrl}/`,
		...(values.dev && {
			N8N_DEV_RELOAD: 'true',
			N8N_LOG_LEVEL: 'debug',
			NODE_OPTIONS: `--inspect=127.0.0.1:${inspectPort}`,
		}),
	};
	const n8n = await startN8n({ userFolder: folder, tarball, port, report, env });
	if (values.dev) await compileInto(await installedFolder(folder), report);
	const tokens = readTokens(demoFile(folder));
	const providers = await DemoProviders.start(tokens, publicUrl, n8n.url);
	const credentials = await provideCredentials(n8n, providers);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			console.log('\nStopping n8n');
			void Promise.all([n8n.stop(), providers.stop()]).then(() => process.exit(0));
		});
	}

	const webhooks: Demo['webhooks'] = {};
	const rows: Row[] = [];
	for (const sender of senders) {
		const token = tokens[sender.provider] ?? '';
		const { workflow, url } = await provideWorkflow(n8n, sender, credentials);
		webhooks[sender.provider] = { url, token };
		for (const sample of sender.samples) {
			const send = async (payload: JsonObject) => {
				const made = await providers.send(sender, sample, payload);
				if (made !== undefined) return made;
				const { status, body } = await request(sender.delivery(sample.event, payload, url, token));
				return { answer: `${status} ${body}`, isAccepted: body === '{"received":true}' };
			};
			rows.push(await deliver(n8n, sender, sample, workflow, send));
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
		await Promise.all([n8n.stop(), providers.stop()]);
		process.exitCode = lost.length === 0 ? 0 : 1;
		return;
	}
	console.log(`
n8n is running, with one example workflow per provider. The APIs of Gen and Gestão Online are stand-ins on this
machine, which behave as the providers' documents say:
  editor    ${n8n.url}
  e-mail    ${n8n.owner.email}
  password  ${n8n.owner.password}
${values.dev ? `  debugger  127.0.0.1:${inspectPort}, see docs/debugging.md\n` : ''}
Send an event yourself: npm run send -- goatcom CART_ABANDONED --fresh
Stop with Ctrl-C. Your workflows stay in ${folder}.`);
}

function readPort(text: string | undefined, otherwise: number): number {
	const port = Number(text ?? otherwise);
	if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
	throw new Error(`"${text}" is not a port. Choose a number from 1 to 65535.`);
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

/** The demo's credentials by type: made once; those of the stand-ins open the ones of this start. */
async function provideCredentials(n8n: N8n, providers: DemoProviders): Promise<Credentials> {
	const known = await n8n.listCredentials();
	const made = await Promise.all(
		Object.entries(providers.credentials).map(async ([type, data]) => {
			const name = `${type} (example)`;
			const old = known.find((credential) => credential.name === name);
			const { id } = old ?? (await n8n.createCredential(type, name, data));
			if (old && ofStandIns.has(type)) await n8n.updateCredential(id, type, name, data);
			return [type, { id, name }] as const;
		}),
	);
	return Object.fromEntries(made);
}

/** The provider's example workflow, active: the one that is there, or a new one from examples/. */
async function provideWorkflow(
	n8n: N8n,
	sender: Sender,
	credentials: Credentials,
): Promise<{ workflow: Workflow; url: string }> {
	const example = exampleOf(sender);
	const known = (await n8n.listWorkflows()).find(({ name }) => name === example.name);
	const workflow = known
		? await n8n.getWorkflow(known.id)
		: await n8n.createWorkflow({
				...example,
				nodes: example.nodes.map((node) => withCredentials(node, credentials)),
			});
	// Anew: a stand-in of this start knows nothing of what was registered before.
	if (workflow.activeVersionId) await n8n.deactivate(workflow.id);
	await n8n.activate(workflow.id);
	const trigger = workflow.nodes.find(({ type }) => type === sender.nodeType);
	if (!trigger?.webhookId) {
		throw new Error(
			`The workflow "${workflow.name}" has no ${sender.displayName} Trigger any more. Delete the workflow in n8n and start again: it is made anew.`,
		);
	}
	return { workflow, url: n8n.webhookUrl(trigger.webhookId) };
}

function withCredentials(node: WorkflowNode, credentials: Credentials): WorkflowNode {
	const type = credentialTypeOf[node.type];
	const credential = type === undefined ? undefined : credentials[type];
	if (type === undefined || !credential) return node;
	const parameters = { ...node.parameters, ...demoParameters[node.type] };
	return { ...node, parameters, credentials: { [type]: credential } };
}

function exampleOf(sender: Sender): WorkflowInput {
	const file = join(repositoryRoot, 'examples', `${sender.page}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowInput;
}

async function deliver(
	n8n: N8n,
	sender: Sender,
	sample: Sample,
	workflow: Workflow,
	send: (payload: JsonObject) => Promise<Delivered>,
): Promise<Row> {
	const before = await n8n.countExecutions(workflow.id);
	const { answer, isAccepted } = await send(sender.freshIds(sample.payload));
	const row = { provider: sender.displayName, event: sample.event, answer };
	if (!isAccepted) return { ...row, execution: 'none', item: '', arrived: false };
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
