import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	outputsOf,
	RECEIVED,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { comparable, expectedItem } from '../../testkit/providers/items.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it.each(providersFor('goatCom'))(
	'$displayName: every documented event starts the workflow once, with the reviewed item',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender);
		for (const { event } of sender.samples) {
			expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		}
		await expectExecutions(trigger, sender.samples.length);
		const [items = []] = await outputsOf(trigger);
		expect(items.map(comparable)).toEqual(
			sender.samples.map(({ file }) => expectedItem(sender.folder, file)),
		);
	},
);

it.each(providersFor('gen'))(
	'$displayName: each event leaves by its own output, in the order selected: undocumented ones by Other, typed ones last',
	async (sender) => {
		const selected = [...sender.events].reverse();
		const custom = sender.definition.hasCustomEvents ? ['TYPED.CODE'] : [];
		const trigger = await liveTrigger(n8n, sender, {
			parameters: {
				...{ events: [...selected, 'other'], customEvents: custom.join() },
				outputMode: 'perEvent',
			},
		});
		const sent = [...selected, 'NEW.THING', ...custom];
		for (const event of sent) {
			const isDocumented = selected.includes(event);
			const payload = isDocumented ? sender.sample(event) : sender.naming(event);
			expectAnswer(await deliver(trigger, event, { payload }), 200, RECEIVED);
		}
		await expectExecutions(trigger, sent.length);
		const outputs = await outputsOf(trigger);
		expect(outputs.map((items) => items.map(({ event }) => event))).toEqual(
			sent.map((event) => [event]),
		);
	},
);
