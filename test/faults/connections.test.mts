import { randomInt } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { byWebhookNode } from '../../bench/contenders.mts';
import { ignored, RECEIVED } from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import type { Delivery } from '../../testkit/providers/senders.mts';
import {
	isAcknowledged,
	liveTriggers,
	manyMarked,
	report,
	send,
	sized,
	startFast,
	storedIn,
	triggerOf,
	type Live,
	type Marked,
} from '../../testkit/live/faults.mts';
import {
	INSPECTABLE,
	Inspector,
	loadedModule,
	type Instances,
} from '../../testkit/n8n/inspector.mts';

const CONNECTIONS = sized(1_000, 120);
const AT_A_TIME = 50;

/** What is wrong with a connection: it is slow, it ends within the body, or before the answer. */
type Trouble = 'slow' | 'cut off' | 'hung up';
const TROUBLES: Trouble[] = ['slow', 'cut off', 'hung up'];

let own: OwnN8n;
let inspector: Inspector;
let remembered: Instances;
beforeAll(async () => {
	own = await startFast(INSPECTABLE);
	inspector = await Inspector.attach(own.n8n);
});
afterAll(async () => {
	inspector.detach();
	await own.remove();
});

/** Delivers over a troubled connection. Resolves with the answer's status, if there was one. */
async function deliverBadly(delivery: Delivery, trouble: Trouble): Promise<number | undefined> {
	const { url, method, headers } = delivery;
	const body = Buffer.from(delivery.body);
	const outgoing = http.request(url, {
		method,
		agent: false,
		headers: { ...headers, 'Content-Length': body.length },
	});
	const status = new Promise<number | undefined>((resolve) => {
		outgoing.on('response', (answer) =>
			answer.resume().on('end', () => resolve(answer.statusCode)),
		);
		// A connection that we closed ourselves has no answer.
		outgoing.on('error', () => resolve(undefined));
		outgoing.on('close', () => resolve(undefined));
	});
	const middle = Math.floor(body.length / 2);
	outgoing.write(body.subarray(0, middle));
	if (trouble === 'slow') {
		const pieces = 10;
		const size = Math.ceil((body.length - middle) / pieces);
		for (let from = middle; from < body.length; from += size) {
			await sleep(100);
			outgoing.write(body.subarray(from, from + size));
		}
		outgoing.end();
	} else {
		if (trouble === 'hung up') outgoing.end(body.subarray(middle));
		await sleep(randomInt(trouble === 'hung up' ? 400 : 50));
		outgoing.destroy();
	}
	return await status;
}

/** Does something with each of many, some at a time. */
async function forAll<T>(many: T[], use: (one: T, index: number) => Promise<void>): Promise<void> {
	const entries = many.entries();
	await Promise.all(
		Array.from({ length: AT_A_TIME }, async () => {
			for (const [index, one] of entries) await use(one, index);
		}),
	);
}

interface Alive {
	/** Bytes. */
	heap: number;
	/** A request that is alive keeps its answer, its connection and its body alive. */
	requests: number;
}

/** What is in n8n's memory when it has nothing to do. */
async function alive(workflowIds: string[]): Promise<Alive> {
	for (const id of workflowIds) {
		await own.n8n.waitForExecutions(id, await own.n8n.countExecutions(id), { timeoutMs: 120_000 });
	}
	const countRequests = async () =>
		await inspector.countInstances("require('http').IncomingMessage.prototype");
	// n8n may still work at what nobody waits for any more.
	let requests = Infinity;
	for (let last = await countRequests(); last < requests; last = await countRequests()) {
		requests = last;
		await sleep(3_000);
	}
	return { requests, heap: await inspector.heapUsed() };
}

/** How many deliveries the triggers remember. */
const claims = async () =>
	Number(
		await remembered.use('(objects) => objects.reduce((sum, { size }) => sum + (size ?? 0), 0)'),
	);

const troubleOf = (index: number): Trouble => TROUBLES[index % TROUBLES.length] ?? 'slow';

function without(headers: Record<string, string>, name: string): Record<string, string> {
	const { [name]: _left, ...others } = headers;
	return others;
}

/** As the provider sends it. Every other one without a content type: then the trigger itself reads the body. */
function requestOf(live: Live, delivery: Marked, index: number): Delivery {
	const { sender, event, payload } = delivery;
	const { url, token } = triggerOf(live, delivery);
	const sent = sender.delivery(event, payload, url, token);
	const isUntyped = Math.floor(index / TROUBLES.length) % 2 === 1;
	return isUntyped ? { ...sent, headers: without(sent.headers, 'Content-Type') } : sent;
}

