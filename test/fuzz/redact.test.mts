import fc, { type Arbitrary } from 'fast-check';
import { redactor } from '../../nodes/core/redact';
import {
	arrive,
	documented,
	guardPrototypes,
	targetOf,
	targets,
	withTokens,
} from '../../testkit/fakes/arrival.mts';
import { copyOf, readFixture } from '../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';
import {
	edit,
	fixture,
	headerToken,
	jsonObject,
	mutated,
	urlToken,
} from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';

guardPrototypes();

/** How a secret is written where it is echoed. */
const spellings = {
	'as it is': (secret: string) => secret,
	'in a URL': (secret: string) => encodeURIComponent(secret),
	'in a URL in lower case': (secret: string) =>
		encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
	'in a form': (secret: string) => encodeURIComponent(secret).replaceAll('%20', '+'),
};
const spelling = fc.constantFrom(...Object.values(spellings));

/** A secret inside something: a text, or a key, of its own or with more around it. */
const echo = (secret: string): Arbitrary<JsonValue> =>
	fc
		.tuple(
			spelling,
			fc.string(),
			fc.string(),
			fc.constantFrom('value', 'key', 'text', 'url', 'json', 'list'),
		)
		.map(([spell, before, after, where]): JsonValue => {
			const spelled = spell(secret);
			switch (where) {
				case 'value':
					return spelled;
				case 'key':
					return { [`${before}${spelled}${after}`]: after };
				case 'text':
					return `${before}${spelled}${after}${spelled}`;
				case 'url':
					return `https://user:${spelled}@example.com/${spelled}?token=${spelled}#${spelled}`;
				case 'json':
					return `{"Authorization":"Bearer ${spelled}"}`;
				default:
					return [before, [spelled, { a: spelled }]];
			}
		});

/** Every text in a value, keys and numbers too. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string' || typeof value === 'number') return [String(value)];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) => [key, ...textsIn(entry)]);
}

/** The text without percent-encoding, as far as it has any. */
const decoded = (text: string) =>
	text.replace(/(%[\da-f]{2})+/gi, (bytes) =>
		Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
	);

/** What still shows a secret, whoever reads it. */
const traces = (value: unknown, secret: string) =>
	textsIn(value).filter(
		(text) =>
			text.includes(secret) ||
			(/[%+]/.test(text) &&
				[decoded(text), decoded(text.replaceAll('+', ' '))].some((read) => read.includes(secret))),
	);

describe.each(targets)('$name', (target) => {
	const { provider, sender } = target;
	const token = provider.token.in === 'query' ? urlToken : headerToken;
	const withEchoes = (secret: string) =>
		mutated(
			fc.oneof(fixture(sender), jsonObject),
			fc.array(
				fc.tuple(edit, echo(secret)).map(([change, value]) => ({ ...change, value })),
				{ minLength: 1, maxLength: 6 },
			),
		);
	const scene = fc
		.tuple(token, token, fc.boolean())
		.chain(([secret, previous, simplify]) =>
			fc.tuple(
				fc.constant({ secret, previous, simplify }),
				withEchoes(secret),
				echo(previous),
				echo(secret),
			),
		);

	it('leaves no trace of its token in an item, wherever the payload repeats it', async () => {
		await check(
			fc.asyncProperty(scene, async ([{ secret, previous, simplify }, payload, more, event]) => {
				const body = JSON.stringify({ ...payload, more, ...sender.naming(event) });
				const credential = { ...sender.credentialData(secret), previousToken: previous };
				const parameters = { simplify, options: { includePayload: true } };
				const arrival = { ...withTokens(target, secret), body };
				const { outputs } = await arrive(target, arrival, { credential, parameters });
				expect(outputs.flat()).toHaveLength(1);
				expect([traces(outputs, secret), traces(outputs, previous)]).toEqual([[], []]);
			}),
		);
	});
});

