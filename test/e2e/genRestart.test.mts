import { createServer } from 'node:http';
import { storesTriggerErrors } from '../../testkit/live/differences.mts';
import {
	EVERY_SECOND,
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	polled,
	renamed,
	startGen,
	targetOf,
	triggerIn,
	withNode,
	type GenCredential,
} from '../../testkit/live/gen.mts';
import { eventually, listen, openDatabase, outputsOf } from '../../testkit/live/harness.mts';
import { OwnN8n, PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import type { GenMockApi } from '../../testkit/mockApis/gen.mts';
import type { Workflow } from '../../testkit/n8n/api.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';

// One n8n, stopped, killed and started again as seldom as possible: the tests build on each other.
let own: OwnN8n;
let gen: GenMockApi;
let credential: GenCredential;

beforeAll(async () => {
	own = await OwnN8n.start();
	gen = await startGen(own.n8n);
	credential = await genCredential(own.n8n, gen);
});
afterAll(async () => {
	await own.remove();
	await gen.stop();
	counter.close();
});

async function startAgain(env: Record<string, string> = {}): Promise<void> {
	const { url } = await own.startAgain(env);
	for (const publicUrl of [PUBLIC_URL, STAGING_URL]) gen.mapHost(publicUrl, url);
}

const STAGING_URL = 'https://staging.example.com';
const idOf = (index: number) => `payment-${index}`;
let emitted = 0;
const emit = async () => {
	const payment = objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
	await gen.emit('PAYMENT.CREATED', { ...payment, id: idOf(emitted++) });
};
const allIds = () => Array.from({ length: emitted }, (_, index) => idOf(index));

async function activeWorkflow(type: string, parameters: JsonObject = {}): Promise<Workflow> {
	const workflow = await genWorkflow(own.n8n, type, credential, parameters);
	await own.n8n.activate(workflow.id);
	return workflow;
}

/** What a workflow's trigger put out, in the order in which it came. */
const itemsOf = async ({ id }: Workflow) =>
	(await outputsOf({ n8n: own.n8n, workflowId: id })).flat();

const idsOf = async (workflow: Workflow) => (await itemsOf(workflow)).map(({ id }) => id);

/** Waits until a workflow's webhook is there. */
const untilLive = async (workflow: Workflow) =>
	await own.n8n.webhookReady(own.n8n.webhookUrl(triggerIn(workflow).webhookId ?? ''));

/** What ran where n8n keeps no executions: the workflows say it to this server. */
const ran: string[] = [];
const counter = createServer(({ url = '' }, response) => {
	ran.push(url);
	response.end('{}');
});

let webhook: Workflow;
let log: Workflow;
let counted: Workflow;

/** A workflow that follows the log, and of whose executions n8n keeps nothing. */
async function countedLog(): Promise<Workflow> {
	const url = await listen(counter);
	const parameters = { pollTimes: EVERY_SECOND, startFrom: 'beginning' };
	const workflow = await genWorkflow(own.n8n, GEN_EVENT_LOG_TRIGGER, credential, parameters);
	await own.n8n.updateWorkflow(workflow.id, {
		nodes: withNode(workflow, 'After', {
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { url: `=${url}/{{ $json.id }}` },
		}),
		settings: { saveDataSuccessExecution: 'none' },
	});
	await own.n8n.activate(workflow.id);
	return workflow;
}

/** Every event has run once in each workflow that follows the log. */
async function expectEachOnce(): Promise<void> {
	const all = allIds().map((id) => `/${id}`);
	await eventually(() => expect([...ran].sort()).toEqual(all.sort()));
	await polled(gen, 4);
	expect([...ran].sort()).toEqual(all.sort());
	await eventually(async () => expect(await idsOf(log)).toEqual(allIds()));
}

it('a webhook and the event log bring the same item', async () => {
	webhook = await activeWorkflow(GEN_TRIGGER);
	log = await activeWorkflow(GEN_EVENT_LOG_TRIGGER, { pollTimes: EVERY_SECOND });
	counted = await countedLog();
	await emit();
	await own.n8n.waitForExecutions(webhook.id, 1);
	await expectEachOnce();
	const [[byWebhook], [fromLog]] = [await itemsOf(webhook), await itemsOf(log)];
	const receivedAt = expect.any(String);
	expect(fromLog).toEqual({
		...byWebhook,
		delivery: { ...Object(byWebhook?.delivery), receivedAt },
	});
});

it('after an outage n8n starts while the API is down: the registration stays, and the log catches up in order', async () => {
	const made = [...gen.registrations];
	await own.stop();
	const missed = 30;
	for (let count = 0; count < missed; count++) await emit();
	await gen.idle();
	expect(gen.notifications.filter(({ attempt }) => attempt === 20)).toHaveLength(missed);
	await gen.pause();
	await startAgain();
	await untilLive(webhook);
	await eventually(() => expect(own.n8n.log()).toContain('Gen cannot be reached'));
	if (storesTriggerErrors) {
		await eventually(async () => {
			const failed = (await own.n8n.executions(log.id)).find(({ status }) => status === 'error');
			const { error } = (await own.n8n.execution(failed?.id ?? '')).data.resultData;
			expect(JSON.stringify(error)).toContain('Gen cannot be reached');
		});
	}
	await gen.resume();
	await emit();
	await expectEachOnce();
	await eventually(async () => expect(await idsOf(webhook)).toEqual([idOf(0), idOf(missed + 1)]));
	expect(gen.registrations).toEqual(made);
});

/** Lets n8n take up at once the publications amid which it was killed: it would wait for a minute and more. */
async function endLeases(): Promise<void> {
	const database = await openDatabase(own.userFolder);
	const table = 'workflow_publication_outbox';
	const [exists] = await database.run(`SELECT 1 FROM sqlite_master WHERE name = '${table}'`);
	if (exists) {
		await database.run(
			`UPDATE ${table} SET updatedAt = '2026-01-01 00:00:00.000' WHERE status = 'in_progress'`,
		);
	}
	database.close();
}

it('after a kill nothing runs twice, and what n8n was killed amid registering is adopted', async () => {
	const killed = await genWorkflow(own.n8n, GEN_TRIGGER, credential);
	// Gen has registered it, and n8n does not know yet.
	gen.onCreateWebhook = async () => await own.kill();
	await own.n8n.activate(killed.id).catch(() => undefined);
	gen.onCreateWebhook = undefined;
	await endLeases();
	const made = [...gen.registrations];
	expect(made).toMatchObject([{ target: targetOf(webhook) }, { target: targetOf(killed) }]);
	await startAgain();
	await untilLive(killed);
	expect(gen.registrations).toEqual(made);
	await emit();
	await expectEachOnce();
	await own.n8n.deactivate(killed.id);
	expect(gen.registrations).toHaveLength(1);
});

it('published again, or under a new name, the log runs nothing twice, where n8n keeps no executions', async () => {
	const { n8n } = own;
	const { id } = counted;
	await n8n.deactivate(id);
	await n8n.activate(id);
	await emit();
	await expectEachOnce();
	await n8n.updateWorkflow(id, renamed(await n8n.getWorkflow(id)));
	await n8n.deactivate(id);
	await emit();
	await n8n.activate(id);
	await expectEachOnce();
	const stored = (await n8n.executions(id)).map(({ status }) => status);
	expect(stored).not.toContain('success');
	await n8n.deactivate(id);
	await n8n.deactivate(log.id);
});

// n8n 2 publishes through a service, which asks no webhook trigger anything when n8n starts. Without it, as in n8n 1,
// every start is an activation.
it('where every start is an activation, a registration stays while the API is down, and never follows n8n to another address', async () => {
	const made = [...gen.registrations];
	await own.stop();
	await gen.pause();
	await startAgain({ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' });
	await untilLive(webhook);
	await gen.resume();
	expect(gen.registrations).toEqual(made);
	await emit();
	await eventually(async () => expect(await idsOf(webhook)).toContain(idOf(emitted - 1)));

	// As on a copy of the database: what is registered under the other address is not this n8n's.
	await own.stop();
	await startAgain({ N8N_WEBHOOK_URL: `${STAGING_URL}/` });
	const target = targetOf(webhook).replace(PUBLIC_URL, STAGING_URL);
	const { webhookToken: authorization } = credential;
	await eventually(() =>
		expect(gen.registrations).toMatchObject([...made, { target, authorization }]),
	);
	expect(own.n8n.log()).toContain(
		`The webhook ${made[0]?.id} of ${targetOf(webhook)} stays registered in the Gen account ${gen.url} ${gen.sellerId}: another n8n may use it.`,
	);
	await own.n8n.deactivate(webhook.id);
	await eventually(() => expect(gen.registrations).toEqual(made));
});
