import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { nodeOutput, type N8nApi, type Workflow } from '../../testkit/n8n/api.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import type { GenOptions, GenMockApi } from '../../testkit/mockApis/gen.mts';
import { storesTriggerErrors } from '../../testkit/live/differences.mts';
import {
	EVERY_SECOND,
	GEN_EVENT_LOG_TRIGGER,
	genCredential,
	genWorkflow,
	polled,
	republish,
	startGen,
	withNode,
	type GenCredential,
} from '../../testkit/live/gen.mts';
import {
	connect,
	eventually,
	listen,
	outputsOf,
	TRIGGER,
	userFolder,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
let gen: GenMockApi;
let credential: GenCredential;
const workflows: Workflow[] = [];

beforeAll(async () => (n8n = await connect()));
afterEach(async () => {
	await Promise.all(workflows.splice(0).map(async ({ id }) => await n8n.deactivate(id)));
	await gen.stop();
});

async function start(options: GenOptions = {}): Promise<void> {
	gen = await startGen(n8n, options);
	credential = await genCredential(n8n, gen);
}

/** A workflow that follows the log, with another node after its trigger where one is given. */
async function follow(parameters: JsonObject = {}, after?: JsonObject): Promise<Workflow> {
	const workflow = await genWorkflow(n8n, GEN_EVENT_LOG_TRIGGER, credential, {
		pollTimes: EVERY_SECOND,
		...parameters,
	});
	workflows.push(workflow);
	if (after) await n8n.updateWorkflow(workflow.id, { nodes: withNode(workflow, 'After', after) });
	await n8n.activate(workflow.id);
	return workflow;
}

const emit = async (index: number, event = 'PAYMENT.CREATED', more: JsonObject = {}) =>
	await gen.emit(
		event,
		{ id: `payment-${index}`, order_id: 'order', total_cents: index, ...more },
		{ at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)) },
	);

/** Waits until a workflow's trigger has put out the payments of these numbers, by output. */
async function expectOutputs({ id }: Workflow, ...outputs: number[][]): Promise<void> {
	const expected = outputs.map((indexes) => indexes.map((index) => `payment-${index}`));
	await eventually(async () => {
		const items = await outputsOf({ n8n, workflowId: id });
		expect(items.map((output) => output.map((item) => item.id))).toEqual(expected);
	});
}

async function errorsOf(workflow: Workflow): Promise<string[]> {
	const failed = (await n8n.executions(workflow.id)).filter(({ status }) => status === 'error');
	return await Promise.all(
		failed.map(async ({ id }) => {
			const { error } = (await n8n.execution(id)).data.resultData;
			return String(error?.message);
		}),
	);
}

/** Waits until the trigger has reported an error: as a failed execution, or, where n8n stores none, in n8n's log. */
async function expectReported(workflow: Workflow, text: string): Promise<void> {
	await eventually(async () => {
		const said = storesTriggerErrors
			? (await errorsOf(workflow))[0]
			: await readFile(join(userFolder(), 'n8n.log'), 'utf8');
		expect(said).toContain(text);
	});
}

// In which order and shape the log lists is in test/core/eventLog.test.mts and test/providers/Gen/eventLog.test.mts.
it('brings each event once, in order, from now on or from its beginning', async () => {
	await start();
	for (const index of [1, 2]) await emit(index);
	const [fromNow, fromBeginning] = [await follow(), await follow({ startFrom: 'beginning' })];
	await polled(gen);
	for (const index of [3, 4, 5]) await emit(index);
	await expectOutputs(fromNow, [3, 4, 5]);
	await polled(gen);
	await expectOutputs(fromNow, [3, 4, 5]);
	await expectOutputs(fromBeginning, [1, 2, 3, 4, 5]);
});

it('selects, filters and routes as the Gen Trigger does', async () => {
	await start();
	const workflow = await follow({
		...{ events: ['PAYMENT.CREATED', 'other'], outputMode: 'perEvent' },
		filters: { status: ['PAID', 'PENDING'] },
	});
	await emit(1, 'PAYMENT.CREATED', { status: 'PENDING' });
	await emit(2, 'PAYMENT.PAID', { status: 'PAID' });
	await emit(3, 'SELLER.CHANGED', { status: 'PENDING' });
	await emit(4, 'PAYMENT.CREATED', { status: 'CANCELLED' });
	await emit(5, 'PAYMENT.CREATED', { status: 'PAID' });
	await expectOutputs(workflow, [1, 5], [3]);
});

it('reports what it cannot understand, once, and goes on', async () => {
	await start({ eventShape: (event, subject, { id }) => ({ id: id ?? '', event, data: subject }) });
	const workflow = await follow();
	// Not even an object: no document says that it cannot be.
	const broken: unknown = 'broken';
	gen.loggedEvents.push({
		id: 'broken',
		event: 'PAYMENT.CREATED',
		insertedAt: new Date(Date.UTC(2026, 0, 1)).toISOString(),
		json: broken as JsonObject,
	});
	await emit(1);
	await expectOutputs(workflow, [1]);
	await polled(gen);
	const unreadable =
		"Gen's event log has entries that are not JSON objects (1). Look at them in Gen";
	await expectReported(workflow, unreadable);
	if (storesTriggerErrors) expect(await errorsOf(workflow)).toHaveLength(1);

	gen.variants.listShape = 'other';
	await expectReported(workflow, "Gen's event log must be a list");
	gen.variants.listShape = 'data';
	await emit(2);
	await expectOutputs(workflow, [1, 2]);
});

it('says which credential to correct when it was revoked, and goes on when it is corrected', async () => {
	await start();
	const workflow = await follow();
	gen.expireAccessTokens();
	gen.revokeRefreshToken();
	await emit(1);
	const { id, name, data } = credential;
	await expectReported(workflow, `the Gen API credential "${name}"`);
	await n8n.updateCredential(id, 'genApi', name, {
		...data,
		refreshToken: gen.refreshToken,
	});
	await expectOutputs(workflow, [1]);
});

it('does not hand over again what still runs when the workflow is published again', async () => {
	await start();
	const server = createServer();
	const url = await listen(server);
	const asked = once(server, 'request');
	const slow = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters: { url } };
	const workflow = await follow({}, slow);
	await emit(1);
	const [, answer] = await asked;
	await republish(n8n, workflow.id, { pollTimes: EVERY_SECOND, events: ['PAYMENT.*'] });
	await polled(gen);
	const [running] = await n8n.executions(workflow.id);
	expect(running?.status).toBe('running');
	server.on('request', (_request, response) => response.end('{}'));
	answer.end('{}');
	await expectOutputs(workflow, [1]);
	await polled(gen, 3);
	await emit(2);
	await expectOutputs(workflow, [1, 2]);
	server.close();
});

it('shows the newest selected event in the editor, and remembers nothing of it', async () => {
	await start();
	const workflow = await genWorkflow(n8n, GEN_EVENT_LOG_TRIGGER, credential, {
		events: ['PAYMENT.CREATED'],
	});
	const empty = await n8n.run(workflow.id, TRIGGER);
	expect(String(empty.data.resultData.error?.message)).toMatch(/has no selected event/);
	for (const index of [1, 2]) await emit(index);
	await emit(3, 'ORDER.CREATED');
	for (let count = 0; count < 2; count++) {
		const [items] = nodeOutput(await n8n.run(workflow.id, TRIGGER), TRIGGER);
		expect(items).toMatchObject([{ id: 'payment-2', delivery: { test: true } }]);
	}
});
