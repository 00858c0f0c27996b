import fc, { type Arbitrary } from 'fast-check';
import { parse } from 'qs';
import {
	acceptedTokens,
	createTokenVerifier,
	type ProviderToken,
	type TokenPlace,
	type TokenRequest,
} from '../../nodes/core/token';
import { headerToken, urlToken } from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';

const TOKEN = 'Example-token_0123456789.abcdef';
const credential = { token: TOKEN };

const authorization = (bearer: TokenPlace['bearer']): TokenPlace => ({
	in: 'header',
	name: 'Authorization',
	bearer,
});
const inHeader = (bearer: TokenPlace['bearer'] = 'optional'): ProviderToken => ({
	places: [authorization(bearer)],
	field: 'token',
});
const customHeader: ProviderToken = {
	places: [
		{ in: 'header', name: { field: 'headerName', default: 'X-Webhook-Token' }, bearer: 'never' },
	],
	field: 'headerValue',
};
const inQuery: ProviderToken = {
	places: [{ in: 'query', name: { field: 'parameterName', default: 'token' }, bearer: 'never' }],
	field: 'token',
};
const inBoth: ProviderToken = {
	places: [authorization('never'), ...inQuery.places],
	field: 'token',
};

const headers = (...rawHeaders: string[]): TokenRequest => ({ query: {}, rawHeaders });
/** A query string, parsed as Express does for n8n. */
const query = (text: string): TokenRequest => ({
	query: parse(text, { allowPrototypes: true }),
	rawHeaders: [],
});
const isAccepted = (token: ProviderToken, request: TokenRequest, held: object = credential) =>
	createTokenVerifier(token, { ...held })(request);

describe('a token in a header', () => {
	it.each<[string, Array<TokenPlace['bearer']>]>([
		[TOKEN, ['never', 'optional']],
		[`Bearer ${TOKEN}`, ['optional', 'required']],
		[`bEARER   ${TOKEN}`, ['optional', 'required']],
		['', []],
		['Bearer', []],
		['Bearer ', []],
		[`Bearer${TOKEN}`, []],
		[`Bearer\t${TOKEN}`, []],
		[`Bearer\u00a0${TOKEN}`, []],
		[` Bearer ${TOKEN}`, []],
		[`\u00a0${TOKEN}`, []],
		[`Bearer Bearer ${TOKEN}`, []],
		[`Bearer ${TOKEN}\nx`, []],
		[`Bearer ${TOKEN}, Bearer ${TOKEN}`, []],
		[`Basic ${TOKEN}`, []],
		[`${TOKEN} `, []],
		[`${TOKEN},${TOKEN}`, []],
		[TOKEN.toUpperCase(), []],
	])('%j is accepted only where Bearer is %j', (value, accepted) => {
		for (const bearer of ['never', 'optional', 'required'] as const) {
			const isAllowed = isAccepted(inHeader(bearer), headers('Authorization', value));
			expect([bearer, isAllowed]).toEqual([bearer, accepted.includes(bearer)]);
		}
	});

	it('is refused at once when it is a megabyte long', () => {
		for (const value of [
			TOKEN.padEnd(1_000_000, 'x'),
			`Bearer${' '.repeat(1_000_000)}`,
			`Bearer ${TOKEN}${', Bearer'.repeat(100_000)}`,
		]) {
			expect(isAccepted(inHeader(), headers('Authorization', value))).toBe(false);
		}
	});

	it('is found whatever the case of the header name, and only after that name', () => {
		expect(isAccepted(inHeader(), headers('X', 'y', 'aUTHORIZATION', TOKEN))).toBe(true);
		expect(isAccepted(inHeader(), headers('X', 'Authorization', TOKEN, 'y'))).toBe(false);
		expect(isAccepted(inHeader(), headers('Authorization2', TOKEN))).toBe(false);
		expect(isAccepted(inHeader(), query(`Authorization=${TOKEN}`))).toBe(false);
	});

	it.each([TOKEN, 'wrong', ''])('is refused when it is sent beside another one: %j', (other) => {
		for (const [first = '', second = ''] of [
			[TOKEN, other],
			[other, TOKEN],
		]) {
			const request = headers('Authorization', first, 'authorization', second);
			expect(isAccepted(inHeader(), request)).toBe(false);
		}
	});

	it.each<[unknown, string]>([
		[' X-Mine ', 'X-Mine'],
		['  ', 'X-Webhook-Token'],
		[undefined, 'X-Webhook-Token'],
		[7, 'X-Webhook-Token'],
	])('is looked for under the name %j of the credential, which means %s', (headerName, name) => {
		const held = { headerName, headerValue: TOKEN };
		for (const sent of ['X-Mine', 'X-Webhook-Token']) {
			expect(isAccepted(customHeader, headers(sent, TOKEN), held)).toBe(sent === name);
		}
	});
});

