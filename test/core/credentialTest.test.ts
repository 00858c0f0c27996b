import { testToken } from '../../nodes/core/credentialTest';
import type { ProviderToken } from '../../nodes/core/token';

const inHeader: ProviderToken = {
	places: [
		{ in: 'header', name: { field: 'headerName', default: 'X-Webhook-Token' }, bearer: 'never' },
	],
	field: 'token',
};
const inQuery: ProviderToken = {
	places: [{ in: 'query', name: { field: 'parameterName', default: 'token' }, bearer: 'never' }],
	field: 'token',
};
const GOOD = 'a-good_token.0123~';

const tested = (place: ProviderToken, data: Record<string, string>) =>
	testToken(place, { id: '1', name: 'Shop', type: 'shopWebhookApi', data });

it.each([
	[inHeader, { token: GOOD }],
	[inHeader, { token: 'with spaces & signs: #1' }],
	[inHeader, { token: 'x'.repeat(16) }],
	[inHeader, { token: GOOD, previousToken: '', headerName: '' }],
	[inHeader, { token: GOOD, previousToken: `${GOOD}x`, headerName: ' X-Mine ' }],
	[inQuery, { token: GOOD, parameterName: 'key' }],
])('%j with %j is well formed', (place, data) => {
	const { status, message } = tested(place, data);
	expect(status).toBe('OK');
	expect(message).toMatch(/send a test event/);
});

it.each<[string, ProviderToken, Record<string, string>, RegExp]>([
	['no token', inHeader, {}, /token is empty/],
	['an empty token', inHeader, { token: '' }, /token is empty/],
	['a blank token', inHeader, { token: ' '.repeat(20) }, /token is empty/],
	['a space at its end', inHeader, { token: `${GOOD} ` }, /spaces at its ends/],
	['a line break at its start', inHeader, { token: `\n${GOOD}` }, /spaces at its ends/],
	['15 characters', inHeader, { token: 'x'.repeat(15) }, /16 characters or more/],
	['accents', inHeader, { token: 'senha-com-acentuação' }, /ASCII/],
	['a tab inside', inHeader, { token: 'a-token\t0123456789' }, /ASCII/],
	['a plus in a URL', inQuery, { token: 'example+token+0123' }, /URL/],
	['a space in a URL', inQuery, { token: 'a token 0123456789' }, /URL/],
	['a percent sign in a URL', inQuery, { token: 'a%20token0123456789' }, /URL/],
	[
		'a previous token that is too short',
		inHeader,
		{ token: GOOD, previousToken: 'old' },
		/previous token is too short/,
	],
	['an odd header name', inHeader, { token: GOOD, headerName: 'X Token:' }, /header name/],
	['an odd parameter name', inQuery, { token: GOOD, parameterName: 'to&ken' }, /parameter name/],
])('%s is refused in one sentence that says what to do', (_what, place, data, problem) => {
	const { status, message } = tested(place, data);
	expect(status).toBe('Error');
	expect(message).toMatch(problem);
	for (const secret of [data.token, data.previousToken]) {
		if (secret?.trim()) expect(message).not.toContain(secret.trim());
	}
});

it('finds the token in the field that the provider names', () => {
	const place: ProviderToken = { ...inHeader, field: 'headerValue' };
	expect(tested(place, { headerValue: GOOD }).status).toBe('OK');
	expect(tested(place, { token: GOOD }).message).toMatch(/^The header value is empty/);
});
