import { passesFilters } from '../../nodes/core/filters';
import { own, type Json } from '../../nodes/core/json';
import type { ProviderFilter } from '../../nodes/core/provider';
import { shop } from '../../testkit/fakes/fakeProvider';

it.each<[object, Json, boolean]>([
	[{}, 'PAID', true],
	[{ status: [] }, 'PAID', true],
	[{ otherStatuses: ' , ,' }, 'PAID', true],
	[{ status: undefined, otherStatuses: null }, 'PAID', true],
	[{ status: ['PAID', 'SENT'] }, ' SENT ', true],
	[{ status: ['PAID', 'SENT'] }, 'LOST', false],
	[{ status: ['PAID'] }, 'paid', false],
	[{ otherStatuses: 'HELD , 99' }, 'HELD', true],
	[{ status: ['PAID'], otherStatuses: 'HELD , 99' }, 'PAID', true],
	[{ status: ['PAID'], otherStatuses: 'HELD , 99' }, 99, true],
	[{ status: ['PAID'], otherStatuses: 'HELD , 99' }, 'LOST', false],
	...[null, '  ', { code: 'LOST' }, ['LOST'], true].map((status): [object, Json, boolean] => [
		// Not a value to compare.
		{ status: ['PAID'] },
		status,
		true,
	]),
])('the filter %j lets the status %j pass: %s', (settings, status, passes) => {
	expect(passesFilters(shop.filters, { ...settings }, { status })).toBe(passes);
});

it('deliveries without the filtered field pass', () => {
	expect(passesFilters(shop.filters, { status: ['PAID'] }, {})).toBe(true);
});

it('inherited members are not settings', () => {
	const odd: ProviderFilter = {
		properties: [{ displayName: 'X', name: 'constructor', type: 'string', default: '' }],
		values: () => ['LOST'],
	};
	expect(passesFilters([odd], {}, {})).toBe(true);
});

const total: ProviderFilter = {
	properties: [{ displayName: 'Minimum', name: 'minimum', type: 'number', default: 0 }],
	isMinimum: true,
	values: (body) => [own(body, 'total')],
};

it.each<[Json, Json, boolean]>([
	[10, 10, true],
	[10, 9.99, false],
	[10, '10.5', true],
	['=10', 11, false],
	[0, 5, true],
	[10, null, true],
	[null, 5, true],
])('the minimum %j lets %j pass: %s', (minimum, sent, passes) => {
	expect(passesFilters([total], { minimum }, { total: sent })).toBe(passes);
});

const kind: ProviderFilter = {
	properties: [{ displayName: 'Kind', name: 'kind', type: 'string', default: '' }],
	ignoreCase: true,
	values: (body) => [own(body, 'kinds') ?? []].flat(),
};

it.each<[string, string[], boolean]>([
	['PAID', ['book', 'GIFT'], true],
	['PAID', ['book'], false],
	['LOST', ['gift'], false],
])('every filter must match, with any of its values: %s, %j: %s', (status, kinds, passes) => {
	const settings = { status: ['PAID'], kind: 'Gift' };
	expect(passesFilters([...shop.filters, kind], settings, { status, kinds })).toBe(passes);
});
