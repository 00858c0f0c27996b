import { deliveryId } from '../../../nodes/core/duplicate';
import { logEntriesOf } from '../../../nodes/Gen/eventLog';
import { gen } from '../../../nodes/Gen/gen';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';

const payment = objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
const event = (changes: JsonObject = {}): JsonObject => ({
	event: 'PAYMENT.CREATED',
	data: payment,
	...changes,
});
const keys = (answer: Parameters<typeof logEntriesOf>[0]) =>
	logEntriesOf(answer)?.map(({ key }) => key);

it('reads a bare list and one in data, and nothing else', () => {
	const list = [event({ id: 'evt-1' }), event({ id: 'evt-2' })];
	expect(logEntriesOf(list)).toHaveLength(2);
	expect(logEntriesOf({ data: list })).toEqual(logEntriesOf(list));
	const others: JsonValue[] = [{ results: list }, { data: {} }, 'text', null, 7];
	for (const answer of others) {
		expect(logEntriesOf(answer)).toBeUndefined();
	}
});

it("keys an entry by the webhook's delivery id of the same event", () => {
	const body = event({ id: 'evt-1', inserted_at: '2026-11-20T10:00:00Z' });
	expect(keys([body])).toEqual([
		deliveryId(gen, body, 'PAYMENT.CREATED', Buffer.from(JSON.stringify(body))),
	]);
});

it('takes equal entries for different events, unless they have the same id of their own', () => {
	expect(new Set(keys([event(), event(), event()])).size).toBe(3);
	expect(keys([event({ id: 'evt-1' }), event({ id: 'evt-1' })])).toHaveLength(1);
});

it('keeps what is no event, to be reported', () => {
	const entries = logEntriesOf([event(), 'broken', null, ['list']]);
	expect(entries?.map(({ body }) => body === undefined)).toEqual([false, true, true, true]);
	expect(new Set(entries?.map(({ key }) => key)).size).toBe(4);
});

it('knows when an event happened, from its own time or from that of its payment', () => {
	const [own, ofPayment, none] =
		logEntriesOf([
			event({ inserted_at: '2026-11-20T10:00:00Z' }),
			event(),
			{ event: 'PAYMENT.CREATED' },
		]) ?? [];
	expect(own?.time).toBe(Date.UTC(2026, 10, 20, 10));
	expect(ofPayment?.time).toBe(Date.parse(String(payment.updated_at)));
	expect(none?.time).toBeUndefined();
});
