import { gzipSync } from 'node:zlib';
import {
	connect,
	countOf,
	deliver,
	type DeliverySettings,
	expectAnswer,
	expectExecutions,
	filesWith,
	ignored,
	liveTrigger,
	newToken,
	openDatabase,
	outputsOf,
	RECEIVED,
	TRIGGER,
	type LiveTrigger,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { withQuery } from '../../testkit/providers/samples.mts';
import { senderOf, senders, type JsonObject } from '../../testkit/providers/senders.mts';

// 403 is in attacks.test.mts, whose n8n is behind a proxy. The reasons for each answer are in test/core.

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

const ERROR = { error: expect.any(String) };
const ignoringDuplicates = { options: { ignoreDuplicates: true } };

it.each(providersFor('goatCom'))(
	'$displayName: 200 to a delivery that is accepted, not selected, a duplicate, or filtered out',
	async (sender) => {
		const [event = '', otherEvent = ''] = sender.events;
		const parameters = { events: [event], ...ignoringDuplicates };
		const trigger = await liveTrigger(n8n, sender, { parameters });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		expectAnswer(await deliver(trigger, otherEvent), 200, ignored('event'));
		expectAnswer(await deliver(trigger, event), 200, ignored('duplicate'));
		await expectExecutions(trigger, 1);
		const { filtersOut: filters } = sender;
		if (!filters) return;
		const filtering = await liveTrigger(n8n, sender, { parameters: { filters } });
		expectAnswer(await deliver(filtering, event), 200, ignored('filter'));
		await expectExecutions(filtering, 0);
	},
);

/** Sends a provider's request with any number of tokens where it would put one. */
async function sendTokens({ sender, url }: LiveTrigger, ...tokens: string[]) {
	const [event = ''] = sender.events;
	const plain = sender.delivery(event, sender.sample(event), url);
	const target = new URL(plain.url);
	const headers = Object.entries(plain.headers);
	for (const token of tokens) {
		const sent = sender.delivery(event, sender.sample(event), url, token);
		const query = [...new URL(sent.url).searchParams].slice(new URL(plain.url).searchParams.size);
		for (const [name, value] of query) target.searchParams.append(name, value);
		headers.push(...Object.entries(sent.headers).filter(([name]) => !(name in plain.headers)));
	}
	return await request({ ...plain, url: target.href, headers });
}

// Each provider has another place for its token. The forms of a wrong one are in test/core/token.test.mts.
it.each(senders)(
	'$displayName: the same 401 to a token that is missing, wrong, sent twice, or somewhere else',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender);
		const { token, url } = trigger;
		const other = newToken();
		const elsewhere = {
			url: withQuery(url, 'key', token),
			payload: { ...sender.sample(event), token },
		};
		const answers = [await deliver(trigger, event, { token: null, ...elsewhere })];
		for (const tokens of [[], [other], [token, token], [token, other], [other, token]]) {
			answers.push(await sendTokens(trigger, ...tokens));
		}
		for (const answer of answers) expectAnswer(answer, 401, UNAUTHORIZED);
		expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
		expectAnswer(await sendTokens(trigger, token), 200, RECEIVED);
		await expectExecutions(trigger, 1);
	},
);

it('Gestão Online: 401 to a token in the query that n8n does not read as one text', async () => {
	const trigger = await liveTrigger(n8n, senderOf('gestaoOnline'));
	const { token, url } = trigger;
	for (const query of [
		`token[]=${token}`,
		`token[token]=${token}`,
		`__proto__[token]=${token}`,
		`token=${token}&token[x]=1`,
		`${'a&'.repeat(1_000)}token=${token}`,
	]) {
		const answer = await deliver(trigger, 'ORDER_CREATED', { token: null, url: `${url}?${query}` });
		expectAnswer(answer, 401, UNAUTHORIZED);
	}
	await expectExecutions(trigger, 0);
});

it.each(providersFor('goatCom'))(
	'$displayName: 401 to any token while n8n has none: empty in the credential, or the credential deleted',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender);
		const { credentialId: id, token } = trigger;
		await n8n.updateCredential(id, sender.credentialType, 'empty', sender.credentialData(''));
		for (const sent of [token, '', null]) {
			expectAnswer(await deliver(trigger, event, { token: sent }), 401, UNAUTHORIZED);
		}
		await n8n.deleteCredential(id);
		expectAnswer(await deliver(trigger, event), 401, UNAUTHORIZED);
		await expectExecutions(trigger, 0);
	},
);

it.each(providersFor('troqueDevolva'))(
	'$displayName: 503 while n8n cannot read its credential, and nothing is lost when it can again',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender);
		const database = await openDatabase();
		const setData = async (data: string) =>
			await database.run(
				`UPDATE credentials_entity SET data = ${data} WHERE id = '${trigger.credentialId}'`,
			);
		await setData("'x' || data");
		expectAnswer(await deliver(trigger, event), 503, ERROR);
		await expectExecutions(trigger, 0);
		await setData('substr(data, 2)');
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 1);
		database.close();
	},
);

