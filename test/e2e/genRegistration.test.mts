import {
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	republish,
	startGen,
	targetOf,
	triggerIn,
} from '../../testkit/live/gen.mts';
import {
	connect,
	deliver,
	eventually,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	RECEIVED,
	TRIGGER,
} from '../../testkit/live/harness.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import type { GenMockApi } from '../../testkit/mockApis/gen.mts';
import { nodeOutput, type N8nApi, type Workflow } from '../../testkit/n8n/api.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import { senderOf } from '../../testkit/providers/senders.mts';

// Which registration is kept, replaced or removed stands in test/providers/Gen/lifecycle.test.mts.

let n8n: N8nApi;
let gen: GenMockApi;
beforeAll(async () => (n8n = await connect()));
beforeEach(async () => (gen = await startGen(n8n)));
afterEach(async () => await gen.stop());

const payment = () => objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
/** What Gen has registered for a workflow's production URL. */
const ownOf = (workflow: Workflow) =>
	gen.registrations.filter(({ target }) => target === targetOf(workflow));

it('registers on activation, receives, re-registers when the events change, and removes only its own', async () => {
	gen.addRegistration({ events: ['PAYMENT.*'], target: 'https://other.example.com/hook' });
	const credential = await genCredential(n8n, gen);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential);
	await n8n.activate(workflow.id);
	expect(ownOf(workflow)).toMatchObject([
		{ events: ['PAYMENT.*', 'ORDER.*'], authorization: credential.webhookToken },
	]);

	await gen.emit('PAYMENT.CREATED', payment());
	await gen.idle();
	const [execution = ''] = await expectExecutions({ n8n, workflowId: workflow.id }, 1);
	expect(nodeOutput(await n8n.execution(execution), TRIGGER)).toMatchObject([
		[
			{
				...{ provider: 'gen', event: 'PAYMENT.CREATED', id: payment().id },
				delivery: { test: false, warning: null },
			},
		],
	]);

	await republish(n8n, workflow, { events: ['PAYMENT.CREATED', 'other'], customEvents: 'X.Y' });
	await eventually(() =>
		expect(ownOf(workflow)).toMatchObject([{ events: ['PAYMENT.CREATED', 'X.Y'] }]),
	);
	await n8n.deactivate(workflow.id);
	await eventually(() => expect(ownOf(workflow)).toEqual([]));
	expect(gen.registrations).toHaveLength(1);
});

it('registers custom events alone, and starts with no other event', async () => {
	const credential = await genCredential(n8n, gen);
	const parameters = { events: [], customEvents: 'PAYMENT.PAID' };
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential, parameters);
	await n8n.activate(workflow.id);
	expect(ownOf(workflow)).toMatchObject([{ events: ['PAYMENT.PAID'] }]);

	const trigger = {
		n8n,
		sender: senderOf('gen'),
		token: credential.webhookToken,
		url: n8n.webhookUrl(triggerIn(workflow).webhookId ?? ''),
		workflowId: workflow.id,
		credentialId: credential.id,
	};
	expectAnswer(await deliver(trigger, 'PAYMENT.CREATED'), 200, ignored('event'));
	const paid = { ...readFixture('Gen', 'PAYMENT.CREATED'), event: 'PAYMENT.PAID' };
	expectAnswer(await deliver(trigger, 'PAYMENT.CREATED', { payload: paid }), 200, RECEIVED);
	await expectExecutions(trigger, 1);
});

it('keeps test and production registrations apart', async () => {
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await n8n.activate(workflow.id);
	const [production] = ownOf(workflow);

	const testUrl = await n8n.listenForTest(workflow.id, TRIGGER);
	const testTarget = testUrl.replace(n8n.url, PUBLIC_URL);
	expect(gen.registrations).toMatchObject([production, { target: testTarget }]);
	await gen.emit('PAYMENT.CREATED', payment());
	await gen.idle();
	await expectExecutions({ n8n, workflowId: workflow.id }, 2);
	await eventually(() => expect(gen.registrations).toEqual([production]));
});

it('remembers its registration when the node is renamed, where the API neither lists nor removes', async () => {
	Object.assign(gen.variants, { list: 404, remove: 405 });
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await n8n.activate(workflow.id);
	const made = [...ownOf(workflow)];
	const nodes = workflow.nodes.map((node) =>
		node.name === TRIGGER ? { ...node, name: 'Renamed' } : node,
	);
	await n8n.updateWorkflow(workflow.id, { nodes, connections: {} });
	await n8n.activate(workflow.id);
	expect(ownOf(workflow)).toEqual(made);

	gen.variants.remove = 'offered';
	await n8n.deactivate(workflow.id);
	await eventually(() => expect(gen.registrations).toEqual([]));
});

// n8n tries such an activation for 15 seconds, and works on five at a time, those of other tests among them.
it('an activation that cannot work fails with one sentence on what to do', async () => {
	const credential = await genCredential(n8n, gen);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential);
	gen.revokeRefreshToken();
	await Promise.all([
		expect(n8n.activate(workflow.id)).rejects.toThrow(
			/refused the refresh token.*the Gen API credential "Gen /,
		),
		expect(
			liveTrigger(n8n, senderOf('gen'), { parameters: { events: [], customEvents: ' , ' } }),
		).rejects.toThrow(/No event is selected\. Select events under Trigger On, or enter some/),
	]);
	expect(gen.registrations).toEqual([]);
});
