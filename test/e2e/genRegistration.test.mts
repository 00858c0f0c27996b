import type { N8nApi } from '../../testkit/n8n/api.mts';
import { nodeOutput } from '../../testkit/n8n/api.mts';
import type { GenStandIn } from '../../testkit/mockApis/gen.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import { senderOf } from '../../testkit/providers/senders.mts';
import {
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	republish,
	startGen,
	targetOf,
	triggerIn,
} from '../../testkit/live/gen.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
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
			events: ['PAYMENT.*', 'ORDER.*'],
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
		expect(own(workflow).map(({ events }) => events)).toEqual([['PAYMENT.CREATED', 'X.Y', 'X.*']]),
	);

	await n8n.deactivate(workflow.id);
	await eventually(() => expect(own(workflow)).toEqual([]));
	expect(gen.registrations).toHaveLength(1);
});

it('registers custom events alone, and starts with no other event', async () => {
	const credential = await genCredential(n8n, gen);
	const parameters = { events: [], customEvents: 'PAYMENT.PAID' };
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, credential, parameters);
	await n8n.activate(workflow.id);
	expect(own(workflow)).toMatchObject([{ events: ['PAYMENT.PAID'] }]);

	const trigger = {
		n8n,
		sender: senderOf('gen'),
		token: credential.webhookToken,
		url: n8n.webhookUrl(triggerIn(workflow).webhookId ?? ''),
		workflowId: workflow.id,
		credentialId: credential.id,
	};
	const sample = readFixture('Gen', 'PAYMENT.CREATED');
	expectAnswer(await deliver(trigger, 'PAYMENT.CREATED'), 200, ignored('event'));
	const paid = { ...sample, event: 'PAYMENT.PAID' };
	expectAnswer(await deliver(trigger, 'PAYMENT.CREATED', { payload: paid }), 200, RECEIVED);
	await expectExecutions(trigger, 1);
});

it('leaves a webhook alone whose URL was changed at Gen', async () => {
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await n8n.activate(workflow.id);
	const [changed] = gen.registrations;
	Object.assign(changed ?? {}, { target: 'https://other.example.com/hook' });
	await republish(n8n, workflow, { events: ['ORDER.*'] });
	expect(own(workflow)).toMatchObject([{ events: ['ORDER.*'] }]);
	await n8n.deactivate(workflow.id);
	await eventually(() => expect(own(workflow)).toEqual([]));
	expect(gen.registrations).toEqual([changed]);
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

describe('an account whose API', () => {
	it('hides the token in its list has one registration all the same', async () => {
		gen.variants.echoesAuthorization = false;
		const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
		await n8n.activate(workflow.id);
		const [first] = own(workflow);
		await n8n.activate(workflow.id);
		expect(own(workflow)).toHaveLength(1);
		await n8n.deactivate(workflow.id);
		await eventually(() => expect(own(workflow)).toEqual([]));
		expect(first).toBeDefined();
	});

	it.each([404, 405] as const)(
		'answers %i to a list: the remembered id is trusted',
		async (list) => {
			gen.variants.list = list;
			somebodyElses();
			const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
			await n8n.activate(workflow.id);
			await republish(n8n, workflow, { events: ['ORDER.*'] });
			expect(own(workflow)).toMatchObject([{ events: ['ORDER.*'] }]);
			await n8n.deactivate(workflow.id);
			await eventually(() => expect(own(workflow)).toEqual([]));
			expect(gen.registrations).toHaveLength(1);
		},
	);

	it('neither lists nor removes has one registration, also when the node is renamed', async () => {
		Object.assign(gen.variants, { list: 404, remove: 405 });
		const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
		await n8n.activate(workflow.id);
		const made = [...own(workflow)];
		expect(made).toHaveLength(1);
		const nodes = workflow.nodes.map((node) =>
			node.name === TRIGGER ? { ...node, name: 'Renamed' } : node,
		);
		await n8n.updateWorkflow(workflow.id, { nodes, connections: {} });
		await n8n.activate(workflow.id);
		expect(own(workflow)).toEqual(made);

		gen.variants.remove = 'offered';
		await n8n.deactivate(workflow.id);
		await eventually(() => expect(gen.registrations).toEqual([]));
	});

	it('lists in a shape that nobody can expect: the list is not used', async () => {
		gen.variants.listShape = 'other';
		const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
		await n8n.activate(workflow.id);
		await republish(n8n, workflow, { events: ['ORDER.*'] });
		expect(own(workflow)).toMatchObject([{ events: ['ORDER.*'] }]);
	});

	it.each([404, 405] as const)(
		'answers %i to a removal: it is left, and adopted the next time',
		async (remove) => {
			gen.variants.remove = remove;
			const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
			await n8n.activate(workflow.id);
			const left = own(workflow);
			expect(left).toHaveLength(1);
			await n8n.deactivate(workflow.id);
			expect(own(workflow)).toEqual(left);
			await n8n.activate(workflow.id);
			expect(own(workflow)).toEqual(left);
			const posts = gen.requests.filter(
				({ method, path }) => method === 'POST' && path === '/api/webhooks',
			);
			expect(posts).toHaveLength(1);
		},
	);
});

it('an activation that cannot work fails with one sentence on what to do', async () => {
	// n8n works on five at a time, and tries each for 15 seconds.
	const failing = await Promise.all([
		failedActivation(/has no webhook token\. Enter a secret/, { credential: { webhookToken: '' } }),
		failedActivation(/does not begin with https/, {
			credential: { environment: 'production', baseUrl: 'http://api.example.com' },
		}),
		failedActivation(/Select events/, { parameters: { events: ['other'] } }),
		failedActivation(/refused the refresh token.*the Gen API credential "Gen /, {
			before: (own) => void own.revokeRefreshToken(),
		}),
		failedActivation(/cannot be reached/, { before: async (own) => await own.pause() }),
	]);
	expect(failing.flatMap(({ registrations }) => registrations)).toEqual([]);
	// n8n tries an activation several times, and never again one whose message has this word.
	for (const { message } of failing) expect(message).not.toContain('Authorization');
});

it('a trigger with no event selected cannot be published', async () => {
	const nothing = { parameters: { events: [], customEvents: ' , ' } };
	const expected = /No event is selected\. Select events under Trigger On, or enter some under Cus/;
	await Promise.all([
		failedActivation(expected, nothing),
		failedActivation(expected, { ...nothing, type: GEN_EVENT_LOG_TRIGGER }),
		expect(liveTrigger(n8n, senderOf('gen'), nothing)).rejects.toThrow(expected),
	]);
});

/** Publishes a workflow with an account of its own; expects n8n to say why it cannot. */
async function failedActivation(
	expected: RegExp,
	settings: {
		type?: string;
		credential?: Record<string, string>;
		parameters?: { events: string[]; customEvents?: string };
		before?: (own: GenStandIn) => void | Promise<void>;
	},
) {
	const account = await startGen(n8n);
	try {
		const credential = await genCredential(n8n, account, settings.credential);
		const { type = GEN_TRIGGER, parameters } = settings;
		const workflow = await genWorkflow(n8n, type, credential, parameters);
		await settings.before?.(account);
		const message = await n8n.activate(workflow.id).then(
			() => 'It was activated.',
			(error: unknown) => String(error),
		);
		expect(message).toMatch(expected);
		return { message, registrations: [...account.registrations] };
	} finally {
		await account.stop();
	}
}
