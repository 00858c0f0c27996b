import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from '../../testkit/n8n/http.mts';
import { ignored, RECEIVED } from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { senders } from '../../testkit/providers/senders.mts';
import {
	afterRestart,
	executionCounts,
	liveTriggers,
	manyMarked,
	occurrences,
	removeDuplicates,
	report,
	send,
	startFast,
	storedIn,
	tally,
	type Live,
	type Marked,
} from '../../testkit/live/faults.mts';

const DELIVERIES = 100;
const COPIES = 20;
const BUSINESS = 'The business branch';

let own: OwnN8n;
afterEach(async () => await own.remove());

const summary = (answers: HttpResponse[]) =>
	occurrences(answers.map(({ status, body }) => `${status} ${body}`));
const accepted = `200 ${JSON.stringify(RECEIVED)}`;
const duplicate = `200 ${JSON.stringify(ignored('duplicate'))}`;

/** Sends copies of every delivery, interleaved, up to 150 ms apart, whatever the answer to the earlier ones is. */
async function sendCopies(
	live: Live,
	deliveries: Marked[],
	copies: number,
): Promise<HttpResponse[]> {
	const answers: Array<Promise<HttpResponse>> = [];
	await Promise.all(
		deliveries.map(async (delivery) => {
			for (let copy = 0; copy < copies; copy++) {
				await sleep(randomInt(150));
				answers.push(send(live, delivery));
			}
		}),
	);
	return await Promise.all(answers);
}

it.each([
	{ name: 'with', ignoreDuplicates: true, executions: 1 },
	{ name: 'without', ignoreDuplicates: false, executions: COPIES },
])(
	`${COPIES} copies of a delivery make $executions executions $name Ignore Duplicates`,
	async ({ ignoreDuplicates, executions }) => {
		own = await startFast();
		const live = await liveTriggers(own.n8n, { ignoreDuplicates });
		const deliveries = manyMarked(DELIVERIES);
		const answers = await sendCopies(live, deliveries, COPIES);
		expect(summary(answers)).toEqual(
			new Map([
				[accepted, DELIVERIES * executions],
				...(ignoreDuplicates ? [[duplicate, DELIVERIES * (COPIES - 1)] as const] : []),
			]),
		);
		const counts = executionCounts(deliveries, await storedIn(own.userFolder));
		expect(counts).toEqual(deliveries.map(() => executions));
		report(`${answers.length} sent; executions per delivery: ${tally(counts)}`);
	},
);

/** How often the business branch ran for each delivery, once n8n has nothing left to do. */
async function businessRuns(live: Live, deliveries: Marked[], sent: number): Promise<number[]> {
	for (const { n8n, workflowId } of live.values()) {
		const count = await n8n.countExecutions(workflowId);
		await n8n.waitForExecutions(workflowId, count, { timeoutMs: 600_000 });
	}
	const all = [...(await storedIn(own.userFolder)).values()].flat();
	expect(all.map(({ status }) => status)).toEqual(Array(sent).fill('success'));
	return executionCounts(deliveries, await storedIn(own.userFolder, BUSINESS));
}

it('with Remove Duplicates the rest runs once, also after a restart', async () => {
	// The node reads what it has seen, then writes it back: two executions at a time undo each other's entries.
	own = await startFast({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	// Without a delivery id of its own, two changes of one order in Gestão Online can be the same.
	const from = senders.filter(({ provider }) => provider !== 'gestaoOnline');
	const business = { name: BUSINESS, type: 'n8n-nodes-base.noOp', typeVersion: 1 };
	const chain = [removeDuplicates, business];
	const live = await liveTriggers(own.n8n, { ignoreDuplicates: false }, { from, chain });
	const deliveries = manyMarked(DELIVERIES, from);
	const once = deliveries.map(() => 1);
	const answers = await sendCopies(live, deliveries, COPIES / 2);
	expect(await businessRuns(live, deliveries, answers.length)).toEqual(once);

	await own.stop();
	const again = afterRestart(await own.startAgain(), live);
	answers.push(...(await sendCopies(again, deliveries, COPIES / 2)));
	expect(summary(answers)).toEqual(new Map([[accepted, DELIVERIES * COPIES]]));
	expect(await businessRuns(again, deliveries, answers.length)).toEqual(once);
	report(`${answers.length} sent, half of them after a restart; one run of the rest per delivery`);
});