/** A provider's request with another content type; without one where it is undefined. */
function requestAs(type: string | undefined, { sender, url, token }: LiveTrigger) {
	const [event = ''] = sender.events;
	const payload = sender.freshIds(sender.sample(event));
	const sent = sender.delivery(event, payload, url, token);
	const { 'Content-Type': _type, ...headers } = sent.headers;
	return { ...sent, headers: { ...headers, ...(type !== undefined && { 'Content-Type': type }) } };
}

// What cannot be read as it was signed has no right signature: those who sign get a 401 for it.
const withoutSignature = (...names: string[]) =>
	providersFor(...names).filter(({ signing }) => !signing);

const MULTIPART = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';

it.each(withoutSignature('goatCom'))(
	'$displayName: 400 to a body that is not a JSON object, however n8n parses it',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender);
		for (const [type, body] of [
			['application/json', '[{"event_type":"ORDER_CREATED"}]'],
			['application/json', ''],
			['application/x-www-form-urlencoded', 'event_id=ORDER_CREATED&event_type=ORDER_CREATED'],
			['multipart/form-data; boundary=x', MULTIPART],
			['application/xml', '<order><id>1</id></order>'],
			['text/plain', '[]'],
			[undefined, 'hello'],
		] as const) {
			const { status, json } = await request({ ...requestAs(type, trigger), body });
			expect([type, body, status, json]).toEqual([type, body, 400, ERROR]);
		}
		// Without a content type n8n hands the body over unread, also one that is too large.
		const { headers, ...sent } = requestAs(undefined, trigger);
		const announced = { ...headers, 'Content-Length': '20000000' };
		expectAnswer(await request({ ...sent, headers: announced, body: '{' }), 400, ERROR);
		await expectExecutions(trigger, 0);
	},
);

it.each(withoutSignature('gestaoOnline'))(
	'$displayName: 200 to one JSON object, whatever its content type and encoding',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender, { parameters: { simplify: false } });
		const ways: Array<[type?: string, encode?: (json: string) => Buffer, encoding?: string]> = [
			[],
			['application/json; charset=latin1', (json) => Buffer.from(json, 'latin1')],
			['text/json; charset=utf16le', (json) => Buffer.from(`\uFEFF${json}`, 'utf16le')],
			['application/x-www-form-urlencoded; charset=UTF-8', (json) => Buffer.from(`\uFEFF${json}`)],
			['application/octet-stream', gzipSync, 'gzip'],
		];
		for (const [type, encode = Buffer.from, encoding] of ways) {
			const sent = requestAs(type, trigger);
			const body = encode(sent.body.replace('{', '{"city":"São Paulo & 50%",'));
			const headers = { ...sent.headers, ...(encoding && { 'Content-Encoding': encoding }) };
			const { status, json } = await request({ ...sent, headers, body });
			expect([type, status, json]).toEqual([type, 200, RECEIVED]);
		}
		await expectExecutions(trigger, ways.length);
		const [items] = await outputsOf(trigger);
		const city = 'São Paulo & 50%';
		expect(items).toMatchObject(ways.map(() => ({ payload: { city } })));
	},
);

it.each(providersFor('goatCom'))(
	'$displayName: twenty copies at the same moment start the workflow once',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		const copies = Array.from({ length: 20 }, async () => await deliver(trigger, event));
		const answers = await Promise.all(copies);
		expect(countOf(answers, RECEIVED)).toBe(1);
		expect(countOf(answers, ignored('duplicate'))).toBe(19);
		await expectExecutions(trigger, 1);
	},
);

const WRONG = newToken();

// The texts are in test/core/diagnosis.test.mts.
it.each<[string, string, DeliverySettings, JsonObject, RegExp]>([
	[
		'gestaoOnline',
		'with a wrong token',
		{ token: WRONG },
		{},
		/query parameter "token" is not the one/,
	],
	[
		'goatCom',
		'with a forged name',
		{ headers: [[`X-Token-${'a'.repeat(10_000)}`, WRONG]] },
		{},
		/the header "X-Token-a{52}…" came instead/,
	],
	[
		'troqueDevolva',
		'of an event that is not selected',
		{},
		{ events: ['other'] },
		/"request.created", found in the query parameter event, is not selected/,
	],
])(
	'%s: a test delivery %s ends the test with what is wrong',
	async (provider, _what, settings, parameters, text) => {
		const sender = senderOf(provider);
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender, { parameters });
		const url = await n8n.listenForTest(trigger.workflowId, TRIGGER);
		expect(await deliver(trigger, event, { url, ...settings })).toMatchObject({ status: 500 });
		const [id = ''] = await expectExecutions(trigger, 1);
		const { status, data } = await n8n.execution(id);
		const { error, lastNodeExecuted, runData } = data.resultData;
		expect({ status, lastNodeExecuted }).toEqual({ status: 'error', lastNodeExecuted: TRIGGER });
		expect(Object.keys(runData).filter((node) => node !== TRIGGER)).toEqual([]);
		expect(`${String(error?.message)} ${String(error?.description)}`).toMatch(text);
		expect(await filesWith(WRONG)).toEqual([]);
	},
);
