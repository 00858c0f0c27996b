import { centsOf } from '../../nodes/core/money';

it.each([
	[0, 0],
	[0.01, 1],
	[0.1 + 0.2, 30],
	[0.29, 29],
	[1.005 + 0.005, 101],
	[19.99, 1999],
	[45.8, 4580],
	[1.1 * 3, 330],
	[1234567.89, 123456789],
	[9999999999.99, 999999999999],
	['19.99', 1999],
	[' 22.9 ', 2290],
	['7', 700],
])('%p reais are %i cents', (reais, cents) => {
	expect(centsOf(reais, 'Amount')).toBe(cents);
});

it.each<[unknown, RegExp]>([
	['', /^Amount must be an amount in reais, as in 19\.99\.$/],
	['  ', /must be an amount/],
	['19,99', /must be an amount/],
	['R$ 10', /must be an amount/],
	[undefined, /must be an amount/],
	[null, /must be an amount/],
	[true, /must be an amount/],
	[[7], /must be an amount/],
	[Number.NaN, /must be an amount/],
	[Number.POSITIVE_INFINITY, /must be an amount/],
	['Infinity', /must be an amount/],
	[-0.01, /^Amount is below zero/],
	[1e15, /^Amount is too large to be exact/],
	[0.001, /^Amount has parts of a cent/],
	[19.999, /parts of a cent/],
	['10.505', /parts of a cent/],
])('%p is refused', (reais, message) => {
	expect(() => centsOf(reais, 'Amount')).toThrow(message);
});
