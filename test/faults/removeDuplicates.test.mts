import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import type { WorkflowInput, WorkflowNode } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { RECEIVED, TRIGGER } from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { senders } from '../../testkit/providers/senders.mts';
import {
	after,
	liveTriggers,
	manyMarked,
	report,
	retry,
	sized,
	startFast,
	storedIn,
	tally,
	type Live,
	type Marked,
} from '../../testkit/live/faults.mts';

const DELIVERIES = sized(100, 20);
const COPIES = sized(20, 4);
const BUSINESS = 'The business branch';

// Without a delivery id of its own, two changes of one order in Gestão Online can be the same.
const providers = senders.filter(({ provider }) => provider !== 'gestaoOnline');

const example: WorkflowInput = JSON.parse(
	readFileSync(join(repositoryRoot, 'examples', 'gen.json'), 'utf8'),
);

/** n8n's Remove Duplicates node, as the example has it. */
function removeDuplicates(): WorkflowNode {
	const node = example.nodes.find(({ type }) => type === 'n8n-nodes-base.removeDuplicates');
	if (!node) throw new Error('The example has no Remove Duplicates node.');
	return node;
}

/** What follows that node in the example, with the business branch in the place of what follows. */
function afterRemoveDuplicates({ name }: WorkflowNode): unknown {
	const { main } = example.connections[name] as { main: Array<Array<{ node: string }>> };
	return { main: main.map((output) => output.map((target) => ({ ...target, node: BUSINESS }))) };
}

let own: OwnN8n;
beforeAll(async () => {
	// The node reads what it has seen, then writes it back: two executions at a time undo each other's entries.
	own = await startFast({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
});
afterAll(async () => await own.remove());

/** Live triggers that ignore no duplicates, each followed by Remove Duplicates and the business branch. */
async function liveWith(n8n: N8n, remove: WorkflowNode): Promise<Live> {
	const live = await liveTriggers(n8n, { ignoreDuplicates: false }, providers);
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	for (const { workflowId } of live.values()) {
		const { nodes } = await n8n.getWorkflow(workflowId);
		const trigger = nodes.filter(({ name }) => name === TRIGGER);
		await n8n.updateWorkflow(workflowId, {
			nodes: [
				...trigger,
				remove,
				{
					...remove,
					id: BUSINESS,
					name: BUSINESS,
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					parameters: {},
				},
			],
			connections: { [TRIGGER]: to(remove.name), [remove.name]: afterRemoveDuplicates(remove) },
		});
		await n8n.activate(workflowId);
	}
	return live;
}

/** How often the business branch ran for each delivery, once n8n has nothing left to do. */
async function runsOf(live: Live, deliveries: Marked[], executions: number): Promise<number[]> {
	for (const { n8n, workflowId } of live.values()) {
		const count = await n8n.countExecutions(workflowId);
		await n8n.waitForExecutions(workflowId, count, { timeoutMs: 600_000 });
	}
	const all = await storedIn(own.userFolder);
	const statuses = deliveries.flatMap(({ marker }) =>
		(all.get(marker) ?? []).map(({ status }) => status),
	);
	expect(statuses).toEqual(Array.from({ length: executions }, () => 'success'));
	const stored = await storedIn(own.userFolder, BUSINESS);
	return deliveries.map(({ marker }) => stored.get(marker)?.length ?? 0);
}

it(`${COPIES} copies of each of ${DELIVERIES} deliveries, before and after a restart, run the business branch ${DELIVERIES} times`, async () => {
	const live = await liveWith(own.n8n, removeDuplicates());
	const deliveries = manyMarked(DELIVERIES, providers);
	const answers = await retry(live, deliveries, COPIES / 2);
	const runsBefore = await runsOf(live, deliveries, answers.length);
	expect(runsBefore).toEqual(deliveries.map(() => 1));

	await own.stop();
	const again = after(await own.startAgain(), live);
	answers.push(...(await retry(again, deliveries, COPIES / 2)));
	expect(answers.map(({ status, json }) => ({ status, json }))).toEqual(
		answers.map(() => ({ status: 200, json: RECEIVED })),
	);
	const runs = await runsOf(again, deliveries, answers.length);
	expect(runs).toEqual(deliveries.map(() => 1));
	report(
		`${answers.length} sent, half of them after a restart; runs of the business branch per delivery: ${tally(runs)}`,
	);
});
