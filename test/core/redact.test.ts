import type { JsonObject } from '../../nodes/core/json';
import { redactor } from '../../nodes/core/redact';
import { deepJson } from '../../testkit/fakes/fakeProvider';

const TOKEN = 'top secret/+ü&token';
const GONE = '[redacted]';
const redacted = (body: JsonObject, tokens = [TOKEN]) => redactor(tokens).payload(body).payload;

describe('a token in what leaves the node', () => {
	it.each([
		['as it is', TOKEN],
		['as a part of a URL', encodeURIComponent(TOKEN)],
		['as a part of a form', encodeURIComponent(TOKEN).replaceAll('%20', '+')],
		['as a part of a URL in lower case', 'top%20secret%2f%2b%c3%bc%26token'],
	])('is redacted, written %s', (_how, written) => {
		const { text, payload } = redactor([TOKEN]);
		expect(text(`a${written}b${written}`)).toBe(`a${GONE}b${GONE}`);
		expect(payload({ url: `https://x/?t=${written}` }).payload).toEqual({
			url: `https://x/?t=${GONE}`,
		});
	});

	it('is redacted in values, lists and keys, however deep', () => {
		const body = { a: [{ b: [`x${TOKEN}`] }], [`k${TOKEN}`]: { [TOKEN]: TOKEN } };
		expect(redacted(body)).toEqual({ a: [{ b: [`x${GONE}`] }], [`k${GONE}`]: { [GONE]: GONE } });
	});

	it('is redacted in a key beside one that reads as if it had been redacted', () => {
		expect(JSON.stringify(redacted({ [TOKEN]: 1, [GONE]: 1 }))).not.toContain(TOKEN);
	});

	it('is redacted where it is sent as a number', () => {
		expect(redacted({ a: 1234567890, b: [12345678], c: 1234 }, ['12345678'])).toEqual({
			a: GONE,
			b: [GONE],
			c: 1234,
		});
	});

	it('is redacted when it is the previous one, or part of the other one', () => {
		const tokens = ['secret-1234', 'secret-1234-longer'];
		expect(redacted({ a: 'secret-1234-longer secret-1234' }, tokens)).toEqual({
			a: `${GONE} ${GONE}`,
		});
	});

	it('is taken as it is, not as a pattern', () => {
		expect(redacted({ a: 'a.c(d)[e]$&', b: 'abc(d)[e]$&' }, ['a.c(d)[e]$&'])).toEqual({
			a: GONE,
			b: 'abc(d)[e]$&',
		});
	});

	it('of fewer than 8 characters stands in too many innocent places to be redacted', () => {
		expect(redacted({ a: 'secret7' }, ['secret7'])).toEqual({ a: 'secret7' });
		expect(redacted({ a: 'secret-8' }, ['secret-8'])).toEqual({ a: GONE });
	});
});

describe('a payload without secrets', () => {
	it('stays as it was sent', () => {
		const body = { a: [1, 'x', null, true, { b: [] }], c: {} };
		expect(redactor([TOKEN]).payload(body)).toEqual({ payload: body, cut: false });
		expect(redactor([]).payload(body)).toEqual({ payload: body, cut: false });
	});

	it('is not changed itself when a copy has to be', () => {
		const body = { a: { b: TOKEN } };
		redacted(body);
		expect(body).toEqual({ a: { b: TOKEN } });
	});

	it('keeps a key named __proto__ as an ordinary one', () => {
		const body = JSON.parse(`{"__proto__":{"a":"${TOKEN}"},"b":1}`) as JsonObject;
		const copy = redacted(body);
		expect(JSON.stringify(copy)).toBe(`{"__proto__":{"a":"${GONE}"},"b":1}`);
		expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
	});
});

it.each([10_000, 100_000])('a payload nested %i levels deep is cut off, and says so', (depth) => {
	const body = { a: JSON.parse(deepJson(depth)), b: 1 };
	const { payload, cut } = redactor([TOKEN]).payload(body);
	expect(cut).toBe(true);
	expect(payload.b).toBe(1);
	expect(JSON.stringify(payload)).toContain('[nested too deeply]');
	expect(JSON.stringify(payload).length).toBeLessThan(1_000);
});
