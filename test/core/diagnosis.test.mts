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
const IN_QUERY = {
	in: 'query',
	name: { field: 'parameterName', default: 'token' },
	bearer: 'never',
} as const;
const bearer = withToken(AUTHORIZATION);
const inQuery = withToken(IN_QUERY);
const inBoth = withToken({ ...AUTHORIZATION, bearer: 'never' }, IN_QUERY);
const customHeader = withToken({
	in: 'header',
	name: { field: 'headerName', default: 'X-Shop-Token' },
	bearer: 'never',
});

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
const header = (name: string, ...values: string[]): Situation => ({
	rawHeaders: values.flatMap((value) => [name, value]),
});
const authorization = (value: string) => header('Authorization', value);
const shopToken = (...values: string[]) => header('X-Shop-Token', ...values);

/** Says what is wrong with a token, and shows none. */
const diagnosing = (provider: Provider) => async (situation: Situation, text: RegExp) => {
	const sentences = await shown({ rawHeaders: [], ...situation }, provider);
	expect(sentences).toMatch(text);
	expect(sentences).not.toContain(WRONG);
	expect(sentences.toLowerCase()).not.toContain(TOKEN);
};

describe('a test of a trigger ends with what is wrong', () => {
	it.each<[Situation, RegExp]>([
		[
			{},
			/^The delivery came without the header "Authorization"\. Have Shop send the word Bearer, a space and the token in/,
		],
		[header('X-Auth-Key', WRONG), /header "Authorization"; the header "X-Auth-Key" came instead/],
		[
			header('X-Foo', TOKEN),
			/in the header "X-Foo" instead of the header "Authorization"\. Have Shop/,
		],
		[{ query: { Token: TOKEN } }, /came in the query parameter "Token" instead/],
		[authorization(TOKEN), /The header "Authorization" came without the word Bearer\./],
		[authorization(`Basic ${WRONG}`), /came without the word Bearer/],
		[authorization('Bearer'), /with the word Bearer, but no token after it/],
		[authorization(''), /The header "Authorization" came empty/],
	])('after the word Bearer: %j', diagnosing(bearer));

	it.each<[Situation, RegExp]>([
		[
			shopToken(`Bearer ${TOKEN}`),
			/with the word Bearer before the token\. Have Shop send the token alone/,
		],
		[shopToken(TOKEN, TOKEN), /"X-Shop-Token" came more than once/],
		[
			shopToken('short'),
			/The token in the header "X-Shop-Token" is shorter than the one in the credential\. Enter the same/,
		],
		[shopToken(WRONG.repeat(3)), /is longer than the one/],
		[shopToken('x'.repeat(TOKEN.length)), /is not the one in the credential/],
		[shopToken(TOKEN.toUpperCase()), /differs .* in upper and lower case/],
		[
			{ credential: { token: `${TOKEN}\n` }, ...shopToken(TOKEN) },
			/the one in the credential has spaces at its ends/,
		],
		[
			{ credential: { token: 'a/token/0123456789' }, ...shopToken('a%2Ftoken%2F0123456789') },
			/changed on the way/,
		],
		[{ credential: {} }, /The credential of this node has no token/],
		[{ credential: 'none' }, /No credential is selected/],
		[{ credential: new Error('bad decrypt') }, /cannot read the credential/],
	])('in a header: %j', diagnosing(shop));

	it.each<[Situation, RegExp]>([
		[
			{},
			/^The delivery came without the query parameter "token"\. Have Shop send the token in the query parameter "token"\.$/,
		],
		[
			{ query: { Token: TOKEN } },
			/Enter "Token" in the credential as the name of the query parameter/,
		],
		[
			{ query: { a: WRONG, b: ['x'], c: '', d: '' } },
			/; the query parameter "a", the query parameter "b", the query parameter "c" came instead/,
		],
		[{ query: { token: [TOKEN, TOKEN] } }, /The query parameter "token" came more than once/],
		[
			{ query: { token: ` ${TOKEN}\n` } },
			/came with spaces at its ends\. Remove the spaces in Shop/,
		],
		[
			{ credential: { token: 'a+token+0123456789' }, query: { token: 'a token 0123456789' } },
			/changed on the way, as URLs need it/,
		],
	])('in the query string: %j', diagnosing(inQuery));

	it('in a header that the user may name', async () => {
		const text = /Enter "X-Foo" in the credential as the name of the header\.$/;
		await diagnosing(customHeader)(header('X-Foo', TOKEN), text);
	});

	it('in two places', async () => {
		const diagnose = diagnosing(inBoth);
		await diagnose({}, /without the header "Authorization" or the query parameter "token"/);
		const credential = { token: TOKEN, previousToken: WRONG };
		await diagnose(
			{ ...authorization(TOKEN), query: { token: WRONG }, credential },
			/Different tokens came in the header "Authorization" and the query parameter "token"/,
		);
	});

	const proxy = header('X-Forwarded-For', '198.51.100.1');
	it.each<[Situation, RegExp]>([
		[
			{},
			/The delivery came from "203\.0\.113\.7", which is not on the IP Allowlist\. If the address belongs/,
		],
		[proxy, /set N8N_PROXY_HOPS/],
		[{ ...proxy, ips: ['203.0.113.7'] }, /raise N8N_PROXY_HOPS/],
		[{ parameters: { options: { ipAllowlist: 'nobody' } } }, /no readable entry/],
	])('with the source: %j', async (situation, text) => {
		const parameters = { options: { ipAllowlist: '192.0.2.0/24' } };
		expect(await shown({ parameters, ...situation })).toMatch(text);
	});

	it.each<[string, string, RegExp]>([
		['a=1', 'application/x-www-form-urlencoded', /The body of the delivery is a form\. Have Shop/],
		['<a/>', 'application/xml', /is XML/],
		['<a/>', 'application/soap+xml', /is XML/],
		['[{"event":"SALE.NEW"}]', 'application/json', /is a list/],
		['"hello"', 'application/json', /is a single value/],
		['', 'application/json', /is empty/],
		['--x', 'multipart/form-data', /is a multipart form/],
		['{"event":', 'text/plain', /is not JSON that n8n can read/],
	])('with the body %s of type %s', async (body, type, text) => {
		const rawHeaders = ['Content-Type', type, 'X-Shop-Token', TOKEN];
		expect(await shown({ body, rawHeaders })).toMatch(text);
	});
});

