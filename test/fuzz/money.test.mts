import fc from 'fast-check';
import { centsOf } from '../../nodes/core/money';
import { cents, number } from '../../nodes/core/fields';
import { check } from '../../testkit/hostile/fuzz.mts';

const MAX_REAIS = 1_000_000_000;

/** Whole reais, and the two digits after the point. */
const amount = fc.tuple(fc.nat(MAX_REAIS - 1), fc.nat(99));
const textOf = (reais: number, part: number) => `${reais}.${String(part).padStart(2, '0')}`;

const inCents = (reais: unknown) => centsOf(reais, 'Amount');

it('agrees with the digits that were typed', () => {
	check(
		fc.property(amount, ([reais, part]) => {
			const text = textOf(reais, part);
			const expected = Number(text.replace('.', ''));
			const written = [text, ` ${text}\n`, `0${text}`, `${text}0`, Number(text)];
			if (part % 10 === 0) written.push(text.slice(0, -1));
			if (part === 0) written.push(String(reais), reais);
			expect(written.map(inCents)).toEqual(written.map(() => expected));
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
			for (const typed of [text, Number(text), ` ${text}`, `${text}00`]) {
				expect(() => inCents(typed)).toThrow(/parts of a cent/);
			}
		}),
	);
});

it('refuses what is below zero', () => {
	check(
		fc.property(amount, ([reais, part]) => {
			fc.pre(reais + part > 0);
			const text = `-${textOf(reais, part)}`;
			for (const typed of [text, Number(text)]) expect(() => inCents(typed)).toThrow(/below zero/);
		}),
	);
});

it('refuses what is no number: texts with other signs, and anything else', () => {
	const text = fc
		.string()
		.filter((typed) => !/^[\s\d.+-]*(e[+-]?\d+)?\s*$|^\s*0[xob]/i.test(typed));
	const other = fc.oneof(
		text,
		fc.boolean(),
		fc.object(),
		fc.array(fc.nat()),
		fc.constantFrom(null, undefined, ''),
	);
	check(
		fc.property(other, amount, (typed, [reais, part]) => {
			expect(() => inCents(typed)).toThrow(/must be an amount/);
			const commas = textOf(reais, part).replace('.', ',');
			for (const local of [commas, `R$ ${commas}`, `1.${commas}`, `${reais}_${part}`]) {
				expect(() => inCents(local)).toThrow(/must be an amount/);
			}
		}),
	);
});

// Number() reads these; nobody writes an amount so, and a slip of the keyboard would move money.
it.each(['0x10', '0b11', '0o7', '1e3', '1E-1'])('refuses %s', (typed) => {
	expect(() => inCents(typed)).toThrow(/must be an amount/);
});

it('is the way back from what an item says of cents', () => {
	check(
		fc.property(fc.nat(MAX_REAIS), fc.boolean(), (sent, isText) => {
			const reais = cents.read(isText ? String(sent) : sent, {});
			expect(inCents(reais)).toBe(sent);
		}),
	);
});

it('reads a number of an item as it was sent, or not at all', () => {
	check(
		fc.property(
			fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^-?\d{1,20}([.,]\d{0,5})?$/)),
			(sent) => {
				const read = number.read(sent, {});
				if (read === undefined) return;
				expect(Number.isFinite(read)).toBe(true);
				expect(read).toBe(typeof sent === 'string' ? Number.parseFloat(sent) : sent);
				expect(String(sent)).toMatch(/^\s*-?[\d.]+(e[+-]\d+)?\s*$/);
			},
		),
	);
});
