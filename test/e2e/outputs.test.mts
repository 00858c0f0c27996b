import type { N8nApi } from '../../testkit/n8n/api.mts';
import {
	senderOf,
	senders,
	type JsonObject,
	type Sender,
} from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	outputsOf,
	RECEIVED,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** The index of the only output of an execution that holds an item, and the item's event. */
async function leftBy(trigger: LiveTrigger, executionId: string) {
	const outputs = await outputsOf(trigger, executionId);
	const used = outputs.flatMap((items, index) => (items.length > 0 ? [index] : []));
	expect(used).toHaveLength(1);
	return { output: used[0], event: outputs[used[0] ?? 0]?.[0]?.event };
}

const perEvent = (events: string[], more: JsonObject = {}) => ({
	events,
	outputMode: 'perEvent',
	...more,
});

describe.each(senders)('$displayName, one output per event', (sender: Sender) => {
	it('each event leaves by its own output and by no other, in the order selected', async () => {
		const events = [...sender.events].reverse();
		const trigger = await liveTrigger(n8n, sender, {
			parameters: perEvent(events),
			outputs: events.length,
		});
		for (const [index, event] of events.entries()) {
			expectAnswer(await deliver(trigger, event), 200, RECEIVED);
			const ids = await expectExecutions(trigger, index + 1);
			expect(await leftBy(trigger, ids.at(-1) ?? '')).toEqual({ output: index, event });
		}
	});

	it('an event added at the end of the selection moves no output', async () => {
		const [first = '', second = '', third = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender, {
			parameters: perEvent([second, first]),
			outputs: 3,
		});
		expectAnswer(await deliver(trigger, first), 200, RECEIVED);
		const [before = ''] = await expectExecutions(trigger, 1);
		expect(await leftBy(trigger, before)).toEqual({ output: 1, event: first });

		const { nodes } = await n8n.getWorkflow(trigger.workflowId);
		await n8n.updateWorkflow(trigger.workflowId, {
			nodes: nodes.map((node) =>
				node.type === sender.nodeType
					? { ...node, parameters: { ...node.parameters, ...perEvent([second, first, third]) } }
					: node,
			),
		});
		await n8n.activate(trigger.workflowId);
		const payload = sender.freshIds(sender.sample(first));
		expectAnswer(await deliver(trigger, first, { payload }), 200, RECEIVED);
		const [, after = ''] = await expectExecutions(trigger, 2);
		expect(await leftBy(trigger, after)).toEqual({ output: 1, event: first });
		expectAnswer(await deliver(trigger, third), 200, RECEIVED);
		const ids = await expectExecutions(trigger, 3);
		expect(await leftBy(trigger, ids.at(-1) ?? '')).toEqual({ output: 2, event: third });
	});

	it('with All Events after a chosen one, that one comes first and undocumented events leave by Other', async () => {
		const [first = '', second = ''] = sender.events;
		const codes = sender.provider === 'gen' ? 7 : sender.events.length + 1;
		const trigger = await liveTrigger(n8n, sender, {
			parameters: perEvent([second, '*']),
			outputs: codes,
		});
		const payload = sender.naming('NEW.THING');
		expectAnswer(await deliver(trigger, second), 200, RECEIVED);
		expectAnswer(await deliver(trigger, first), 200, RECEIVED);
		expectAnswer(await deliver(trigger, 'NEW.THING', { payload }), 200, RECEIVED);
		const ids = await expectExecutions(trigger, 3);
		const left = await Promise.all(ids.map(async (id) => await leftBy(trigger, id)));
		expect(left).toEqual([
			{ output: 0, event: second },
			{ output: 1, event: first },
			{ output: codes - 1, event: 'NEW.THING' },
		]);
	});
});

it('Gen: the exact code wins over its pattern, a typed code has an output after the chosen ones', async () => {
	const gen = senderOf('gen');
	const trigger = await liveTrigger(n8n, gen, {
		parameters: perEvent(['PAYMENT.*', 'PAYMENT.CREATED', 'other'], {
			customEvents: 'SELLER.*, PAYMENT.PAID',
		}),
		outputs: 5,
	});
	const events = [
		'PAYMENT.CREATED',
		'PAYMENT.REVERSED',
		'PAYMENT.PAID',
		'SELLER.UPDATED',
		'NEW.THING',
	];
	for (const event of events) {
		const payload = gen.freshIds({ ...gen.sample('PAYMENT.CREATED'), event });
		expectAnswer(await deliver(trigger, event, { payload }), 200, RECEIVED);
	}
	const ids = await expectExecutions(trigger, events.length);
	const left = await Promise.all(ids.map(async (id) => await leftBy(trigger, id)));
	expect(left.map(({ output }) => output)).toEqual([1, 0, 4, 3, 2]);
});