describe('the redactor', () => {
	it('takes a secret out and leaves everything else as it was', () => {
		check(
			fc.property(
				headerToken,
				jsonObject,
				fc.string(),
				fc.string(),
				(secret, rest, before, after) => {
					fc.pre(traces([rest, before, after, `${before}${after}`], secret).length === 0);
					const { payload } = redactor([secret]);
					expect(payload(rest)).toEqual({ payload: rest, cut: false });
					// As JSON, in which a key named __proto__ is one like every other. The spaces keep what stands around the secret
					// from making another spelling of it, as a backslash before a quotation mark does.
					const text = `${before} ${secret} ${after}`;
					const expected = { ...rest, text: `${before} [redacted] ${after}` };
					const { payload: redacted } = payload({ ...rest, text });
					expect(JSON.stringify(redacted)).toBe(JSON.stringify(expected));
				},
			),
		);
	});

	it('takes a secret of digits out of numbers too', () => {
		check(
			fc.property(fc.integer({ min: 10_000_000, max: Number.MAX_SAFE_INTEGER }), (secret) => {
				const { payload } = redactor([String(secret)]);
				expect(traces(payload({ a: secret, b: [secret, -secret] }), String(secret))).toEqual([]);
			}),
		);
	});

	it("takes a secret out that is percent-encoded as PHP's urlencode does", () => {
		const token = "a~token!with'all(of)them*0123";
		const encoded = 'a%7Etoken%21with%27all%28of%29them%2A0123';
		for (const inUrl of [encoded, encoded.replace(/%../g, (escape) => escape.toLowerCase())]) {
			expect(traces(redactor([token]).payload({ inUrl }), token)).toEqual([]);
		}
	});

	// As RFC 3986 has it, only the tilde is left alone: PHP's rawurlencode, Python's quote.
	it('takes a secret with a tilde out that is percent-encoded as RFC 3986 says', () => {
		const [token, inUrl] = ['a~token!0123456789', 'a~token%210123456789'];
		expect(traces(redactor([token]).payload({ inUrl }), token)).toEqual([]);
	});

	// A text that holds JSON escapes quotes and backslashes, and PHP's json_encode slashes too.
	it.each([
		['a quote', 'a-token-with-"-in-it'],
		['a backslash', 'a-token-with-\\-in-it'],
	])('takes a secret with %s out of JSON inside a text', (_what, secret) => {
		const log = JSON.stringify({ headers: { token: secret } });
		expect(JSON.stringify(redactor([secret]).payload({ log }))).toContain('[redacted]');
	});

	it('takes a secret with a slash out of JSON as PHP writes it', () => {
		const [secret, escaped] = ['a/token+in/base64==', 'a\\/token+in\\/base64=='];
		const log = `{"headers":{"token":"${escaped}"}}`;
		expect(JSON.stringify(redactor([secret]).payload({ log }))).toContain('[redacted]');
	});

	// encodeURIComponent leaves these six alone; a form, PHP's urlencode and URLSearchParams encode them.
	it('takes a secret out that other programs have percent-encoded', () => {
		const token = "a~token!with'all(of)them*0123";
		const inForm = new URLSearchParams({ token }).toString();
		expect(traces(redactor([token]).payload({ inForm }), token)).toEqual([]);
	});

	// Only secrets of digits are looked for in numbers.
	it('takes a secret out of numbers with a decimal point or a sign', () => {
		for (const number of [-12345678, 123456.789, 1.25e-10]) {
			const secret = String(number);
			expect(traces(redactor([secret]).payload({ number }), secret)).toEqual([]);
		}
	});

	// encodeURIComponent throws on them, and with it every delivery while such a text is in the credential.
	it('takes a token with half a character', () => {
		expect(() => redactor(['a-token-with-half-\ud83d'])).not.toThrow();
	});
});

const troqueDevolva = targetOf('troqueDevolva');