const named: Provider = {
	...shop,
	eventOf: (delivery) => ({ ...shop.eventOf(delivery), place: 'event of the body' }),
};
const total: Provider['filters'][number] = {
	properties: [{ displayName: 'Minimum', name: 'minimum', type: 'number', default: 0 }],
	isMinimum: true,
	values: (body) => [body.total],
};

it.each<[object, Situation['parameters'], Provider, RegExp]>([
	[
		{ event: 'REFUND' },
		{ events: ['SALE.NEW'] },
		named,
		/^The event "REFUND", found in event of the body, is not selected\. Select Refund under Trigger On, or All Events\.$/,
	],
	[
		{ event: 'LOST' },
		{ events: ['SALE.NEW'] },
		shop,
		/^The event "LOST" is not selected\. The documentation of Shop does not name this event: select Other Events, or enter it under Custom Events\.$/,
	],
	[{ event: null }, { events: ['REFUND'] }, shop, /does not name an event.*Other Events/],
	[{ event: `${TOKEN}.X` }, { events: ['REFUND'] }, shop, /"\?redacted\?\.X"/],
	[
		{ event: '<img src=x onerror=alert(1)>\u202e\n' },
		{ events: ['REFUND'] },
		shop,
		/"\?img src\?x onerror\?alert\?1\?\?\?"/,
	],
	[
		{ status: 'PENDING' },
		{ events: [ALL], filters: { status: ['PAID'] } },
		shop,
		/^The filter Status does not let "PENDING" pass\. Add the value to the filter Status, or remove the filter\.$/,
	],
	[
		{ total: 5 },
		{ events: [ALL], filters: { minimum: 10 } },
		{ ...shop, filters: [total] },
		/^The filter Minimum does not let "5" pass\. Lower the filter Minimum, or remove the filter\.$/,
	],
])('a test with %j under %j ends with what to change', async (more, parameters, provider, text) => {
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
