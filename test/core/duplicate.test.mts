import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Claims, deliveryId, type Claim } from '../../nodes/core/duplicate';
import type { JsonObject } from '../../nodes/core/json';
import { deepJson, sale, shop } from '../../testkit/fakes/fakeProvider';
import {
	edit,
	edited,
	jsonObject,
	reordered,
	withExactNumbers,
} from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';
import type { JsonValue } from '../../testkit/providers/senders.mts';

const idOf = (
	json: string,
	event = 'SALE.NEW',
	provider: Parameters<typeof deliveryId>[0] = shop,
) => deliveryId(provider, JSON.parse(json), event, Buffer.from(json));

const idOfBody = (body: JsonValue) => idOf(JSON.stringify(body));

describe('the id of a delivery', () => {
	it('is the same for every retry, whatever the order of the keys and the spaces', () => {
		expect(idOf('{ "b": [1, {"d": 1, "c": 2}], "a": "x" }')).toBe(
			idOf('{"a":"x","b":[1,{"c":2,"d":1}]}'),
		);
	});

	it.each([
		['null and nothing', '{"a":null}', '{}'],
		['an empty list and an empty object', '{"a":[]}', '{"a":{}}'],
		['the order of a list', '{"a":[1,2]}', '{"a":[2,1]}'],
		['where a text ends', '{"a":["b\\"c"]}', '{"a":["b","c"]}'],
		['where a key ends and its number begins', '{"a1":2}', '{"a":12}'],
		['which half of a character', '{"a":"\\ud800"}', '{"a":"\\udc00"}'],
		['what a key is of', '{"a":{"b":1},"c":2}', '{"a":{"b":1,"c":2}}'],
		['a key that every object has', '{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
		['an id beyond what a number can hold', '{"id":9007199254740992}', '{"id":9007199254740993}'],
		['a number that is too large', '{"id":1e400}', '{"id":null}'],
	])('differs with %s', (_what, first, second) => {
		expect(idOf(first)).not.toBe(idOf(second));
	});

	it('differs between providers', () => {
		expect(idOf('{}')).not.toBe(idOf('{}', 'SALE.NEW', { ...shop, id: 'shop2' }));
	});

	it('is short enough to read, and says nothing of what was sent', () => {
		expect(idOf('{"a":"secret"}')).toMatch(/^[0-9a-f]{32}$/);
	});

	it('is the same for two payloads just when they hold the same', () => {
		const body = fc.oneof(fc.constant(sale()), jsonObject).map(withExactNumbers);
		check(
			fc.property(body, edit, fc.nat(1_000), (one, change, order) => {
				const other = withExactNumbers(edited(one, change));
				expect(idOfBody(one) === idOfBody(other)).toBe(isDeepStrictEqual(one, other));
				expect(idOfBody(reordered(one, order))).toBe(idOfBody(one));
			}),
		);
	});

	it('differs where only punctuation does', () => {
		const part = fc.string({ unit: fc.constantFrom(...'01a",:;[]{}\\ '), maxLength: 4 });
		check(
			fc.property(part, part, fc.nat(99), fc.nat(99), (one, other, first, second) => {
				const values: JsonValue[] = [
					[one, other],
					[one + other],
					[`${one},${other}`],
					[`${one}","${other}`],
					[[one, other]],
					[[one], other],
					{ [one]: other },
					{ [one + other]: '' },
					{ [one]: { [other]: '' } },
					[one, { [other]: '' }],
					[first, second],
					[Number(`${first}${second}`)],
					[String(first), second],
					{ [one]: first, x: second },
					{ [`${one}:${first},x`]: second },
					{ [`${one}${first}`]: second },
					{ [`${one}":${first},"x`]: second },
				];
				const ids = new Set(values.map((value) => idOfBody({ value })));
				expect(ids.size).toBe(new Set(values.map((value) => JSON.stringify(value))).size);
			}),
		);
	});

	describe('of a payload that is compared by its bytes', () => {
		const deep = (leaf: string, depth = 100_000) => `{"a":${deepJson(depth).replace('1', leaf)}}`;

		it('is the same for a retry and differs with the content', () => {
			expect(idOf(deep('1'))).toBe(idOf(deep('1')));
			expect(idOf(deep('1'))).not.toBe(idOf(deep('2')));
		});

		it('differs between two events that are told apart outside the body', () => {
			const byEvent = {
				id: 'shop',
				identityOf: (body: JsonObject, event: string) => [event, body],
			};
			expect(idOf(deep('1'), 'SALE.NEW', byEvent)).not.toBe(idOf(deep('1'), 'REFUND', byEvent));
		});

		it.each([
			[200, true],
			[201, false],
		])('ignores spaces at a depth of %i: %s', (depth, isSame) => {
			expect(idOf(deep('1', depth)) === idOf(deep(' 1', depth))).toBe(isSame);
		});
	});
});

describe('a claim', () => {
	const WINDOW = 60_000;
	let claims: Claims;
	beforeEach(() => (claims = new Claims(3)));

	const ask = (key: string, now = 0, window = WINDOW) => claims.claim(key, window, now);

	function take(key: string, now = 0, window = WINDOW): Claim {
		const outcome = ask(key, now, window);
		if (outcome === 'duplicate' || !('claim' in outcome)) throw new Error(`${key} is taken.`);
		return outcome.claim;
	}

	function waitFor(key: string, now = 0): Promise<void> {
		const outcome = ask(key, now);
		if (outcome === 'duplicate' || !('undecided' in outcome)) throw new Error(`${key} is decided.`);
		return outcome.undecided;
	}

	it('makes copies duplicates until the window ends, which they do not prolong', () => {
		take('a').keep();
		expect(ask('a', 1)).toBe('duplicate');
		expect(ask('a', WINDOW - 1)).toBe('duplicate');
		expect(() => take('b')).not.toThrow();
		expect(() => take('a', WINDOW)).not.toThrow();
	});

	it.each(['keep', 'release'] as const)('lets copies wait until it is decided: %s', async (end) => {
		const claim = take('a');
		const copy = waitFor('a');
		claim[end]();
		await copy;
		if (end === 'keep') expect(ask('a')).toBe('duplicate');
		else expect(() => take('a')).not.toThrow();
	});

	it('makes copies wait even after the window, while it is undecided', () => {
		take('a');
		expect(() => waitFor('a', WINDOW * 2)).not.toThrow();
	});

	it('stays kept when the connection closes after the answer', () => {
		const claim = take('a');
		claim.keep();
		claim.release();
		expect(ask('a')).toBe('duplicate');
	});

	it('stays given back when an answer is written to a closed connection', () => {
		const claim = take('a');
		claim.release();
		claim.keep();
		expect(() => take('a')).not.toThrow();
	});

	it('that was given back cannot end the claim of the copy that took over', () => {
		const first = take('a');
		first.release();
		take('a').keep();
		first.release();
		expect(ask('a')).toBe('duplicate');
	});

	describe('among many', () => {
		it('is forgotten first when it is the oldest', () => {
			for (let key = 0; key < 1_000; key += 1) take(String(key)).keep();
			expect(claims.size).toBe(3);
			expect(ask('997')).toBe('duplicate');
			expect(() => take('996')).not.toThrow();
		});

		it('is bounded in age', () => {
			for (const key of ['a', 'b', 'c']) take(key).keep();
			take('d', WINDOW).keep();
			expect(claims.size).toBe(1);
		});

		it('is not forgotten while it is undecided', () => {
			const first = take('a');
			for (const key of ['b', 'c', 'd', 'e']) take(key).keep();
			expect(() => waitFor('a')).not.toThrow();
			first.keep();
			expect(ask('a')).toBe('duplicate');
		});
	});
});
