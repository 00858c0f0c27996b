import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeOutput, type Workflow } from '../../testkit/n8n/api.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { GenStandIn } from '../../testkit/mockApis/gen.mts';
import { storesTriggerErrors } from '../../testkit/live/differences.mts';
import {
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	startGen,
	type GenCredential,
} from '../../testkit/live/gen.mts';
import { OwnN8n, PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { eventually, TRIGGER } from '../../testkit/live/harness.mts';

const EVENTS_DURING_OUTAGE = 50;
const EVERY_SECOND = { item: [{ mode: 'custom', cronExpression: '* * * * * *' }] };

let own: OwnN8n;
let gen: GenStandIn;
let credential: GenCredential;

beforeAll(async () => {
	// n8n then removes the row of an execution that is not kept when it ends, instead of an hour later.
	own = await OwnN8n.start({ EXECUTIONS_DATA_PRUNE: 'false' });
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

	it('runs each event once, over stops, a kill, publications and a new name, where n8n keeps no executions', async () => {
		const ran: string[] = [];
		// n8n keeps nothing of what ran, so the workflows say it to this server.
		const counter = createServer(({ url }, response) => {
			ran.push(url ?? '');
			response.end('{}');
		});
		await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
		counter.unref();
		const { port } = counter.address() as AddressInfo;
		const logs = new Map<string, Workflow>();
		for (const startFrom of ['now', 'beginning']) {
			const workflow = await genWorkflow(own.n8n, GEN_EVENT_LOG_TRIGGER, credential, {
				pollTimes: EVERY_SECOND,
				startFrom,
			});
			workflows.push(workflow);
			logs.set(startFrom, workflow);
			const count = {
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				parameters: { url: `=http://127.0.0.1:${port}/${startFrom}/{{ $json.id }}` },
			};
			await own.n8n.updateWorkflow(workflow.id, {
				nodes: workflow.nodes.map((node) => (node.name === 'After' ? { ...node, ...count } : node)),
				settings: { saveDataSuccessExecution: 'none' },
			});
			await own.n8n.activate(workflow.id);
		}
		let emitted = 0;
		const emit = async () => {
			await gen.emit('PAYMENT.CREATED', payment(emitted++));
		};
		const expectEachOnce = async () => {
			const all = [...logs.keys()].flatMap((from) =>
				paymentsUpTo(emitted).map((id) => `/${from}/${id}`),
			);
			await eventually(() => expect([...ran].sort()).toEqual(all.sort()));
			await afterPolls(4);
			expect([...ran].sort()).toEqual(all.sort());
		};
		const renameTo = async ({ id }: Workflow, name: string) => {
			const { nodes } = await own.n8n.getWorkflow(id);
			await own.n8n.updateWorkflow(id, {
				nodes: nodes.map((node) => (node.name === TRIGGER ? { ...node, name } : node)),
				connections: { [name]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
			});
		};
		const all = [...logs.values()];

		await emit();
		await expectEachOnce();
		for (const end of ['stop', 'stop', 'kill'] as const) {
			await own[end]();
			await startAgain();
			await emit();
			await expectEachOnce();
		}
		for (const { id } of all) await own.n8n.deactivate(id);
		for (const { id } of all) await own.n8n.activate(id);
		await emit();
		await expectEachOnce();
		for (const workflow of all) {
			await renameTo(workflow, 'Renamed');
			await own.n8n.deactivate(workflow.id);
		}
		await emit();
		for (const { id } of all) await own.n8n.activate(id);
		await emit();
		await expectEachOnce();
		expect(await own.n8n.executions(all[0]?.id ?? '')).toEqual([]);
		counter.close();
	});

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
