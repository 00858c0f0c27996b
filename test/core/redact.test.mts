import fc, { type Arbitrary } from 'fast-check';
import type { JsonObject } from '../../nodes/core/json';
import { redactor } from '../../nodes/core/redact';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import { edit, headerToken, jsonObject, mutated } from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';
import type { JsonValue } from '../../testkit/providers/senders.mts';

const TOKEN = 'top secret/+ü&token';
const GONE = '[redacted]';
const redacted = (body: JsonObject, tokens = [TOKEN]) => redactor(tokens).payload(body).payload;

describe('a token is redacted', () => {
	it.each([
		['as it is', TOKEN, TOKEN],
		['in a URL', TOKEN, 'top%20secret%2F%2B%C3%BC%26token'],
		['in a URL in lower case', TOKEN, 'top%20secret%2f%2b%c3%bc%26token'],
		['in a form', TOKEN, 'top+secret%2F%2B%C3%BC%26token'],
		["in a URL of PHP's rawurlencode", "a~token!'()*012", 'a~token%21%27%28%29%2A012'],
		["in a URL of PHP's urlencode", "a~token!'()*012", 'a%7Etoken%21%27%28%29%2A012'],
		['in lower case there', "a~token!'()*012", 'a%7etoken%21%27%28%29%2a012'],
		['in URLSearchParams', "a~token!'()*012", 'a%7Etoken%21%27%28%29*012'],
		['in JSON with quotes', 'a-token-"-\\-in-it', 'a-token-\\"-\\\\-in-it'],
		['in JSON of PHP', 'a/token+in/base64==', 'a\\/token+in\\/base64=='],
	])('written %s', (_how, token, written) => {
		const { text, payload } = redactor([token]);
		expect(text(`a${written}b${written}`)).toBe(`a${GONE}b${GONE}`);
		expect(payload({ log: `{"token":"${written}"}` }).payload).toEqual({
			log: `{"token":"${GONE}"}`,
		});
	});

	it('in values, lists and keys', () => {
		const body = { a: [{ b: [`x${TOKEN}`] }], [`k${TOKEN}`]: { [TOKEN]: TOKEN } };
		expect(redacted(body)).toEqual({ a: [{ b: [`x${GONE}`] }], [`k${GONE}`]: { [GONE]: GONE } });
	});

	it.each([12345678, -12345678, 123456.789, 1.25e-10])('in the number %d', (number) => {
		expect(redacted({ a: number, b: [number], c: 1234 }, [String(number)])).toEqual({
			a: GONE,
			b: [GONE],
			c: 1234,
		});
	});

	it('when it is the previous one, also as a part of the other', () => {
		const tokens = ['secret-1234', 'secret-1234-longer'];
		expect(redacted({ a: 'secret-1234-longer secret-1234' }, tokens)).toEqual({
			a: `${GONE} ${GONE}`,
		});
	});

	it('literally, not as a pattern', () => {
		const body = { a: 'a.c(d)[e]$&', b: 'abc(d)[e]$&' };
		expect(redacted(body, ['a.c(d)[e]$&'])).toEqual({ ...body, a: GONE });
	});

	it('from 8 characters on: shorter ones are part of too many innocent texts', () => {
		expect(redacted({ a: 'secret7 secret-8' }, ['secret7', 'secret-8'])).toEqual({
			a: `secret7 ${GONE}`,
		});
	});

	it('with half a character', () => {
		const half = 'a-token-with-half-\ud83d';
		expect(redacted({ a: half }, [half])).toEqual({ a: GONE });
	});
});

it('a payload without secrets has the same content, and the original is left alone', () => {
	const body = { a: [1, 'x', null, true, { b: [] }], c: {} };
	expect(redactor([TOKEN]).payload(body)).toEqual({ payload: body, cut: false });
	expect(redactor([]).payload(body)).toEqual({ payload: body, cut: false });
	const echo = { a: { b: TOKEN } };
	redacted(echo);
	expect(echo).toEqual({ a: { b: TOKEN } });
});

it('a key named __proto__ stays an ordinary one', () => {
	const copy = redacted(JSON.parse(`{"__proto__":{"a":"${TOKEN}"},"b":1}`));
	expect(JSON.stringify(copy)).toBe(`{"__proto__":{"a":"${GONE}"},"b":1}`);
	expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});

it.each([
	[200, false],
	[201, true],
	[100_000, true],
])('a payload nested %i levels deep is cut off: %s', (depth, isCut) => {
	const { payload, cut } = redactor([TOKEN]).payload({ a: JSON.parse(deepJson(depth)), b: 1 });
	expect(cut).toBe(isCut);
	expect(payload.b).toBe(1);
	const json = JSON.stringify(payload);
	expect(json.includes('[nested too deeply]')).toBe(isCut);
	expect(json.length).toBeLessThan(1_000);
});

/** How a secret is written where it is echoed. */
const spelling = fc.constantFrom<(secret: string) => string>(
	(secret) => secret,
	(secret) => encodeURIComponent(secret),
	(secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
	(secret) => encodeURIComponent(secret).replaceAll('%20', '+'),
);

/** A secret inside something: a text, or a key, of its own or with more around it. */
const echo = (secret: string): Arbitrary<JsonValue> =>
	fc.tuple(spelling, fc.string(), fc.string()).chain(([spell, before, after]) => {
		const spelled = spell(secret);
		return fc.constantFrom<JsonValue>(
			spelled,
			{ [`${before}${spelled}${after}`]: after },
			`${before}${spelled}${after}${spelled}`,
			`https://user:${spelled}@example.com/${spelled}?token=${spelled}#${spelled}`,
			`{"Authorization":"Bearer ${spelled}"}`,
			[before, [spelled, { a: spelled }]],
		);
	});

/** Every text in a value, keys too. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) => [key, ...textsIn(entry)]);
}

/** The text without percent-encoding, as far as it has any. */
const decoded = (text: string) =>
	text.replace(/(%[\da-f]{2})+/gi, (bytes) =>
		Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
	);

/** The texts that still show a secret, however they are decoded. */
const traces = (value: unknown, secret: string) =>
	textsIn(value).filter((text) =>
		[text, decoded(text), decoded(text.replaceAll('+', ' '))].some((read) => read.includes(secret)),
	);

it('no trace of two tokens is left, wherever a payload repeats them', () => {
	const scene = fc.tuple(headerToken, headerToken).chain(([token, previous]) => {
		const change = fc.tuple(edit, fc.oneof(echo(token), echo(previous)));
		const edits = change.map(([place, value]) => ({ ...place, value }));
		return fc.tuple(
			fc.constant<string[]>([token, previous]),
			mutated(jsonObject, fc.array(edits, { minLength: 1, maxLength: 6 })),
		);
	});
	check(
		fc.property(scene, ([tokens, payload]) => {
			const copy = redacted(payload, tokens);
			expect(tokens.flatMap((token) => traces(copy, token))).toEqual([]);
		}),
	);
});

it('everything but the token stays as it was', () => {
	check(
		fc.property(headerToken, jsonObject, fc.string(), fc.string(), (token, rest, before, after) => {
			fc.pre(traces([rest, before, after, `${before}${after}`], token).length === 0);
			// As JSON, in which a key named __proto__ is one like every other. The spaces keep what stands around the token
			// from making another spelling of it, as a backslash before a quotation mark does.
			const copy = redacted({ ...rest, text: `${before} ${token} ${after}` }, [token]);
			const expected = { ...rest, text: `${before} ${GONE} ${after}` };
			expect(JSON.stringify(copy)).toBe(JSON.stringify(expected));
		}),
	);
});
