import type { N8nApi } from '../../testkit/n8n/api.mts';
import { readFixture } from '../../testkit/providers/samples.mts';
import { comparable, expectedItem } from '../../testkit/providers/items.mts';
import { senderOf, senders } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	onlyItem,
	outputsOf,
	RECEIVED,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it.each(senders)(
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

it.each<[string, string[], string, boolean, string?]>([
	['a pattern takes the events that begin so', ['PAYMENT.*'], 'PAYMENT.CREATED', true],
	['a pattern takes no others', ['ORDER.*'], 'PAYMENT.CREATED', false],
	['an order event is taken by its pattern', ['ORDER.*'], 'variation-order-event', true],
	['an event nobody documented is taken by Other', ['other'], 'variation-undocumented-event', true],
	['a custom event alone is enough', [], 'variation-undocumented-event', true, 'SELLER.UPDATED'],
	['a custom event alone takes no others', [], 'PAYMENT.CREATED', false, 'PAYMENT.PAID'],
	[
		'an event nobody documented is taken by nothing else',
		['PAYMENT.*', 'ORDER.*'],
		'variation-undocumented-event',
		false,
	],
])('Gen: %s', async (_name, events, fixture, isTaken, customEvents = '') => {
	const sender = senderOf('gen');
	const trigger = await liveTrigger(n8n, sender, { parameters: { events, customEvents } });
	const payload = readFixture('Gen', fixture);
	const answer = await deliver(trigger, 'PAYMENT.CREATED', { payload });
	if (isTaken) {
		expectAnswer(answer, 200, RECEIVED);
		expect((await onlyItem(trigger)).event).toBe(payload.event);
	} else {
		expectAnswer(answer, 200, { received: true, ignored: 'event' });
		await expectExecutions(trigger, 0);
	}
});
