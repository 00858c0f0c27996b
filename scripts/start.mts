// Starts a real n8n with the triggers live, and delivers each documented sample event once.
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { mainSamples, senders, type Sender } from '../testkit/providers/senders.mts';
import {
	demoFile,
	demoFolder,
	registering,
	startProviders,
	type Demo,
	type DemoProviders,
} from './demo.mts';
import { nodeOutput, type WorkflowNode } from '../testkit/n8n/api.mts';
import { installedFolder } from '../testkit/n8n/community.mts';
import { startN8n, type N8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { compileInto } from './watch.mts';

const USAGE = `npm start [-- --once | --dev] [--port 5678] [--folder .n8n] [--inspect-port 9229]

  --once          deliver the samples, stop n8n, exit with 0 when every one arrived
  --dev           load what changes in nodes/ and credentials/ into the running n8n, open a port for debuggers,
                  and log all that n8n has to say
  --port          where n8n listens
  --folder        where n8n keeps its data
  --inspect-port  where debuggers connect, with --dev`;

/** By type, as nodes name them. */
type Credentials = Record<string, WorkflowNode['credentials']>;

/** What came of a delivered sample. */
interface Arrival {
	execution: string;
	/** Of the item. */
	id: unknown;
	status: unknown;
	hasArrived: boolean;
}
const NO_ARRIVAL: Arrival = { execution: 'none', id: null, status: null, hasArrived: false };

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean', default: false },
			dev: { type: 'boolean', default: false },
			port: { type: 'string', default: '5678' },
			folder: { type: 'string', default: demoFolder },
			'inspect-port': { type: 'string', default: '9229' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	const folder = resolve(values.folder);
	const port = readPort(values.port);
	const inspectPort = readPort(values['inspect-port']);

	await mkdir(folder, { recursive: true });
	const tarball = await packPackage(console.log);
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
	const n8n = await startN8n({ userFolder: folder, tarball, port, report: console.log, env });
	if (values.dev) await compileInto(await installedFolder(folder));
	const providers = await startProviders(folder, publicUrl, n8n.url);
	const stop = async () => await Promise.all([n8n.stop(), providers.stop()]);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			console.log('\nStopping n8n');
			void stop().then(() => process.exit(0));
		});
	}

	const credentials = await provideCredentials(n8n, providers);
	const webhooks: Demo['webhooks'] = {};
	const rows: Array<Arrival & { sample: string; answer: string }> = [];
	for (const sender of senders) {
		const { workflowId, trigger, url } = await provideWorkflow(n8n, sender, credentials);
		webhooks[sender.provider] = { url, token: providers.tokens[sender.provider] ?? '' };
		for (const sample of mainSamples(sender)) {
			const before = await n8n.countExecutions(workflowId);
			const { answer, isAccepted } = await providers.deliver(sender, sample, url);
			const arrival = isAccepted
				? await readArrival(n8n, workflowId, before + 1, trigger.name, sample.event)
				: NO_ARRIVAL;
			rows.push({ sample: `${sender.displayName} ${sample.event}`, answer, ...arrival });
		}
	}
	writeFileSync(demoFile(folder), JSON.stringify({ webhooks } satisfies Demo, null, 2), {
		mode: 0o600,
	});

	const cells = rows.map(({ sample, hasArrived: _, ...shown }) => [sample, shown]);
	console.table(Object.fromEntries(cells));
	const lost = rows.filter(({ hasArrived }) => !hasArrived);
	console.log(
		lost.length === 0
			? `\nAll ${rows.length} sample events arrived.`
			: `\n${lost.length} of ${rows.length} sample events did not arrive as expected: ${lost.map(({ sample }) => sample).join(', ')}. See ${join(folder, 'n8n.log')}.`,
	);
	if (values.once) {
		await stop();
		process.exitCode = lost.length === 0 ? 0 : 1;
		return;
	}
	console.log(`
n8n is running, with one workflow per provider. The APIs of Gen, Gestão Online, Woovi and AbacatePay are mock APIs
on this machine, which behave as the providers' documents say:
  editor    ${n8n.url}
  e-mail    ${n8n.owner.email}
  password  ${n8n.owner.password}
${values.dev ? `  debugger  127.0.0.1:${inspectPort}, see docs/debugging.md\n` : ''}
Send an event yourself: npm run send -- goatcom CART_ABANDONED --fresh
Stop with Ctrl-C. Your workflows stay in ${folder}.`);
}

function readPort(text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
	throw new Error(`"${text}" is not a port. Choose a number from 1 to 65535.`);
}

/** The demo's credentials by type: new ones, or those of an earlier start with what is true now. */
async function provideCredentials(n8n: N8n, providers: DemoProviders): Promise<Credentials> {
	const known = await n8n.listCredentials();
	const credentials: Credentials = {};
	for (const [type, data] of Object.entries(providers.credentials)) {
		const name = `${type} (example)`;
		const old = known.find((credential) => credential.name === name);
		const { id } = old ?? (await n8n.createCredential(type, name, data));
		// Every start has other mock APIs. Other credentials keep what the user may have changed.
		if (old && !type.endsWith('WebhookApi')) await n8n.updateCredential(id, type, name, data);
		credentials[type] = { [type]: { id, name } };
	}
	return credentials;
}

/** The provider's demo workflow, active, with one output for each event: the one that is there, or a new one. */
async function provideWorkflow(
	n8n: N8n,
	sender: Sender,
	credentials: Credentials,
): Promise<{ workflowId: string; trigger: WorkflowNode; url: string }> {
	const { provider, displayName, nodeType } = sender;
	const name = `Demo: ${displayName} Events`;
	const { credentialType, parameters } = registering[provider] ?? { ...sender, parameters: {} };
	const node: WorkflowNode = {
		name: `${displayName} Trigger`,
		type: nodeType,
		typeVersion: 2,
		parameters: { outputMode: 'perEvent', ...parameters },
		credentials: credentials[credentialType],
	};
	const known = (await n8n.listWorkflows()).find((workflow) => workflow.name === name);
	const workflow = known
		? await n8n.getWorkflow(known.id)
		: await n8n.createWorkflow({ name, nodes: [node], connections: {} });
	// Anew: a mock API of this start knows nothing of what was registered before.
	if (workflow.activeVersionId) await n8n.deactivate(workflow.id);
	await n8n.activate(workflow.id);
	const trigger = workflow.nodes.find(({ type }) => type === nodeType);
	if (!trigger?.webhookId) {
		throw new Error(
			`The workflow "${name}" has no ${displayName} Trigger any more. Delete the workflow in n8n and start again: it is made anew.`,
		);
	}
	return { workflowId: workflow.id, trigger, url: n8n.webhookUrl(trigger.webhookId) };
}

/** Waits for a workflow's execution of that number, and reads what the trigger put out. */
async function readArrival(
	n8n: N8n,
	workflowId: string,
	count: number,
	trigger: string,
	event: string,
): Promise<Arrival> {
	const [{ id, status } = { id: '', status: '' }] = await n8n.waitForExecutions(workflowId, count);
	const items = nodeOutput(await n8n.execution(id), trigger).flat();
	const [item = {}] = items;
	return {
		execution: `${id} ${status}`,
		id: item.id,
		status: item.status,
		hasArrived: status === 'success' && items.length === 1 && item.event === event,
	};
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
