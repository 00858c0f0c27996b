import { passesFilters } from '../../../nodes/core/filters';
import { goatCom } from '../../../nodes/GoatCom/goatCom';
import { idOf, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
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
		[{ event_type: null }, 'unknown'],
		[{ event: 'ORDER_APPROVED' }, 'unknown'],
	])('of %j is %s', (body, name) => {
		expect(goatCom.eventOf({ body, headers: {}, query: {} })).toMatchObject({ name });
	});
});

describe('an order', () => {
	it.each<[string, JsonObject, string]>([
		['the products are an object', order({ cart: { products: {} } }), 'cart.products'],
		['an amount has a comma', order({ total_price: '1.399,90' }), 'total_price'],
	])('is not lost when %s', (_what, body, path) => {
		expect(itemOfBody(goatCom, body)).toMatchObject({
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

describe('an abandoned cart', () => {
	it('has the id of the cart, however its event is written', () => {
		const body = { ...readFixture('GoatCom', 'CART_ABANDONED'), event_type: [' CART_ABANDONED '] };
		expect(itemOfBody(goatCom, body)).toMatchObject({ event: 'CART_ABANDONED', id: '11569' });
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
		[{ paymentMethod: 'Pix, card' }, { payment_method: 'pix' }, true],
		[{ paymentMethod: 'card' }, { payment_method: 'pix' }, false],
		[{ paymentMethod: 'card' }, { payment_method: null }, true],
	])('%j with %j: %s', (settings, changes, passed) => {
		expect(passes(settings, changes)).toBe(passed);
	});
});

it('a delivery that differs in anything has an id of its own', () => {
	const cart = objectAt(order(), 'cart');
	const bodies = [
		order(),
		order({ status: 'INVOICED' }),
		order({ event_type: 'ORDER_APPROVED' }),
		order({ cart: { ...cart, total_price: 1400 } }),
	];
	expect(new Set(bodies.map((body) => idOf(goatCom, body))).size).toBe(4);
	expect(goatCom.ignoresDuplicatesByDefault).toBe(true);
});
