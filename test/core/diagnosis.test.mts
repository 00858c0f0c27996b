import { NodeOperationError } from 'n8n-workflow';
import { quote } from '../../nodes/core/quote';
import { ALL, type Provider } from '../../nodes/core/provider';
import { receive } from '../../nodes/core/webhook';
import { fakeContext, TOKEN, type Situation } from '../../testkit/fakes/fakeContext.mts';
import { sale, shop } from '../../testkit/fakes/fakeProvider';

const withToken = (...places: Provider['token']['places']): Provider => ({
	...shop,
	token: { places, field: 'token' },
});
const AUTHORIZATION = { in: 'header', name: 'Authorization', bearer: 'required' } as const;
const CUSTOM_HEADER = {
	in: 'header',
	name: { field: 'headerName', default: 'X-Shop-Token' },
	bearer: 'never',
} as const;
const IN_QUERY = {
	in: 'query',
	name: { field: 'parameterName', default: 'token' },
	bearer: 'never',
} as const;
const bearer = withToken(AUTHORIZATION);
const customHeader = withToken(CUSTOM_HEADER);
const inQuery = withToken(IN_QUERY);
const inBoth = withToken({ ...AUTHORIZATION, bearer: 'never' }, IN_QUERY);

/** What the editor shows for a delivery that the live URL would refuse or ignore. */
async function shown(situation: Situation, provider = shop): Promise<string> {
	const fake = fakeContext({
		body: sale(),
		parameters: { events: [ALL] },
		mode: 'manual',
		...situation,
	});
	const error: unknown = await receive(fake.context, provider).catch((thrown: unknown) => thrown);
	if (!(error instanceof NodeOperationError))
		throw new Error('The test did not end with an error.');
	expect(fake.answer).toEqual({});
	expect(fake.logged).toEqual([]);
	for (const sentence of [error.message, error.description ?? '']) {
		expect(sentence).toMatch(/^([A-Z]|n8n ).{10,350}\.$/);
	}
	return `${error.message} ${error.description}`;
}

const WRONG = 'strangers-secret-99';

