import fc, { type Arbitrary } from 'fast-check';
import { parse } from 'qs';
import { createTokenVerifier, type TokenRequest } from '../../nodes/core/token';
import { targets, tokenName, type Target } from '../../testkit/fakes/arrival.mts';
import { headerToken, urlToken } from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';

/** A text that is nearly another: one character more, less, or another one; or the same. */
const near = (text: string): Arbitrary<string> =>
	fc
		.tuple(fc.nat(text.length), fc.string({ maxLength: 2 }), fc.nat(2), fc.boolean())
		.map(([at, some, removed, isFolded]) => {
			const other = text.slice(0, at) + some + text.slice(at + removed);
			return isFolded ? other.toUpperCase() : other;
		});

const anyText = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.string({ unit: 'grapheme' }),
);

/** A token, and a text that someone sends instead. */
const attempt = (token: Arbitrary<string>) =>
	token.chain((secret) =>
		fc.tuple(fc.constant(secret), fc.oneof(near(secret), anyText, fc.constant(secret))),
	);

describe.each(targets)('$name', (target: Target) => {
	const { provider, sender } = target;
	const place = provider.token;
	const token = place.in === 'query' ? urlToken : headerToken;
	const word = place.bearer === 'required' ? 'Bearer ' : '';

	const request = (...texts: string[]): TokenRequest => {
		const name = tokenName(target);
		if (place.in === 'header') {
			return { query: {}, rawHeaders: texts.flatMap((text) => [name, `${word}${text}`]) };
		}
		const query = texts.map((text) => `${name}=${encodeURIComponent(text)}`).join('&');
		return { query: parse(query, { allowPrototypes: true }), rawHeaders: [] };
	};

	/** What is compared of a text: any number of spaces may stand after the word Bearer. */
	const read = (text: string) => (word === '' ? text : text.replace(/^ +/, ''));

	it('accepts exactly its token', () => {
		check(
			fc.property(attempt(token), ([secret, sent]) => {
				const credential = sender.credentialData(secret);
				expect(createTokenVerifier(place, credential)(request(secret))).toBe(true);
				expect(createTokenVerifier(place, credential)(request(sent))).toBe(read(sent) === secret);
			}),
		);
	});

	it('accepts exactly two tokens while one is being replaced', () => {
		check(
			fc.property(attempt(token), token, ([secret, sent], previousToken) => {
				const credential = { ...sender.credentialData(secret), previousToken };
				expect(createTokenVerifier(place, credential)(request(previousToken))).toBe(true);
				const isOne = [secret, previousToken].includes(read(sent));
				expect(createTokenVerifier(place, credential)(request(sent))).toBe(isOne);
			}),
		);
	});

	it('accepts no token that is sent more than once', () => {
		check(
			fc.property(attempt(token), fc.nat(5), ([secret, sent], at) => {
				const credential = sender.credentialData(secret);
				const texts = [sent, sent, sent].toSpliced(at % 4, 0, secret);
				expect(createTokenVerifier(place, credential)(request(...texts))).toBe(false);
				expect(createTokenVerifier(place, credential)(request(secret, sent))).toBe(false);
			}),
		);
	});

	it('accepts nothing while the credential holds none', () => {
		const blank = fc.oneof(
			fc.constantFrom(undefined, null, '', ' ', '\t\n', 0, false),
			fc.object(),
		);
		check(
			fc.property(blank, blank, anyText, (held, previousToken, sent) => {
				const credential = { [place.field]: held, previousToken };
				for (const text of [sent, '', ' ', String(JSON.stringify(held)), 'null']) {
					expect(createTokenVerifier(place, credential)(request(text))).toBe(false);
				}
				expect(createTokenVerifier(place, credential)(request())).toBe(false);
			}),
		);
	});

	it('reads a query of any shape, and finds no token but its own in it', () => {
		const part = fc.constantFrom(
			'token',
			'[]',
			'[token]',
			'[0]',
			'=',
			'&',
			'%',
			'__proto__',
			'toString',
			'.',
		);
		const query = fc
			.array(fc.oneof(part, fc.string({ maxLength: 3 })))
			.map((parts) => parts.join(''));
		check(
			fc.property(token, query, (secret, text) => {
				const sent = { query: parse(text, { allowPrototypes: true }), rawHeaders: [] };
				expect(createTokenVerifier(place, sender.credentialData(secret))(sent)).toBe(false);
			}),
		);
	});
});
