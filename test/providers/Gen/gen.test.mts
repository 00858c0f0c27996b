import { passesFilters } from '../../../nodes/core/filters';
import { routeOf } from '../../../nodes/core/event';
import { gen } from '../../../nodes/Gen/gen';
import { fixtureNames, idOf, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/Gen/sender.mts';

testItems('Gen', gen, sender);

const notification = (changes: JsonObject = {}): JsonObject => ({
	...readFixture('Gen', 'PAYMENT.CREATED'),
	...changes,
});
const payment = (changes: JsonObject = {}): JsonObject => ({
	...objectAt(notification(), 'data'),
	...changes,
});
const order = (): JsonObject => objectAt(readFixture('Gen', 'variation-order-event'), 'data');

describe('the event', () => {
	it.each<[JsonObject, string]>([
		[{ event: ' charge-in ' }, 'charge-in'],
		[{ name: 'Maria', event: { type: 'charge-create' } }, 'charge-create'],
		[{ event: 'PAYMENT.CREATED', type: 'ORDER.UPDATED' }, 'PAYMENT.CREATED'],
		[{ event: 'first', type: 'second' }, 'first'],
		[{ event: '', type: 'second' }, 'second'],
		[{ event: 'A..B', type: 'C.D' }, 'C.D'],
		[{ event: 'A.B.', type: 'C.D' }, 'C.D'],
		[{ event: ['PAYMENT.CREATED'] }, 'unknown'],
		[{ event: 7, data: { event: 'PAYMENT.CREATED' } }, 'unknown'],
		[{}, 'unknown'],
	])('of %j is %s', (body, name) => {
		expect(gen.eventOf({ body, headers: {}, query: {} })).toMatchObject({ name });
	});

	// A pattern that repeats a group so often is too much for the stack of regular expressions.
	it('may have a name of millions of parts', () => {
		const event = `A${'.A'.repeat(4_000_000)}`;
		const { name } = gen.eventOf({ body: { name: 'x', event }, headers: {}, query: {} });
		expect(name === event).toBe(true);
	});

	it.each<[string, string[], number]>([
		['PAYMENT.PAID', ['PAYMENT.CREATED', 'other'], -1],
		['SELLER.UPDATED', ['PAYMENT.*', 'other'], 1],
	])('%s with %j leaves by the output %i', (event, chosen, route) => {
		expect(routeOf(event, chosen, gen.events)).toBe(route);
	});
});

describe('a payment', () => {
	it('is the same item wherever it stands, and whatever says its event', () => {
		const bodies = fixtureNames('Gen')
			.filter((name) => /^variation-(payment-in|name-in)-/.test(name))
			.map((name) => readFixture('Gen', name));
		expect(bodies.length).toBeGreaterThanOrEqual(13);
		// The envelope may have keys of the same names.
		bodies.push(notification({ method: 'POST', status: 'SENT', id: 'evt-1', attempts: 2 }));
		const { delivery: _, ...expected } = itemOfBody(gen, notification());
		for (const body of bodies) {
			const { delivery: __, ...content } = itemOfBody(gen, body);
			expect(content).toEqual(expected);
		}
	});

	it('stands beside its order', () => {
		const beside: JsonObject[] = [
			{ event: 'PAYMENT.PAID', payment: payment(), order: order() },
			{ event: 'PAYMENT.PAID', data: { payment: payment(), order: order() } },
			{ event: 'PAYMENT.PAID', data: payment(), order: order() },
		];
		for (const body of beside) {
			expect(itemOfBody(gen, body)).toMatchObject({
				id: payment().id,
				status: 'PENDING',
				order: { id: order().id, externalId: 'id-sua-plataforma-123', total: 45.8 },
				payment: { id: payment().id, total: 100 },
				delivery: { warning: null },
			});
		}
	});

	it.each<[JsonObject, string | null, string | null]>([
		[{ payment: { id: '1' } }, '1', null],
		[{ order: { id: '1' } }, null, '1'],
		[{ payment: { id: '1', items: [] } }, null, '1'],
		[{ order: { id: '1', pix: {} } }, '1', null],
		[{ event: 'ORDER.UPDATED', data: { id: '1' } }, null, '1'],
		[{ event: 'PAYMENT.UPDATED', data: { id: '1' } }, '1', null],
		[{ event: 'charge-in', id: '1' }, '1', null],
		[{ data: { id: '1', total_cents: 1 } }, '1', null],
		[{ data: { id: '1' } }, null, null],
	])(
		'in %j is told from an order by its keys, else its place, else the event',
		(body, inPayment, inOrder) => {
			expect(itemOfBody(gen, body)).toMatchObject({
				payment: { id: inPayment },
				order: { id: inOrder },
			});
		},
	);

	it('stands beside the order that an event is about', () => {
		const body = { event: 'ORDER.UPDATED', data: { payment: payment(), order: order() } };
		expect(itemOfBody(gen, body)).toMatchObject({
			id: order().id,
			status: null,
			payment: { id: payment().id },
		});
	});

	it('has the amounts in reais', () => {
		const cents = { total_cents: 2290, discount_cents: '150', addition_cents: null };
		expect(itemOfBody(gen, notification({ data: payment(cents) }))).toMatchObject({
			payment: { total: 22.9, discount: 1.5, addition: null },
		});
	});

	it.each<[string, JsonObject, string]>([
		['it is a text', notification({ data: 'gone' }), 'data'],
		['its PIX is a text', notification({ data: payment({ pix: 'brcode' }) }), 'data.pix'],
	])('is not lost when %s', (_what, body, path) => {
		expect(itemOfBody(gen, body)).toMatchObject({
			event: 'PAYMENT.CREATED',
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

describe('the filters', () => {
	const passes = (settings: Record<string, unknown>, body: JsonObject) =>
		passesFilters(gen.filters, settings, body);

	it.each<[Record<string, unknown>, JsonObject, boolean]>([
		[{ status: ['PENDING'] }, notification(), true],
		[{ status: ['PAID'] }, notification(), false],
		[{ status: ['PAID'] }, { payment: payment({ status: 'HELD' }) }, false],
		[{ method: ['PIX'] }, notification(), true],
		[{ method: ['CREDIT'] }, notification(), false],
		[{ otherMethods: 'CREDIT_CARD' }, { data: payment({ method: 'CREDIT_CARD' }) }, true],
		[{ status: ['PAID'], method: ['PIX'] }, { event: 'ORDER.UPDATED', data: order() }, true],
	])('%j', (settings, body, passed) => {
		expect(passes(settings, body)).toBe(passed);
	});
});

describe('a delivery', () => {
	const ids = (bodies: JsonObject[]) => new Set(bodies.map((body) => idOf(gen, body)));

	it('has another id for every event of a payment, and for every change of it', () => {
		const bodies = [
			notification(),
			notification({ event: 'PAYMENT.PAID' }),
			notification({ data: payment({ status: 'PAID' }) }),
			notification({ data: payment({ id: 'another' }) }),
			notification({ data: payment({ comment: 'new' }) }),
		];
		expect(ids(bodies).size).toBe(5);
	});

	it.each<[string, (id: JsonValue) => JsonObject]>([
		['at the root', (id) => notification({ id })],
		['in the event', (id) => notification({ event: { id, type: 'PAYMENT.CREATED' } })],
	])('is known by the id of its event %s', (_where, withId) => {
		const retry = { ...withId('event-1'), attempt: 2 };
		expect(ids([withId('event-1'), retry]).size).toBe(1);
		expect(ids([withId('event-1'), withId('event-2')]).size).toBe(2);
		expect(ids([withId(1), withId(2)]).size).toBe(2);
	});

	it('is known by its bytes where its id has lost digits', () => {
		const sent = (digits: string) => {
			const json = `{"event":"PAYMENT.PAID","id":${digits},"data":{"order_id":"1"}}`;
			return idOf(gen, JSON.parse(json), undefined, json);
		};
		expect(sent('9007199254740993')).not.toBe(sent('9007199254740992'));
	});

	it('is not known by an id that every delivery to the same URL may have', () => {
		const sent = (data: JsonObject) => notification({ id: 'webhook-1', data });
		expect(ids([sent(payment()), sent(payment({ id: 'another' }))]).size).toBe(2);
		expect(ids([sent(payment()), sent(payment({ status: 'PAID' }))]).size).toBe(2);
		expect(ids([sent(payment()), sent(payment({ updated_at: 'later' }))]).size).toBe(2);
	});

	it('is not known by the id of its payment alone', () => {
		const id = payment().id ?? null;
		const changes = [
			[
				payment({ event: 'PAYMENT.UPDATED' }),
				payment({ event: 'PAYMENT.UPDATED', status: 'PAID' }),
			],
			[
				{ id, event: 'PAYMENT.UPDATED', data: payment() },
				{ id, event: 'PAYMENT.UPDATED', data: payment({ status: 'PAID' }) },
			],
		];
		for (const bodies of changes) expect(ids(bodies).size).toBe(2);
	});
});
