import { passesFilters } from '../../nodes/core/filters';
import { own, type Json, type JsonObject } from '../../nodes/core/json';
import type { ProviderFilter } from '../../nodes/core/provider';
import { shop } from '../../testkit/fakes/fakeProvider';

const passes = (settings: Record<string, unknown>, status: Json) =>
	passesFilters(shop.filters, settings, { status });

it.each([
	[{}],
	[{ status: [] }],
	[{ otherStatuses: '' }],
	[{ otherStatuses: ' , ,' }],
	[{ status: undefined, otherStatuses: null }],
])('lets everything pass while the filter is %j', (settings) => {
	expect(passes(settings, 'PAID')).toBe(true);
	expect(passes(settings, null)).toBe(true);
});

it('lets pass what is listed, and keeps the rest out', () => {
	expect(passes({ status: ['PAID', 'SENT'] }, 'SENT')).toBe(true);
	expect(passes({ status: ['PAID', 'SENT'] }, 'LOST')).toBe(false);
	expect(passes({ status: ['PAID'] }, 'paid')).toBe(false);
});

it('takes the values that the user typed beside those of the list', () => {
	const settings = { status: ['PAID'], otherStatuses: 'HELD , 99' };
	expect(passes(settings, 'PAID')).toBe(true);
	expect(passes(settings, 'HELD')).toBe(true);
	expect(passes(settings, 99)).toBe(true);
	expect(passes(settings, '99')).toBe(true);
	expect(passes(settings, 'LOST')).toBe(false);
});

it.each([[null], [''], ['  '], [{ code: 'LOST' }], [['LOST']], [true]])(
	'lets a delivery pass whose status is %j: it has no such value',
	(status) => expect(passes({ status: ['PAID'] }, status)).toBe(true),
);

it('lets a delivery without the field pass', () => {
	expect(passesFilters(shop.filters, { status: ['PAID'] }, {})).toBe(true);
});

it('does not take what every object has for a setting', () => {
	const odd: ProviderFilter = {
		properties: [{ displayName: 'X', name: 'constructor', type: 'string', default: '' }],
		values: () => ['LOST'],
	};
	expect(passesFilters([odd], {}, {})).toBe(true);
});

describe('several filters', () => {
	const kind: ProviderFilter = {
		properties: [{ displayName: 'Kind', name: 'kind', type: 'string', default: '' }],
		ignoreCase: true,
		values: (body) => {
			const kinds = own(body, 'kinds');
			return Array.isArray(kinds) ? kinds : [];
		},
	};
	const both = (settings: Record<string, unknown>, body: JsonObject) =>
		passesFilters([...shop.filters, kind], settings, body);

	it('must all let a delivery pass', () => {
		const settings = { status: ['PAID'], kind: 'gift' };
		expect(both(settings, { status: 'PAID', kinds: ['gift'] })).toBe(true);
		expect(both(settings, { status: 'PAID', kinds: ['book'] })).toBe(false);
		expect(both(settings, { status: 'LOST', kinds: ['gift'] })).toBe(false);
	});

	it('let a delivery pass of which any value matches', () => {
		expect(both({ kind: 'gift' }, { kinds: ['book', 'gift'] })).toBe(true);
	});

	it('ignore the case of values that no document spells', () => {
		expect(both({ kind: 'Gift' }, { kinds: ['GIFT'] })).toBe(true);
	});
});
