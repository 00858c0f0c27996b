import { passesFilters } from '../../../nodes/core/filters';
import { goatCom } from '../../../nodes/GoatCom/goatCom';
import { idOf, itemFrom, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/GoatCom/sender.mts';

testItems('GoatCom', goatCom, sender);

const order = (changes: JsonObject = {}): JsonObject => ({
	...readFixture('GoatCom', 'ORDER_UPDATE'),
	...changes,
});

describe('the event', () => {
	it.each<[JsonObject, string]>([
		[{ event_type: 'ORDER_APPROVED' }, 'ORDER_APPROVED'],
		[{ event_type: 'ORDER_SHIPPED' }, 'ORDER_SHIPPED'],
		[{ event_type: null }, 'unknown'],
		[{ event: 'ORDER_APPROVED' }, 'unknown'],
	])('of %j is %s', (body, name) => {
		expect(goatCom.eventOf({ body, headers: {}, query: {} })).toEqual({ name });
	});
});

describe('an order', () => {
	it('has dates in the zone that the user chose', () => {
		const delivery = { body: order(), headers: {}, query: {} };
		expect(itemFrom(goatCom, delivery)).toMatchObject({
			createdAt: '2025-06-13T18:25:41-03:00',
			payment: { paidAt: '2025-06-13T00:00:00-03:00' },
			shipping: { estimatedAt: '2025-06-14T18:25:41-03:00' },
		});
		expect(itemFrom(goatCom, delivery, { timezone: 'America/Manaus' })).toMatchObject({
			createdAt: '2025-06-13T18:25:41-04:00',
		});
	});

	it('is not lost when the time zone does not exist', () => {
		const delivery = { body: order(), headers: {}, query: {} };
		expect(itemFrom(goatCom, delivery, { timezone: 'Brasilia' })).toMatchObject({
			createdAt: null,
			delivery: {
				warning: expect.stringMatching(
					/^Unreadable: created_at, payment_date, shipping.delivery_time\. .*time zone/,
				),
			},
			payload: order(),
		});
	});

	it('has its totals and those of the cart side by side, and computes nothing', () => {
		expect(itemOfBody(goatCom, order())).toMatchObject({
			order: { total: 80 },
			cart: { total: 1399.9, subtotal: 1.4, discount: 1398.5, shipping: 0 },
		});
	});

	it.each<[string, JsonObject, string]>([
		['the cart is a text', order({ cart: 'gone' }), 'cart'],
		['the products are an object', order({ cart: { products: {} } }), 'cart.products'],
		['an amount has a comma', order({ total_price: '1.399,90' }), 'total_price'],
		['the shipping is a list', order({ shipping: [] }), 'shipping'],
	])('is not lost when %s', (_what, body, path) => {
		expect(itemOfBody(goatCom, body)).toMatchObject({
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

describe('an abandoned cart', () => {
	it('has the id of the cart, and of no order', () => {
		expect(itemOfBody(goatCom, readFixture('GoatCom', 'CART_ABANDONED'))).toMatchObject({
			id: '11569',
			cart: { id: '11569' },
			order: { id: null },
		});
	});

	it('passes every filter: it has no status and no payment', () => {
		const cart = readFixture('GoatCom', 'CART_ABANDONED');
		const settings = { status: ['PAID'], paymentMethod: 'pix' };
		expect(passesFilters(goatCom.filters, settings, cart)).toBe(true);
	});
});

describe('the filters', () => {
	const passes = (settings: Record<string, unknown>, changes: JsonObject = {}) =>
		passesFilters(goatCom.filters, settings, order(changes));

	it('offer the ten documented statuses', () => {
		const documented = readFixture<string[]>('GoatCom', 'statuses');
		const options = goatCom.filters[0]?.properties[0]?.options ?? [];
		const offered = options.map((option) => ('value' in option ? option.value : undefined));
		expect(offered.sort()).toEqual(documented.sort());
	});

	it.each<[Record<string, unknown>, JsonObject, boolean]>([
		[{ status: ['PAID', 'INVOICED'] }, { status: 'INVOICED' }, true],
		[{ status: ['PAID'] }, { status: 'PENDING' }, false],
		[{ status: ['PAID'], otherStatuses: 'HELD' }, { status: 'HELD' }, true],
		[{ paymentMethod: 'Pix, card' }, { payment_method: 'pix' }, true],
		[{ paymentMethod: 'card' }, { payment_method: 'pix' }, false],
		[{ paymentMethod: 'card' }, { payment_method: null }, true],
	])('%j with %j: %s', (settings, changes, passed) => {
		expect(passes(settings, changes)).toBe(passed);
	});
});

describe('a delivery', () => {
	it('has the same id when it is sent again, and another when anything differs', () => {
		expect(idOf(goatCom, order())).toBe(idOf(goatCom, order()));
		const cart = objectAt(order(), 'cart');
		const others = [
			order({ status: 'INVOICED' }),
			order({ event_type: 'ORDER_APPROVED' }),
			order({ cart: { ...cart, total_price: 1400 } }),
		];
		const ids = [order(), ...others].map((body) => idOf(goatCom, body));
		expect(new Set(ids).size).toBe(4);
	});
});
