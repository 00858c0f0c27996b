import type { N8nApi } from '../../scripts/n8n/api.mts';
import { nodeOutput } from '../../scripts/n8n/api.mts';
import type { GenStandIn } from '../standIns/gen.mts';
import { objectAt, readFixture } from '../providers/fixtures.mts';
import {
	eventually,
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	PUBLIC_URL,
	republish,
	startGen,
	targetOf,
	triggerIn,
} from './gen.mts';
import { connect, expectExecutions, TRIGGER } from './harness.mts';

let n8n: N8nApi;
let gen: GenStandIn;

beforeAll(async () => {
	n8n = await connect();
});
beforeEach(async () => {
	gen = await startGen(n8n);
});
afterEach(async () => {
	await gen.stop();
});

const payment = () => objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
const somebodyElses = () =>
	gen.addRegistration({
		events: ['PAYMENT.*'],
		target: 'https://other.example.com/hook',
		authorization: 'not-ours-0123456789',
	});
/** What Gen has registered for a workflow's production URL. */
const own = (workflow: Parameters<typeof targetOf>[0]) =>
	gen.registrations.filter(({ target }) => target === targetOf(workflow));

it('registers on activation, receives, re-registers when the events change, and removes only its own', async () => {
	somebodyElses();
	const credential = await genCredential(n8n, gen);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential);
	await n8n.activate(workflow.id);

	expect(own(workflow)).toMatchObject([
		{
			events: ['ORDER.*', 'PAYMENT.*'],
			target: targetOf(workflow),
			authorization: credential.webhookToken,
		},
	]);

	await gen.emit('PAYMENT.CREATED', payment());
	await gen.idle();
	const [execution = ''] = await expectExecutions({ n8n, workflowId: workflow.id }, 1);
	const [[item] = []] = nodeOutput(await n8n.execution(execution), TRIGGER);
	expect(item).toMatchObject({
		provider: 'gen',
		event: 'PAYMENT.CREATED',
		id: payment().id,
		delivery: { test: false, warning: null },
	});

	await republish(n8n, workflow, {
		events: ['PAYMENT.CREATED', 'other'],
		customEvents: 'X.Y, X.*',
	});
	await eventually(() =>
		expect(own(workflow).map(({ events }) => events)).toEqual([['PAYMENT.CREATED', 'X.*', 'X.Y']]),
	);

	await n8n.deactivate(workflow.id);
	await eventually(() => expect(own(workflow)).toEqual([]));
	expect(gen.registrations).toHaveLength(1);
});

it('keeps test and production registrations apart', async () => {
	const credential = await genCredential(n8n, gen);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential);
	await n8n.activate(workflow.id);
	const [production] = own(workflow);

	const testUrl = await n8n.listenForTest(workflow.id, TRIGGER);
	const testTarget = testUrl.replace(n8n.url, PUBLIC_URL);
	expect(gen.registrations.map(({ target }) => target).sort()).toEqual(
		[targetOf(workflow), testTarget].sort(),
	);
	await gen.emit('PAYMENT.CREATED', payment());
	await gen.idle();
	await expectExecutions({ n8n, workflowId: workflow.id }, 2);
	await eventually(() => expect(gen.registrations).toEqual([production]));
});
