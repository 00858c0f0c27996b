import { routeOf, textOf } from '../../nodes/core/event';
import { deepJson, shop } from '../../testkit/fakes/fakeProvider';

describe('which of the chosen codes takes an event', () => {
	it.each<[string, string[], number]>([
		['SALE.NEW', ['SALE.NEW'], 0],
		['SALE.NEW', ['SALE.*', 'SALE.NEW'], 1],
		['SALE.NEW', ['SALE.*'], 0],
		['SALE.NEW', ['REFUND', 'other'], -1],
		['SALE.PAID', ['SALE.NEW', 'SALE.*'], 1],
		['SALE.PAID', ['SALE.NEW', 'other'], -1],
		['SALE.PAID', ['SALE.*', 'SALE.P*'], 1],
		['SALE.PAID', ['SALE.P*', 'SALE.*'], 0],
		['SALE.', ['SALE.*'], 0],
		['SALE', ['SALE.*', 'other'], 1],
		['sale.new', ['SALE.NEW', 'SALE.*', 'other'], 2],
		['SELLER.NEW', ['SALE.*', 'REFUND'], -1],
		['SELLER.NEW', ['SALE.*', 'other'], 1],
		['SELLER.NEW', ['other', 'SELLER.*'], 1],
		['SELLER.NEW', ['other', 'SELLER.NEW'], 1],
		['unknown', ['SALE.*', 'other'], 1],
		['unknown', ['SALE.*'], -1],
		['REFUND', [], -1],
	])('%s with %j: %i', (event, chosen, route) => {
		expect(routeOf(event, chosen, shop.events)).toBe(route);
	});
});

describe('a name', () => {
	it.each<[unknown, string | undefined]>([
		[' SALE.NEW ', 'SALE.NEW'],
		['', undefined],
		[' \n', undefined],
		[null, undefined],
		[undefined, undefined],
		[7, undefined],
		[{ name: 'SALE.NEW' }, undefined],
		[['', ' SALE.NEW', 'REFUND'], 'SALE.NEW'],
		[[], undefined],
	])('of %j is %j', (sent, name) => expect(textOf(sent)).toBe(name));

	it('is looked for without end in no payload, however deeply it is nested', () => {
		expect(() => textOf(JSON.parse(deepJson(100_000)))).not.toThrow();
	});
});
