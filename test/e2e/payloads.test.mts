import type { N8nApi } from '../../testkit/n8n/api.mts';
import { senders, type JsonObject, type JsonValue } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	liveTrigger,
	onlyItem,
	RECEIVED,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** Every second key left out, all the way down. */
function halved(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(halved);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter((_, index) => index % 2 === 0);
	return Object.fromEntries(entries.map(([key, entry]) => [key, halved(entry)]));
}

/** The same keys, with values of types that nobody would send; what names the event stays. */
function wronglyTyped(payload: JsonObject): JsonObject {
	const names = ['event', 'event_id', 'event_type'];
	const values: JsonValue[] = [true, [1, [2]], { a: { b: 1 } }, -1, 'NaN', ''];
	let next = 0;
	const twist = (value: JsonValue): JsonValue => {
		if (Array.isArray(value)) return [...value.map(twist), 'text', null];
		if (typeof value === 'object' && value !== null) {
			return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, twist(entry)]));
		}
		return values[next++ % values.length] ?? null;
	};
	const twisted = twist(payload) as JsonObject;
	return {
		...twisted,
		...Object.fromEntries(
			names.filter((name) => name in payload).map((name) => [name, payload[name] ?? null]),
		),
	};
}

const everythingText = (payload: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(payload).map(([key, value]) => [
			key,
			typeof value === 'string' ? value : 'text',
		]),
	);

describe.each(senders)('$displayName', (sender) => {
	const [event = ''] = sender.events;

	it('without Simplify the item holds what was sent', async () => {
		const trigger = await liveTrigger(n8n, sender, { parameters: { simplify: false } });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		const item = await onlyItem(trigger);
		expect(Object.keys(item)).toEqual(['provider', 'event', 'payload', 'delivery']);
		expect(Object.keys(item.payload as JsonObject)).toEqual(Object.keys(sender.sample(event)));
		if (sender.provider !== 'troqueDevolva') expect(item.payload).toEqual(sender.sample(event));
	});

	it('with Include Payload the clean item holds it too', async () => {
		const trigger = await liveTrigger(n8n, sender, {
			parameters: { options: { includePayload: true } },
		});
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		const item = await onlyItem(trigger);
		expect(Object.keys(item).slice(-2)).toEqual(['delivery', 'payload']);
		expect(item).toMatchObject({ provider: sender.provider, event, delivery: { warning: null } });
	});

	it.each([
		['half its fields missing', (payload: JsonObject) => halved(payload) as JsonObject],
		['wrong types everywhere', wronglyTyped],
		['text where everything should be', everythingText],
		['nothing in it', () => ({})],
	])('a payload with %s becomes an item with all its keys', async (_name, change) => {
		const trigger = await liveTrigger(n8n, sender);
		const whole = await liveTrigger(n8n, sender);
		expectAnswer(
			await deliver(trigger, event, { payload: change(sender.sample(event)) }),
			200,
			RECEIVED,
		);
		expectAnswer(await deliver(whole, event), 200, RECEIVED);
		const { payload, ...item } = await onlyItem(trigger);
		const { delivery } = item as { delivery: { warning: string | null } };
		expect(payload !== undefined).toBe(delivery.warning !== null);
		expect(Object.keys(item)).toEqual(Object.keys(await onlyItem(whole)));
	});
});