const describeGrowth = ({ before, after }: { before: Alive; after: Alive }) =>
	`heap ${(before.heap / 2 ** 20).toFixed(1)} → ${(after.heap / 2 ** 20).toFixed(1)} MiB, requests alive ${before.requests} → ${after.requests}`;

interface Growth {
	before: Alive;
	after: Alive;
}

/** What n8n's memory holds before and after deliveries over troubled connections. */
async function growth(
	workflowIds: string[],
	warmUp: Marked[],
	deliveries: Marked[],
	use: (delivery: Marked, index: number) => Promise<void>,
	onWarm: () => Promise<void> = async () => {},
): Promise<Growth> {
	// What is loaded and cached at the first requests does not count.
	await forAll(warmUp, use);
	const before = await alive(workflowIds);
	await onWarm();
	await forAll(deliveries, use);
	return { before, after: await alive(workflowIds) };
}

function expectNothingLeft({ before, after }: Growth): void {
	// One in twenty left behind would already be a leak; n8n itself may have a few open, as for its editor.
	expect(after.requests - before.requests).toBeLessThan(CONNECTIONS / 20);
	expect(after.heap - before.heap).toBeLessThan(CONNECTIONS * 10_000);
}

it(`${CONNECTIONS} slow, cut off and hung up connections leave nothing behind, and every retry is accepted`, async () => {
	const live = await liveTriggers(own.n8n, { ignoreDuplicates: true });
	remembered = await inspector.instances(
		`${loadedModule('/dist/nodes/core/duplicate.js')}.Claims.prototype`,
	);
	const workflowIds = [...live.values()].map(({ workflowId }) => workflowId);
	const deliveries = manyMarked(CONNECTIONS);
	const statuses = new Map<string, number | undefined>();
	let claimsBefore = 0;
	const grown = await growth(
		workflowIds,
		manyMarked(60),
		deliveries,
		async (delivery, index) => {
			const status = await deliverBadly(requestOf(live, delivery, index), troubleOf(index));
			statuses.set(delivery.marker, status);
		},
		async () => {
			claimsBefore = await claims();
		},
	);
	const kept = (await claims()) - claimsBefore;

	const of = (trouble: Trouble) => deliveries.filter((_, index) => troubleOf(index) === trouble);
	expect(of('slow').map(({ marker }) => statuses.get(marker))).toEqual(of('slow').map(() => 200));
	const stored = await storedIn(own.userFolder);
	const hasRun = ({ marker }: Marked) => stored.has(marker);
	expect(of('cut off').filter(hasRun)).toEqual([]);
	expect(of('slow').filter((delivery) => !hasRun(delivery))).toEqual([]);

	expectNothingLeft(grown);
	expect(kept).toBeGreaterThanOrEqual(of('slow').length);
	expect(kept).toBeLessThanOrEqual(deliveries.filter(hasRun).length);

	await retryAll(live, deliveries, of('cut off'), hasRun);
	report(
		`${CONNECTIONS} connections (${of('slow').length} slow, ${of('cut off').length} cut off, ${of('hung up').length} hung up): ${describeGrowth(grown)}; deliveries remembered ${kept}, stored ${deliveries.filter(hasRun).length}`,
	);
});

it(`${CONNECTIONS} such connections to n8n's own Webhook node, to compare`, async () => {
	const webhook = await byWebhookNode(own.n8n, 'goatCom', { isBare: true });
	const bad = async ({ payload }: Marked, index: number) => {
		const body = JSON.stringify(payload);
		const headers = webhook.headers(body, true);
		await deliverBadly({ url: webhook.url, method: 'POST', headers, body }, troubleOf(index));
	};
	const grown = await growth([webhook.workflowId], manyMarked(60), manyMarked(CONNECTIONS), bad);
	expectNothingLeft(grown);
	report(`${CONNECTIONS} connections: ${describeGrowth(grown)}`);
});

/** Every delivery is sent again. None may wait for one that is gone, and none may be taken for one that never ran. */
async function retryAll(
	live: Live,
	deliveries: Marked[],
	cutOff: Marked[],
	hasRun: (delivery: Marked) => boolean,
): Promise<void> {
	await forAll(deliveries, async (delivery) => {
		const answer = await send(live, delivery);
		expect(isAcknowledged(answer)).toBe(true);
		const expected = hasRun(delivery) ? [RECEIVED, ignored('duplicate')] : [RECEIVED];
		expect(expected).toContainEqual(answer.json);
	});
	const stored = await storedIn(own.userFolder);
	expect(deliveries.filter(({ marker }) => !stored.has(marker))).toEqual([]);
	expect(cutOff.map(({ marker }) => stored.get(marker)?.length)).toEqual(cutOff.map(() => 1));
}
