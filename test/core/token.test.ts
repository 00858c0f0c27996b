import { acceptedTokens, createTokenVerifier, type TokenPlace } from '../../nodes/core/token';

const TOKEN = 'example-token-0123456789';
const credential = { token: TOKEN };

const inHeader: TokenPlace = {
	in: 'header',
	name: 'Authorization',
	bearer: 'optional',
	field: 'token',
};
const inQuery: TokenPlace = {
	in: 'query',
	name: { field: 'parameterName', default: 'token' },
	bearer: 'never',
	field: 'token',
};

const header = (...rawHeaders: string[]) => ({ query: {}, rawHeaders });
const query = (parameters: Record<string, unknown>) => ({ query: parameters, rawHeaders: [] });

describe('a token in a header', () => {
	it.each<[TokenPlace['bearer'], string, boolean]>([
		['required', `Bearer ${TOKEN}`, true],
		['required', `bearer ${TOKEN}`, true],
		['required', `BEARER ${TOKEN}`, true],
		['required', TOKEN, false],
		['required', `Basic ${TOKEN}`, false],
		['required', `Bearer${TOKEN}`, false],
		['required', 'Bearer ', false],
		['optional', TOKEN, true],
		['optional', `Bearer ${TOKEN}`, true],
		['optional', `bEaReR ${TOKEN}`, true],
		['optional', `Token ${TOKEN}`, false],
		['never', TOKEN, true],
		['never', `Bearer ${TOKEN}`, false],
		['never', TOKEN.toUpperCase(), false],
		['never', `${TOKEN}x`, false],
		['never', TOKEN.slice(0, -1), false],
		['never', '', false],
	])('with the word Bearer %s, %j proves it: %s', (bearer, value, proven) => {
		const place = { ...inHeader, bearer };
		expect(createTokenVerifier(place, credential)(header('Authorization', value))).toBe(proven);
	});

	it('is found whatever the case of the name', () => {
		expect(createTokenVerifier(inHeader, credential)(header('aUTHORIZATION', TOKEN))).toBe(true);
	});

	it('is not found in a value that looks like the name of the header', () => {
		expect(
			createTokenVerifier(inHeader, credential)(header('X', 'Authorization', 'Y', TOKEN)),
		).toBe(false);
	});

	it.each([
		[TOKEN, TOKEN],
		[TOKEN, 'wrong'],
		['wrong', TOKEN],
		[TOKEN, ''],
	])('is refused when it is sent twice: %j and %j', (first, second) => {
		const request = header('Authorization', first, 'authorization', second);
		expect(createTokenVerifier(inHeader, credential)(request)).toBe(false);
	});

	it('is looked for under the name that the user set, and only there', () => {
		const place: TokenPlace = {
			in: 'header',
			name: { field: 'headerName', default: 'X-Webhook-Token' },
			bearer: 'never',
			field: 'headerValue',
		};
		const set = { headerName: ' X-Mine ', headerValue: TOKEN };
		expect(createTokenVerifier(place, set)(header('X-Mine', TOKEN))).toBe(true);
		expect(createTokenVerifier(place, set)(header('X-Webhook-Token', TOKEN))).toBe(false);
		const unset = { headerName: '', headerValue: TOKEN };
		expect(createTokenVerifier(place, unset)(header('X-Webhook-Token', TOKEN))).toBe(true);
	});
});

describe('a token in the query string', () => {
	it('is found under the default name, and under the name that the user set', () => {
		expect(createTokenVerifier(inQuery, credential)(query({ token: TOKEN }))).toBe(true);
		const renamed = { ...credential, parameterName: 'key' };
		expect(createTokenVerifier(inQuery, renamed)(query({ key: TOKEN }))).toBe(true);
		expect(createTokenVerifier(inQuery, renamed)(query({ token: TOKEN }))).toBe(false);
	});

	it.each([
		[{ token: [TOKEN, TOKEN] }],
		[{ token: [TOKEN] }],
		[{ token: { 0: TOKEN } }],
		[{ token: '' }],
		[{ token: undefined }],
		[{}],
	])('is refused when the query is %j', (parameters) => {
		expect(createTokenVerifier(inQuery, credential)(query(parameters))).toBe(false);
	});

	it('is not found among what every object has', () => {
		const place: TokenPlace = { ...inQuery, name: 'constructor' };
		expect(createTokenVerifier(place, credential)(query({}))).toBe(false);
		const inherited = Object.create({ token: TOKEN }) as Record<string, unknown>;
		expect(createTokenVerifier(inQuery, credential)(query(inherited))).toBe(false);
	});
});

describe('what a credential accepts', () => {
	it('is the token, and the previous one while it is being replaced', () => {
		expect(acceptedTokens(inHeader, { token: 'new', previousToken: 'old' })).toEqual([
			'new',
			'old',
		]);
		const replaced = { token: 'new', previousToken: TOKEN };
		expect(createTokenVerifier(inHeader, replaced)(header('Authorization', TOKEN))).toBe(true);
		expect(createTokenVerifier(inHeader, replaced)(header('Authorization', 'new'))).toBe(true);
	});

	it.each([
		[{}],
		[{ token: '' }],
		[{ token: '   ' }],
		[{ token: null }],
		[{ token: 0 }],
		[{ token: '', previousToken: '' }],
	])('is nothing when it holds %j: no token, an empty one included, proves anything', (empty) => {
		expect(acceptedTokens(inHeader, empty)).toEqual([]);
		for (const sent of ['', '   ', 'undefined', 'null', '0', 'Bearer ', TOKEN]) {
			expect(createTokenVerifier(inHeader, empty)(header('Authorization', sent))).toBe(false);
			expect(createTokenVerifier(inQuery, empty)(query({ token: sent }))).toBe(false);
		}
	});
});
