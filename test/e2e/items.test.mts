import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	onlyItem,
	outputsOf,
	RECEIVED,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { comparable, expectedItem } from '../../testkit/providers/items.mts';
import { senderOf } from '../../testkit/providers/senders.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it.each(providersFor('goatCom'))(
	'$displayName: every documented event starts the workflow once, with the reviewed item',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender);
		for (const [index, { event, file }] of sender.samples.entries()) {
			expectAnswer(await deliver(trigger, event), 200, RECEIVED);
			const ids = await expectExecutions(trigger, index + 1);
			const [[item = {}] = []] = await outputsOf(trigger, ids.at(-1) ?? '');
			expect(comparable(item)).toEqual(expectedItem(sender.folder, file));
		}
	},
);

it.each(providersFor('gestaoOnline'))(
	'$displayName: without Simplify the item holds what was sent, with Include Payload the clean item too',
	async (sender) => {
		const [{ event = '', file = '', payload = {} } = {}] = sender.samples;
		const itemWith = async (parameters: Parameters<typeof liveTrigger>[2]) => {
			const trigger = await liveTrigger(n8n, sender, parameters);
			expectAnswer(await deliver(trigger, event), 200, RECEIVED);
			return await onlyItem(trigger);
		};
		const raw = await itemWith({ parameters: { simplify: false } });
		expect(Object.keys(raw)).toEqual(['provider', 'event', 'payload', 'delivery']);
		const { payload: sent, ...clean } = await itemWith({
			parameters: { options: { includePayload: true } },
		});
		expect(sent).toEqual(raw.payload);
		// The log of deliveries that Troque & Devolva sends loses other integrations' secrets.
		const { webhooks: _, ...own } = raw.payload as typeof payload;
		expect(payload).toMatchObject(own);
		expect(comparable(clean)).toEqual(expectedItem(sender.folder, file));
	},
);

/** The index of the only output of an execution that holds an item. */
async function outputUsed(trigger: LiveTrigger, executionId: string): Promise<number | undefined> {
	const outputs = await outputsOf(trigger, executionId);
	const used = outputs.flatMap((items, index) => (items.length > 0 ? [index] : []));
	expect(used).toHaveLength(1);
	return used[0];
}

it.each(providersFor('troqueDevolva'))(
	'$displayName: each event leaves by its own output and by no other, in the order selected, and undocumented ones by Other',
	async (sender) => {
		const events = [...sender.events].reverse().concat('other');
		const trigger = await liveTrigger(n8n, sender, {
			parameters: { events, outputMode: 'perEvent' },
			outputs: events.length,
		});
		for (const [index, event] of events.entries()) {
			const payload = event === 'other' ? sender.naming('NEW.THING') : sender.sample(event);
			const sent = event === 'other' ? 'NEW.THING' : event;
			expectAnswer(await deliver(trigger, sent, { payload }), 200, RECEIVED);
			const ids = await expectExecutions(trigger, index + 1);
			expect(await outputUsed(trigger, ids.at(-1) ?? '')).toBe(index);
		}
	},
);

it('Gen: the exact code wins over its pattern, a typed code has an output after the chosen ones', async () => {
	const gen = senderOf('gen');
	const trigger = await liveTrigger(n8n, gen, {
		parameters: {
			events: ['PAYMENT.*', 'PAYMENT.CREATED', 'other'],
			customEvents: 'SELLER.*, PAYMENT.PAID',
			outputMode: 'perEvent',
		},
		outputs: 5,
	});
	const outputs = {
		'PAYMENT.CREATED': 1,
		'PAYMENT.REVERSED': 0,
		'PAYMENT.PAID': 4,
		'SELLER.UPDATED': 3,
		'NEW.THING': 2,
	};
	for (const event of Object.keys(outputs)) {
		const payload = gen.freshIds({ ...gen.sample('PAYMENT.CREATED'), event });
		expectAnswer(await deliver(trigger, event, { payload }), 200, RECEIVED);
	}
	const ids = await expectExecutions(trigger, Object.keys(outputs).length);
	const used = await Promise.all(ids.map(async (id) => await outputUsed(trigger, id)));
	expect(used).toEqual(Object.values(outputs));
});
