import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	activateExample,
	createApiCredential,
	readExample,
	tableRows,
	type LiveExample,
} from '../../testkit/live/examples.mts';
import {
	afterRestart,
	manyMarked,
	report,
	send,
	several,
	startFast,
	tally,
	type Live,
	type Marked,
} from '../../testkit/live/faults.mts';
import {
	EVERY_SECOND,
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	startGen,
} from '../../testkit/live/gen.mts';
import { eventually, listen } from '../../testkit/live/harness.mts';
import { PUBLIC_URL, type OwnN8n } from '../../testkit/live/ownN8n.mts';
import type { N8nApi, WorkflowInput, WorkflowNode } from '../../testkit/n8n/api.mts';

const DELIVERIES = 60;
const KILLS = 3;
const CLIENTS = 6;
const N8N_NODE = 'n8n-nodes-base.n8n';

let own: OwnN8n;
let work: Server;
let workUrl: string;
/** How often each marker was worked on. */
let done: Map<string, number>;

beforeEach(async () => {
	own = await startFast();
	done = new Map();
	work = createServer(({ url = '' }, response) => {
		const marker = url.slice(1);
		done.set(marker, (done.get(marker) ?? 0) + 1);
		response.end('{}');
	});
	workUrl = await listen(work);
});
afterEach(async () => {
	await own.remove();
	work.close();
});

/** The example with work that is counted, and with seconds where it has minutes. */
function hurried(name: string): WorkflowInput {
	const example: WorkflowInput = JSON.parse(
		JSON.stringify(readExample(name)).replaceAll('minutes: 10', 'seconds: 15'),
	);
	const nodes = example.nodes.map((node): WorkflowNode => {
		if (node.name === 'Every 5 Minutes') {
			const interval = [{ field: 'seconds', secondsInterval: 10 }];
			return { ...node, parameters: { rule: { interval } } };
		}
		if (node.name !== 'Do the Work') return node;
		const item = "$('Read Item').item.json";
		const parameters = { url: `=${workUrl}/{{ ${item}.payload?.marker ?? ${item}.id }}` };
		const type = 'n8n-nodes-base.httpRequest';
		return { ...node, type, typeVersion: 4.2, disabled: false, parameters };
	});
	return { ...example, nodes };
}

/** Calls a function while n8n is killed and started again a few times, at moments that nobody chose. */
async function whileKilled<T>(
	call: () => Promise<T>,
	restarted: (n8n: N8nApi) => Promise<void> | void,
): Promise<T> {
	let isOver = false;
	const result = call().finally(() => (isOver = true));
	for (let kill = 0; kill < KILLS && !isOver; kill++) {
		await sleep(1_500 + Math.random() * 1_500);
		await own.kill();
		await restarted(await own.startAgain());
	}
	return await result;
}

/** How often each delivery was worked on, once each was and every row is marked done. */
async function worked(markers: string[]): Promise<number[]> {
	const counts = () => markers.map((marker) => done.get(marker) ?? 0);
	await eventually(() => expect(counts()).not.toContain(0));
	await eventually(async () => {
		const states = (await tableRows(own.n8n)).map(({ state }) => state);
		expect(new Set(states)).toEqual(new Set(['done']));
	});
	return counts();
}

it('the inbox: n8n is killed, and every accepted delivery is worked on', async () => {
	const n8nApi = await createApiCredential(own.n8n, 'execution:list', 'execution:read');
	const example = await activateExample(own.n8n, hurried('inbox'), (node) => {
		if (node.type === N8N_NODE) return { disabled: false, credentials: n8nApi.credentials };
		if (!node.type.endsWith('Trigger') || node.name === 'Every 5 Minutes') return undefined;
		return { parameters: { ...node.parameters, options: { includePayload: true } } };
	});
	let live: Live = example.triggers;
	const deliveries = manyMarked(DELIVERIES);
	let retries = 0;
	/** As a provider that tries until it is answered. */
	const deliverOne = async (index: number) => {
		const delivery = deliveries[index];
		while (delivery && !(await isAccepted(live, delivery))) {
			retries++;
			await sleep(200);
		}
	};
	await whileKilled(
		async () => await several(DELIVERIES, CLIENTS, deliverOne),
		async (n8n) => {
			live = afterRestart(n8n, live);
			await n8nApi.moveTo(n8n);
		},
	);
	const counts = await worked(deliveries.map(({ marker }) => marker));
	const crashed = await crashedExecutions(example);
	report(
		`${DELIVERIES} deliveries, ${retries} retries, ${crashed} crashed executions; worked on: ${tally(counts)}`,
	);
});

const isAccepted = async (live: Live, delivery: Marked) =>
	(await send(live, delivery).catch(() => undefined))?.status === 200;

const crashedExecutions = async ({ workflow }: LiveExample) =>
	(await own.n8n.executions(workflow.id)).filter(({ status }) => status === 'crashed').length;

it('Gen payments: n8n is killed, and every payment is worked on', async () => {
	// Gen tries 20 times, which has to outlast a start of n8n on a busy machine.
	const gen = await startGen(own.n8n, { retryDelayMs: 5_000 });
	const { id, name } = await genCredential(own.n8n, gen);
	const credentials = { genApi: { id, name } };
	const n8nApi = await createApiCredential(own.n8n, 'execution:list', 'execution:read');
	const example = await activateExample(own.n8n, hurried('gen-payments-once'), (node) => {
		if (node.type === N8N_NODE) return { disabled: false, credentials: n8nApi.credentials };
		if (node.type === GEN_TRIGGER) return { credentials };
		if (node.type !== GEN_EVENT_LOG_TRIGGER) return undefined;
		return { credentials, parameters: { ...node.parameters, pollTimes: EVERY_SECOND } };
	});
	const payments = Array.from({ length: DELIVERIES }, (_, index) => `payment-${index}`);
	await whileKilled(
		async () => {
			for (const payment of payments) {
				await gen.emit('PAYMENT.CREATED', { id: payment, total_cents: 100, status: 'PAID' });
				await sleep(100);
			}
			await gen.idle();
		},
		async (n8n) => {
			gen.mapHost(PUBLIC_URL, n8n.url);
			await n8nApi.moveTo(n8n);
		},
	);
	const counts = await worked(payments);
	const crashed = await crashedExecutions(example);
	await gen.stop();
	report(`${DELIVERIES} payments, ${crashed} crashed executions; worked on: ${tally(counts)}`);
});
