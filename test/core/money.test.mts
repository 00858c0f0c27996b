import fc from 'fast-check';
import { centsOf } from '../../nodes/core/money';
import { check } from '../../testkit/hostile/fuzz.mts';

const inCents = (reais: unknown) => centsOf(reais, 'Amount');

it.each([
	[0, 0],
	[0.1 + 0.2, 30],
	[999999999999.99, 99999999999999],
	[' 22.9 ', 2290],
	['.5', 50],
	['+7.', 700],
])('%p reais are %i cents', (reais, cents) => expect(inCents(reais)).toBe(cents));

it.each([
	...['', '  ', '.', '19,99', '1.399,90', 'R$ 10', '10 R$', '0x10', '0b11', '1e3', 'Infinity'],
	...[undefined, null, true, [7], {}, Number.NaN, Number.POSITIVE_INFINITY],
])('%p is not an amount', (reais) => {
	expect(() => inCents(reais)).toThrow(/^Amount must be an amount in reais, as in 19\.99\.$/);
});

it.each<[unknown, RegExp]>([
	[-0.01, /^Amount is below zero/],
	['-7', /^Amount is below zero/],
	[1e12, /^Amount is too large to be exact/],
	[0.001, /^Amount has parts of a cent/],
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
