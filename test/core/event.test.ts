import fc from 'fast-check';
import { routeOf, textOf } from '../../nodes/core/event';
import { OTHER } from '../../nodes/core/provider';
import { deepJson, shop } from '../../testkit/fakes/fakeProvider';
import { check } from '../../testkit/hostile/fuzz.mts';

describe('the chosen code that matches an event', () => {
	it.each<[string, string[], number]>([
		['SALE.NEW', ['SALE.*', 'SALE.NEW'], 1],
		['SALE.NEW', ['REFUND', 'SALE.*'], 1],
		['SALE.PAID', ['SALE.NEW', 'other'], -1],
		['SALE.PAID', ['SALE.*', 'SALE.P*'], 1],
		['SALE', ['SALE.*', 'other'], 1],
		['sale.new', ['SALE.NEW', 'SALE.*', 'other'], 2],
		['SELLER.NEW', ['SALE.*', 'REFUND'], -1],
		['unknown', ['SALE.*', 'other'], 1],
	])('for %s among %j: %i', (event, chosen, route) => {
		expect(routeOf(event, chosen, shop.events)).toBe(route);
	});

	it('is the exact one, else the longest pattern, else Other for what is not documented', () => {
		const word = fc.stringMatching(/^[AB]{0,3}$/);
		const code = fc.oneof(
			word,
			word.map((prefix) => `${prefix}*`),
			fc.constant(OTHER),
		);
		check(
			fc.property(word, fc.uniqueArray(code), fc.uniqueArray(code), (event, chosen, codes) => {
				const documented = codes.map((name) => ({ code: name, name, label: '', description: '' }));
				// From the longest prefix of the event to the empty one.
				const patterns = Array.from(
					{ length: event.length + 1 },
					(_, cut) => `${event.slice(0, event.length - cut)}*`,
				);
				const isDocumented = [event, ...patterns].some((name) => codes.includes(name));
				const candidates = [event, ...patterns, ...(isDocumented ? [] : [OTHER])];
				const expected = candidates.find((name) => chosen.includes(name));
				expect(routeOf(event, chosen, documented)).toBe(
					expected === undefined ? -1 : chosen.indexOf(expected),
				);
			}),
		);
	});
});

describe('the text', () => {
	it.each<[unknown, string | undefined]>([
		[' SALE.NEW ', 'SALE.NEW'],
		['', undefined],
		[' \n', undefined],
		[null, undefined],
		[undefined, undefined],
		[7, undefined],
		[{ name: 'SALE.NEW' }, undefined],
		[['', ' SALE.NEW', 'REFUND'], 'SALE.NEW'],
		[[['SALE.NEW']], undefined],
	])('of %j is %j', (value, text) => expect(textOf(value)).toBe(text));

	it('is not searched for in nested lists, however deep', () => {
		expect(() => textOf(JSON.parse(deepJson(100_000)))).not.toThrow();
	});
});