it.each<[string, Situation, Provider, RegExp]>([
	[
		'no header',
		{},
		bearer,
		/^The delivery came without the header "Authorization"\. Have Shop send the word Bearer, a space and the token in/,
	],
	[
		'another header',
		{ rawHeaders: ['X-Auth-Key', WRONG] },
		bearer,
		/without the header "Authorization"; the header "X-Auth-Key" came instead/,
	],
	[
		'the token in another header',
		{ rawHeaders: ['X-Foo', TOKEN] },
		bearer,
		/The token came in the header "X-Foo" instead of the header "Authorization"\. Have Shop/,
	],
	[
		'the token in another header, whose name can be set',
		{ rawHeaders: ['X-Foo', TOKEN] },
		customHeader,
		/Enter "X-Foo" in the credential as the name of the header\.$/,
	],
	[
		'the token in the query',
		{ query: { Token: TOKEN } },
		bearer,
		/came in the query parameter "Token" instead/,
	],
	[
		'the token under another parameter',
		{ query: { Token: TOKEN } },
		inQuery,
		/Enter "Token" in the credential as the name of the query parameter/,
	],
	[
		'no Bearer',
		{ rawHeaders: ['Authorization', TOKEN] },
		bearer,
		/The header "Authorization" came without the word Bearer\./,
	],
	[
		'Basic',
		{ rawHeaders: ['Authorization', `Basic ${WRONG}`] },
		bearer,
		/came without the word Bearer/,
	],
	[
		'Bearer alone',
		{ rawHeaders: ['Authorization', 'Bearer'] },
		bearer,
		/with the word Bearer, but no token after it/,
	],
	[
		'Bearer where none is expected',
		{ rawHeaders: ['X-Shop-Token', `Bearer ${TOKEN}`] },
		shop,
		/with the word Bearer before the token\. Have Shop send the token alone/,
	],
	[
		'an empty header',
		{ rawHeaders: ['Authorization', ''] },
		bearer,
		/The header "Authorization" came empty/,
	],
	[
		'a header twice',
		{ rawHeaders: ['X-Shop-Token', TOKEN, 'x-shop-token', TOKEN] },
		shop,
		/"X-Shop-Token" came more than once/,
	],
	[
		'no query',
		{},
		inQuery,
		/^The delivery came without the query parameter "token"\. Have Shop send the token in the query parameter "token"\.$/,
	],
	[
		'other parameters',
		{ query: { a: WRONG, b: ['x'], c: '', d: '' } },
		inQuery,
		/; the query parameter "a", the query parameter "b", the query parameter "c" came instead/,
	],
	[
		'a parameter twice',
		{ query: { token: [TOKEN, TOKEN] } },
		inQuery,
		/The query parameter "token" came more than once/,
	],
	[
		'a shorter token',
		{ rawHeaders: ['X-Shop-Token', 'short'] },
		shop,
		/The token in the header "X-Shop-Token" is shorter than the one in the credential\. Enter the same/,
	],
	[
		'a longer token',
		{ rawHeaders: ['X-Shop-Token', WRONG.repeat(3)] },
		shop,
		/is longer than the one/,
	],
	[
		'another token',
		{ rawHeaders: ['X-Shop-Token', 'x'.repeat(TOKEN.length)] },
		shop,
		/is not the one in the credential/,
	],
	[
		'another case',
		{ rawHeaders: ['X-Shop-Token', TOKEN.toUpperCase()] },
		shop,
		/differs .* in upper and lower case/,
	],
	[
		'spaces',
		{ query: { token: ` ${TOKEN}\n` } },
		inQuery,
		/came with spaces at its ends\. Remove the spaces in Shop/,
	],
	[
		'spaces in the credential',
		{ credential: { token: `${TOKEN}\n` }, rawHeaders: ['X-Shop-Token', TOKEN] },
		shop,
		/the one in the credential has spaces at its ends/,
	],
	[
		'a plus that became a space',
		{ credential: { token: 'a+token+0123456789' }, query: { token: 'a token 0123456789' } },
		inQuery,
		/changed on the way, as URLs need it/,
	],
	[
		'an escaped token',
		{
			credential: { token: 'a/token/0123456789' },
			rawHeaders: ['X-Shop-Token', 'a%2Ftoken%2F0123456789'],
		},
		shop,
		/changed on the way/,
	],
	[
		'two tokens in two places',
		{
			credential: { token: TOKEN, previousToken: WRONG },
			rawHeaders: ['Authorization', TOKEN],
			query: { token: WRONG },
		},
		inBoth,
		/Different tokens came in the header "Authorization" and the query parameter "token"/,
	],
	[
		'nothing in two places',
		{},
		inBoth,
		/without the header "Authorization" or the query parameter "token"/,
	],
	[
		'no token in the credential',
		{ credential: {} },
		shop,
		/The credential of this node has no token/,
	],
	['no credential', { credential: 'none' }, shop, /No credential is selected/],
	[
		'a credential that cannot be read',
		{ credential: new Error('bad decrypt') },
		shop,
		/cannot read the credential/,
	],
])('a test with %s ends with what is wrong', async (_what, situation, provider, text) => {
	const sentences = await shown({ rawHeaders: [], ...situation }, provider);
	expect(sentences).toMatch(text);
	expect(sentences).not.toContain(WRONG);
	expect(sentences.toLowerCase()).not.toContain(TOKEN);
});

