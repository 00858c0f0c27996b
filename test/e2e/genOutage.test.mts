import { nodeOutput, type Workflow } from '../../testkit/n8n/api.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { GenStandIn } from '../../testkit/mockApis/gen.mts';
import {
	itWhere,
	storesExecutionsOnce,
	storesTriggerErrors,
} from '../../testkit/live/differences.mts';
import {
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	startGen,
	type GenCredential,
} from '../../testkit/live/gen.mts';
import { OwnN8n, PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { eventually, openDatabase, TRIGGER } from '../../testkit/live/harness.mts';

const EVENTS_DURING_OUTAGE = 50;
const EVERY_SECOND = { item: [{ mode: 'custom', cronExpression: '* * * * * *' }] };

let own: OwnN8n;
let gen: GenStandIn;
let credential: GenCredential;

beforeAll(async () => {
	own = await OwnN8n.start();
});
beforeEach(async () => {
	gen = await startGen(own.n8n);
	credential = await genCredential(own.n8n, gen);
});
afterEach(async () => {
	await startAgain();
	await Promise.all(workflows.splice(0).map(async ({ id }) => await own.n8n.deactivate(id)));
	await gen.stop();
});
afterAll(async () => {
	await own.remove();
});

const workflows: Workflow[] = [];

async function activeWorkflow(type: string, parameters = {}): Promise<Workflow> {
	const workflow = await genWorkflow(own.n8n, type, credential, parameters);
	workflows.push(workflow);
	await own.n8n.activate(workflow.id);
	return workflow;
}

async function startAgain(): Promise<void> {
	const n8n = await own.startAgain();
	gen.mapHost(PUBLIC_URL, n8n.url);
}

const payment = (index = 0) => ({
	...objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data'),
	id: `payment-${index}`,
});
const paymentsUpTo = (count: number, from = 0) =>
	Array.from({ length: count }, (_, index) => `payment-${index + from}`);

/** The items of all executions of a workflow, in the order in which they came. */
async function itemsOf(workflow: Workflow): Promise<Array<Record<string, unknown>>> {
	const executions = await own.n8n.executions(workflow.id);
	const items = await Promise.all(
		executions
			.reverse()
			.filter(({ status }) => status === 'success')
			.map(async ({ id }) => nodeOutput(await own.n8n.execution(id), TRIGGER).flat()),
	);
	return items.flat();
}

const idsOf = async (workflow: Workflow) => (await itemsOf(workflow)).map(({ id }) => id);

/** Waits for a few polls. */
async function afterPolls(count = 2): Promise<void> {
	const polls = () => gen.requests.filter(({ path }) => path === '/api/events').length;
	const before = polls();
	await eventually(() => expect(polls()).toBeGreaterThanOrEqual(before + count));
}

describe('the event log', () => {
	it('brings what happened while n8n was down: all, once each, in order, with the delivery ids of the webhooks', async () => {
		const webhook = await activeWorkflow(GEN_TRIGGER);
		const log = await activeWorkflow(GEN_EVENT_LOG_TRIGGER, { pollTimes: EVERY_SECOND });
		await gen.emit('PAYMENT.CREATED', payment(0));
		await gen.idle();
		await own.n8n.waitForExecutions(webhook.id, 1);
		await own.n8n.waitForExecutions(log.id, 1);
		const [[byWebhook], [fromLog]] = [await itemsOf(webhook), await itemsOf(log)];
		const { delivery: one, ...item } = byWebhook ?? {};
		const { delivery: other, ...sameItem } = fromLog ?? {};
		expect(sameItem).toEqual(item);
		expect(other).toMatchObject({ id: objectAt({ one } as never, 'one').id, test: false });

		await own.stop();
		for (let index = 1; index <= EVENTS_DURING_OUTAGE; index++) {
			await gen.emit('PAYMENT.CREATED', payment(index));
		}
		await gen.idle();
		expect(gen.notifications.filter(({ attempt }) => attempt === 20)).toHaveLength(
			EVENTS_DURING_OUTAGE,
		);
		await startAgain();
		await own.n8n.waitForExecutions(log.id, 2);
		expect(await idsOf(log)).toEqual(paymentsUpTo(EVENTS_DURING_OUTAGE + 1));
		expect(await idsOf(webhook)).toEqual(['payment-0']);

		await own.stop();
		await startAgain();
		await gen.emit('PAYMENT.CREATED', payment(99));
		await own.n8n.waitForExecutions(log.id, 3);
		await own.kill();
		await startAgain();
		await afterPolls();
		expect(await idsOf(log)).toEqual([...paymentsUpTo(EVENTS_DURING_OUTAGE + 1), 'payment-99']);
		const ids = (await itemsOf(log)).map(({ delivery }) => JSON.stringify(delivery));
		expect(new Set(ids).size).toBe(EVENTS_DURING_OUTAGE + 2);
	});

	const handsOverAgain = itWhere(
		storesExecutionsOnce,
		'this n8n takes no key under which it stores an execution once, so nothing is handed to it twice',
	);
	handsOverAgain(
		'hands over again what n8n had taken and not stored when it was killed',
		async () => {
			const log = await activeWorkflow(GEN_EVENT_LOG_TRIGGER, { pollTimes: EVERY_SECOND });
			for (let index = 0; index < 3; index++) {
				await gen.emit('PAYMENT.CREATED', payment(index), {
					at: new Date(Date.UTC(2026, 0, index + 1)),
				});
			}
			await own.n8n.waitForExecutions(log.id, 1);
			await own.kill();
			// As if n8n had ended between saving what the node remembers and storing the execution.
			const database = await openDatabase(own.userFolder);
			await database.run(`DELETE FROM execution_entity WHERE workflowId = '${log.id}'`);
			database.close();
			await startAgain();
			await own.n8n.waitForExecutions(log.id, 1);
			await afterPolls();
			expect(await idsOf(log)).toEqual(paymentsUpTo(3));
		},
	);

	it('starts when n8n starts while the API is down, says so, and goes on when it is back', async () => {
		const log = await activeWorkflow(GEN_EVENT_LOG_TRIGGER, { pollTimes: EVERY_SECOND });
		await own.stop();
		await gen.pause();
		await startAgain();
		await eventually(() => expect(own.n8n.log()).toContain('Gen cannot be reached'));
		if (storesTriggerErrors) {
			await own.n8n.waitForExecutions(log.id, 1);
			const [failed] = await own.n8n.executions(log.id);
			expect(failed?.status).toBe('error');
			const { resultData } = (await own.n8n.execution(failed?.id ?? '')).data;
			expect(JSON.stringify(resultData.error)).toContain('Gen cannot be reached');
		}
		await gen.resume();
		await gen.emit('PAYMENT.CREATED', payment(7));
		await eventually(async () => expect(await idsOf(log)).toEqual(['payment-7']));
	});
});