it('leaves no trace of the token in an event that the URL or a header names', async () => {
	const { sender } = troqueDevolva;
	await check(
		fc.asyncProperty(headerToken, spelling, async (secret, spell) => {
			const { rawHeaders } = withTokens(troqueDevolva, secret);
			for (const arrival of [
				{ rawHeaders, query: `event=${encodeURIComponent(spell(secret))}`, body: '{"a":1}' },
				{
					rawHeaders: [...rawHeaders, 'X-Event', `a ${spell(secret)}`],
					query: '',
					body: '{"a":1}',
				},
			]) {
				const credential = sender.credentialData(secret);
				const { outputs } = await arrive(troqueDevolva, arrival, { credential });
				expect(outputs.flat()).toEqual([
					expect.objectContaining({ event: expect.stringContaining('[redacted]') }),
				]);
				expect(traces(outputs, secret)).toEqual([]);
			}
		}),
	);
});

describe('what Troque & Devolva logs of deliveries to other integrations', () => {
	const SECRET = 'secret-of-another-integration';
	const sample = readFixture('TroqueDevolva', 'variation-fields-missing');

	/** Everything of an item that shows the secret of another integration, once the log holds these calls. */
	async function tracesOf(webhooks: JsonValue): Promise<string[]> {
		const payload: JsonObject = { ...sample, webhooks };
		const found: string[] = [];
		for (const simplify of [true, false]) {
			const parameters = { simplify, options: { includePayload: true } };
			const arrival = documented(troqueDevolva, { payload });
			const { outputs } = await arrive(troqueDevolva, arrival, { parameters });
			expect(outputs.flat()).toHaveLength(1);
			found.push(...traces(outputs, SECRET));
		}
		return found;
	}

	it('loses headers, answers, and the query and user part of addresses', async () => {
		const part = fc.stringMatching(/^[\w.~\\-]*$/);
		const url = fc
			.tuple(fc.webUrl({ withQueryParameters: true, withFragments: true }), part, fc.nat(3))
			.map(([address, name, kind]) => {
				const [scheme = '', rest = ''] = address.split('://');
				const [path = ''] = rest.split(/[?#]/);
				const user = [`${name}:${SECRET}@`, `${SECRET}@`, '', `${SECRET}:${name}@`][kind] ?? '';
				const after = [`?${name}=${SECRET}`, `#${SECRET}`, `?a=1&b=${SECRET}#${SECRET}`, ''][kind];
				return `${kind === 0 ? '' : `${scheme}:`}//${user}${path}${after}`;
			});
		const call = fc.record(
			{
				url,
				headers: echo(SECRET),
				responseBody: echo(SECRET),
				attempt: fc.nat(),
				event: fc.string(),
			},
			{ requiredKeys: [] },
		);
		const log = fc.oneof(
			fc.array(
				fc.oneof(
					call,
					echo(SECRET).map((value) => [value]),
					fc.constant(SECRET),
				),
			),
			fc.dictionary(fc.string(), echo(SECRET)),
			fc.constant(SECRET),
		);
		await check(
			fc.asyncProperty(log, async (calls) => {
				expect(await tracesOf(copyOf<JsonValue>(calls))).toEqual([]);
			}),
		);
	});

	// A URL parser takes all of these for https://user:secret@example.com/.
	it.each([
		`https:/user:${SECRET}@example.com/`,
		`https:///user:${SECRET}@example.com/`,
		`https:/\\\\user:${SECRET}@example.com/`,
		`https:user:${SECRET}@example.com/`,
		`https:/\t/user:${SECRET}@example.com/`,
		`ht\ntps://user:${SECRET}@example.com/`,
		` https://user:${SECRET}@example.com/`,
		`https://a@user:${SECRET}@example.com/`,
	])('loses the user part of the address %s', async (url) => {
		expect(new URL(url).password).toBe(SECRET);
		expect(await tracesOf([{ url }])).toEqual([]);
	});

	it('keeps what is no secret', async () => {
		const [url, rest] = ['https://example.com/webhook/1', { attempt: 2, success: true }];
		const payload = { ...sample, webhooks: [{ url: `${url}?a=1`, ...rest }] };
		const parameters = { simplify: false };
		const arrival = documented(troqueDevolva, { payload });
		const { outputs } = await arrive(troqueDevolva, arrival, { parameters });
		expect(outputs).toMatchObject([[{ payload: { webhooks: [{ url, ...rest }] } }]]);
	});
});
