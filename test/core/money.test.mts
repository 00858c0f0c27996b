import fc from 'fast-check';
import { centsOf } from '../../nodes/core/money';
import { check } from '../../testkit/hostile/fuzz.mts';

const inCents = (reais: unknown) => centsOf(reais, 'Amount');

it.each([
	[0, 0],
	[0.01, 1],
	[0.1 + 0.2, 30],
	[1.1 * 3, 330],
	[9999999999.99, 999999999999],
	[999999999999.99, 99999999999999],
	['19.99', 1999],
	[' 22.9 ', 2290],
	['.5', 50],
	['+7.', 700],
])('%p reais are %i cents', (reais, cents) => expect(inCents(reais)).toBe(cents));

it.each<[unknown, RegExp]>([
	['', /^Amount must be an amount in reais, as in 19\.99\.$/],
	['  ', /must be an amount/],
	['.', /must be an amount/],
	['19,99', /must be an amount/],
	['1.399,90', /must be an amount/],
	['R$ 10', /must be an amount/],
	['10 R$', /must be an amount/],
	['0x10', /must be an amount/],
	['0b11', /must be an amount/],
	['1e3', /must be an amount/],
	[undefined, /must be an amount/],
	[null, /must be an amount/],
	[true, /must be an amount/],
	[[7], /must be an amount/],
	[{}, /must be an amount/],
	[Number.NaN, /must be an amount/],
	[Number.POSITIVE_INFINITY, /must be an amount/],
	['Infinity', /must be an amount/],
	[-0.01, /^Amount is below zero/],
	['-7', /^Amount is below zero/],
	[1e12, /^Amount is too large to be exact/],
	[0.001, /^Amount has parts of a cent/],
	['10.505', /parts of a cent/],
])('%p is refused', (reais, message) => expect(() => inCents(reais)).toThrow(message));

/** Whole reais, and the two digits after the point. */
const amount = fc.tuple(fc.nat(999_999_999), fc.nat(99));
const textOf = (reais: number, part: number) => `${reais}.${String(part).padStart(2, '0')}`;

it('agrees with the digits that were typed', () => {
	check(
		fc.property(amount, ([reais, part]) => {
			const text = textOf(reais, part);
			for (const typed of [text, ` ${text}\n`, `0${text}`, `${text}0`, Number(text)]) {
				expect(inCents(typed)).toBe(reais * 100 + part);
			}
		}),
	);
});

it('agrees with what amounts add up to', () => {
	check(
		fc.property(fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 20 }), (parts) => {
			const reais = parts.reduce((sum, part) => sum + part / 100, 0);
			expect(inCents(reais)).toBe(parts.reduce((sum, part) => sum + part, 0));
		}),
	);
});

it('refuses parts of a cent, as a text and as a number', () => {
	check(
		fc.property(amount, fc.integer({ min: 1, max: 9 }), ([reais, part], third) => {
			const text = `${textOf(reais, part)}${third}`;
			for (const typed of [text, Number(text), `${text}00`]) {
				expect(() => inCents(typed)).toThrow(/parts of a cent/);
			}
		}),
	);
});