describe('a token in the query string', () => {
	it.each([
		`token=${TOKEN}`,
		`a=1&token=${TOKEN}&TOKEN=x&__proto__[token]=x`,
		`token=%45${TOKEN.slice(1)}`,
	])('is accepted in %s', (text) => expect(isAccepted(inQuery, query(text))).toBe(true));

	it.each([
		'',
		'token=',
		'token',
		`Token=${TOKEN}`,
		`key=${TOKEN}`,
		`token[]=${TOKEN}`,
		`token[0]=${TOKEN}`,
		`token[token]=${TOKEN}`,
		`token[toString]=${TOKEN}`,
		`token[__proto__]=${TOKEN}`,
		`__proto__[token]=${TOKEN}`,
		`constructor[prototype][token]=${TOKEN}`,
		`token=${TOKEN}&token=${TOKEN}`,
		`token=${TOKEN}&token=`,
		`token=${TOKEN}&token[x]=1`,
		`token=${TOKEN}%00`,
		`token=${TOKEN}+`,
		`token=${TOKEN};a=1`,
		`token==${TOKEN}`,
		`${'a[b]=1&'.repeat(2_000)}token=${TOKEN}`,
	])('is refused in %s', (text) => expect(isAccepted(inQuery, query(text))).toBe(false));

	it('is looked for under the name that the credential sets, and never in a header', () => {
		const renamed = { ...credential, parameterName: 'key' };
		expect(isAccepted(inQuery, query(`key=${TOKEN}`), renamed)).toBe(true);
		expect(isAccepted(inQuery, query(`token=${TOKEN}`), renamed)).toBe(false);
		expect(isAccepted(inQuery, headers('token', TOKEN))).toBe(false);
	});

	it('is not looked for among inherited members', () => {
		const inherited = { query: Object.create({ token: TOKEN }), rawHeaders: [] };
		expect(createTokenVerifier(inQuery, credential)(inherited)).toBe(false);
	});
});

describe('a token in several places', () => {
	const twoTokens = { token: TOKEN, previousToken: 'Example-token_before_that' };
	const request = (header: string | undefined, text: string): TokenRequest => ({
		...query(text),
		rawHeaders: header === undefined ? [] : ['Authorization', header],
	});

	it.each<[string | undefined, string, boolean]>([
		[TOKEN, '', true],
		[undefined, `token=${TOKEN}`, true],
		[TOKEN, `token=${TOKEN}`, true],
		['', `token=${TOKEN}`, true],
		[TOKEN, 'token=', true],
		[twoTokens.previousToken, `token=${twoTokens.previousToken}`, true],
		[TOKEN, `token=${twoTokens.previousToken}`, false],
		[TOKEN, 'token=wrong', false],
		['wrong', `token=${TOKEN}`, false],
		[TOKEN, `token=${TOKEN}&token=${TOKEN}`, false],
		['', 'token=', false],
		[undefined, '', false],
	])('%j and %j is accepted: %s', (header, text, accepted) => {
		expect(isAccepted(inBoth, request(header, text), twoTokens)).toBe(accepted);
	});
});

describe('the tokens that a credential accepts', () => {
	it.each<[object, string[]]>([
		[{ token: 'new' }, ['new']],
		[{ token: 'new', previousToken: 'old' }, ['new', 'old']],
		[{ token: '', previousToken: 'old' }, ['old']],
		[{ headerValue: 'other', webhookToken: 'other', refreshToken: 'other' }, []],
		[{}, []],
		[{ token: '' }, []],
		[{ token: ' \n', previousToken: '   ' }, []],
		[{ token: null, previousToken: 0 }, []],
		[{ token: [TOKEN] }, []],
		[{ token: { toString: () => TOKEN } }, []],
		[Object.create({ token: TOKEN, previousToken: TOKEN }), []],
	])('of %j are %j', (held, accepted) => {
		const place = inHeader();
		expect(acceptedTokens(place, held as Record<string, unknown>)).toEqual(accepted);
		for (const sent of ['', ' ', 'undefined', 'null', '0', '[object Object]', TOKEN, ...accepted]) {
			const verify = createTokenVerifier(place, held as Record<string, unknown>);
			expect([sent, verify(headers('Authorization', sent))]).toEqual([
				sent,
				accepted.includes(sent),
			]);
		}
	});
});

describe.each<[string, ProviderToken, Arbitrary<string>]>([
	['a query string', inQuery, urlToken],
	['a custom header', customHeader, headerToken],
	['a header with Bearer', inHeader('required'), headerToken],
	['a header with or without Bearer', inHeader('optional'), headerToken],
])('in %s', (_where, place, token) => {
	const [{ in: where, bearer, name: named } = authorization('never')] = place.places;
	const word = bearer === 'required' ? 'Bearer ' : '';
	const name = typeof named === 'string' ? named : named.default;
	const request = (...texts: string[]): TokenRequest =>
		where === 'query'
			? query(texts.map((text) => `${name}=${encodeURIComponent(text)}`).join('&'))
			: headers(...texts.flatMap((text) => [name, `${word}${text}`]));

	/** A text that differs from another in a few characters or in case; or the same text. */
	const near = (text: string): Arbitrary<string> =>
		fc
			.tuple(fc.nat(text.length), fc.string({ maxLength: 2 }), fc.nat(2), fc.boolean())
			.map(([at, inserted, removed, isUpper]) => {
				const other = text.slice(0, at) + inserted + text.slice(at + removed);
				return isUpper ? other.toUpperCase() : other;
			});
	const anyText = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));

	it('accepts exactly the current and the previous token, each sent once', () => {
		const attempt = token.chain((secret) =>
			fc.tuple(fc.constant(secret), fc.oneof(near(secret), anyText)),
		);
		check(
			fc.property(attempt, token, ([secret, sent], previousToken) => {
				const verify = createTokenVerifier(place, { [place.field]: secret, previousToken });
				expect(verify(request(secret))).toBe(true);
				expect(verify(request(previousToken))).toBe(true);
				// Any number of spaces may follow Bearer.
				const read = word === '' ? sent : sent.replace(/^ +/, '');
				expect(verify(request(sent))).toBe([secret, previousToken].includes(read));
				expect(verify(request(secret, sent))).toBe(false);
				expect(verify(request(sent, previousToken))).toBe(false);
			}),
		);
	});
});