it.each<[string, Situation, RegExp]>([
	[
		'another address',
		{},
		/The delivery came from "203\.0\.113\.7", which is not on the IP Allowlist\. If the address belongs/,
	],
	[
		'a proxy that n8n does not know',
		{ rawHeaders: ['X-Forwarded-For', '198.51.100.1'] },
		/set N8N_PROXY_HOPS/,
	],
	[
		'a proxy too many',
		{ rawHeaders: ['X-Forwarded-For', '198.51.100.1'], ips: ['203.0.113.7'] },
		/raise N8N_PROXY_HOPS/,
	],
	[
		'an unreadable list',
		{ parameters: { options: { ipAllowlist: 'nobody' } } },
		/no readable entry/,
	],
])('a test from %s ends with what is wrong', async (_what, situation, text) => {
	const parameters = { options: { ipAllowlist: '192.0.2.0/24' } };
	expect(await shown({ parameters, ...situation })).toMatch(text);
});

it.each<[string, Buffer | string, string, RegExp]>([
	[
		'a form',
		'a=1',
		'application/x-www-form-urlencoded',
		/The body of the delivery is a form\. Have Shop/,
	],
	['XML', '<a/>', 'application/xml', /is XML/],
	['SOAP', '<a/>', 'application/soap+xml', /is XML/],
	['a list', '[{"event":"SALE.NEW"}]', 'application/json', /is a list/],
	['a text', '"hello"', 'application/json', /is a single value/],
	['nothing', '', 'application/json', /is empty/],
	['multipart', '--x', 'multipart/form-data', /is a multipart form/],
	['broken JSON', '{"event":', 'text/plain', /is not JSON that n8n can read/],
])('a test with %s as the body ends with what is wrong', async (_what, body, type, text) => {
	const rawHeaders = ['Content-Type', type, 'X-Shop-Token', TOKEN];
	expect(await shown({ body, rawHeaders })).toMatch(text);
});

const named: Provider = {
	...shop,
	eventOf: (delivery) => ({ ...shop.eventOf(delivery), place: 'event of the body' }),
};

it.each<[string, object, Situation['parameters'], Provider, RegExp]>([
	[
		'a documented event',
		{ event: 'REFUND' },
		{ events: ['SALE.NEW'] },
		named,
		/^The event "REFUND", found in event of the body, is not selected\. Select Refund under Trigger On, or All Events\.$/,
	],
	[
		'an undocumented event',
		{ event: 'LOST' },
		{ events: ['SALE.NEW'] },
		shop,
		/^The event "LOST" is not selected\. The documentation of Shop does not name this event: select Other Events, or enter it under Custom Events\.$/,
	],
	[
		'no event',
		{ event: null },
		{ events: ['SALE.NEW'] },
		shop,
		/does not name an event.*Other Events/,
	],
	[
		'an event named like the token',
		{ event: `${TOKEN}.X` },
		{ events: ['REFUND'] },
		shop,
		/"\?redacted\?\.X"/,
	],
	[
		'an event that is markup',
		{ event: '<img src=x onerror=alert(1)>\u202e\n' },
		{ events: ['REFUND'] },
		shop,
		/"\?img src\?x onerror\?alert\?1\?\?\?"/,
	],
	[
		'a filtered value',
		{ status: 'PENDING' },
		{ events: [ALL], filters: { status: ['PAID'] } },
		shop,
		/^The filter Status does not let "PENDING" pass\. Add the value to the filter Status, or remove the filter\.$/,
	],
])('a test with %s ends with what to change', async (_what, more, parameters, provider, text) => {
	expect(await shown({ body: { ...sale(), ...more }, parameters }, provider)).toMatch(text);
});

it('a test says nothing of a body whose sender is not proven', async () => {
	const sentences = await shown({ body: { event: 'PRIVATE' }, rawHeaders: [] });
	expect(sentences).not.toContain('PRIVATE');
});

it('a name of 10,000 characters is shortened', async () => {
	const name = `X-Token-${'A'.repeat(10_000)}`;
	const sentences = await shown({ rawHeaders: [name, WRONG] });
	expect(sentences).toContain(quote(name));
	expect(quote(name)).toHaveLength(63);
});
