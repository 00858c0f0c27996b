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
	type TriggerSettings,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { expectedItem } from '../../testkit/providers/items.mts';
import { senderOf, senders, type Sender } from '../../testkit/providers/senders.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

const ERROR = { error: expect.any(String) };
const ignoringDuplicates = { options: { ignoreDuplicates: true } };

const firstSample = ({ samples: [sample] }: Sender) => {
	if (!sample) throw new Error('There is no sample.');
	return sample;
};

it.each(providersFor('gestaoOnline'))(
	'$displayName: an accepted delivery, an event that is not selected, and a duplicate',
	async (sender) => {
		const [event = '', otherEvent = ''] = sender.events;
		const parameters = { events: [event], ...ignoringDuplicates };
		const trigger = await liveTrigger(n8n, sender, { parameters });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		expectAnswer(await deliver(trigger, otherEvent), 200, ignored('event'));
		expectAnswer(await deliver(trigger, event), 200, ignored('duplicate'));
		await expectExecutions(trigger, 1);
	},
);

it.each(providersFor('goatCom', 'troqueDevolva', 'gen').filter(({ filtersOut }) => filtersOut))(
	'$displayName: a delivery that a filter keeps out, and one whose status was typed',
	async (sender) => {
		const { event, file } = firstSample(sender);
		const filtered = await liveTrigger(n8n, sender, {
			parameters: { filters: sender.filtersOut ?? {} },
		});
		expectAnswer(await deliver(filtered, event), 200, ignored('filter'));
		await expectExecutions(filtered, 0);
		const { status } = expectedItem(sender.folder, file);
		const filters = { ...sender.filtersOut, otherStatuses: ` LOST, ${String(status)}` };
		const typed = await liveTrigger(n8n, sender, { parameters: { filters } });
		expectAnswer(await deliver(typed, event), 200, RECEIVED);
	},
);

// Each provider has another place for its token. test/e2e/attacks sends it twice, and in forms that only bytes show.
it.each(senders)('$displayName: 401 to a wrong and to a missing token', async (sender) => {
	const { event } = firstSample(sender);
	const trigger = await liveTrigger(n8n, sender);
	const answers = [
		await deliver(trigger, event, { token: newToken() }),
		await deliver(trigger, event, { token: trigger.token.slice(0, -1) }),
		await deliver(trigger, event, { token: null }),
	];
	for (const answer of answers) expectAnswer(answer, 401, UNAUTHORIZED);
	expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
	expectAnswer(await deliver(trigger, event), 200, RECEIVED);
	await expectExecutions(trigger, 1);
});

it.each(providersFor('goatCom'))(
	'$displayName: 401 to any token while n8n has none: empty in the credential, or the credential deleted',
	async (sender) => {
		const { event } = firstSample(sender);
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
		const { event } = firstSample(sender);
		const trigger = await liveTrigger(n8n, sender);
		const database = await openDatabase();
		const where = `WHERE id = '${trigger.credentialId}'`;
		const [row] = (await database.run(`SELECT data FROM credentials_entity ${where}`)) as Array<{
			data: string;
		}>;
		await database.run(`UPDATE credentials_entity SET data = 'not what n8n wrote' ${where}`);
		expectAnswer(await deliver(trigger, event), 503, ERROR);
		await expectExecutions(trigger, 0);
		await database.run(`UPDATE credentials_entity SET data = '${row?.data}' ${where}`);
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 1);
		database.close();
	},
);

it.each(providersFor('gen'))(
	'$displayName: 403 to an address that is not on the list, whatever the token',
	async (sender) => {
		const { event } = firstSample(sender);
		const trigger = async (ipAllowlist: string) =>
			await liveTrigger(n8n, sender, { parameters: { options: { ipAllowlist } } });
		const closed = await trigger('203.0.113.7, nonsense');
		for (const token of [closed.token, newToken()]) {
			expectAnswer(await deliver(closed, event, { token }), 403, ERROR);
		}
		await expectExecutions(closed, 0);
		expectAnswer(await deliver(await trigger('127.0.0.0/8, ::1'), event), 200, RECEIVED);
	},
);

/** A provider's request with another body and content type; without one where it is undefined. */
function requestWith(sender: Sender, url: string, token: string, type: string | undefined) {
	const { event, payload } = firstSample(sender);
	const sent = sender.delivery(event, sender.freshIds(payload), url, token);
	const { 'Content-Type': _type, ...headers } = sent.headers;
	return { ...sent, headers: type === undefined ? headers : { ...headers, 'Content-Type': type } };
}

it.each(providersFor('goatCom'))(
	'$displayName: 400 to a body that is not a JSON object',
	async (sender) => {
		const { url, token, workflowId } = await liveTrigger(n8n, sender);
		const bodies: Array<[type: string | undefined, body: string]> = [
			['application/json', '[{"event_type":"ORDER_CREATED"}]'],
			['application/json', ''],
			['application/x-www-form-urlencoded', 'event_id=ORDER_CREATED&event_type=ORDER_CREATED'],
			['application/x-www-form-urlencoded', '{"event_type":'],
			[
				'multipart/form-data; boundary=x',
				'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
			],
			['multipart/mixed; boundary=x', '{}'],
			['application/xml', '<order><id>1</id></order>'],
			['text/plain', '[]'],
			['text/json; charset=iso-8859-1', '{}'],
			[undefined, 'hello'],
		];
		for (const [type, body] of bodies) {
			const answer = await request({ ...requestWith(sender, url, token, type), body });
			expect([type, body, answer.status, answer.json]).toEqual([type, body, 400, ERROR]);
		}
		expect(await n8n.countExecutions(workflowId)).toBe(0);
	},
);

it.each(providersFor('gestaoOnline'))(
	'$displayName: 200 to one JSON object, whatever its content type and encoding',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender, { parameters: { simplify: false } });
		const ways: Array<[type?: string, encode?: (json: string) => Buffer, encoding?: string]> = [
			[],
			['text/plain'],
			['application/json; charset=latin1', (json) => Buffer.from(json, 'latin1')],
			['text/json; charset=utf16le', (json) => Buffer.from(`\uFEFF${json}`, 'utf16le')],
			['application/x-www-form-urlencoded; charset=UTF-8', (json) => Buffer.from(`\uFEFF${json}`)],
			['application/x-www-form-urlencoded', gzipSync, 'gzip'],
			['application/octet-stream', gzipSync, 'gzip'],
		];
		for (const [type, encode = Buffer.from, encoding] of ways) {
			const sent = requestWith(sender, trigger.url, trigger.token, type);
			const body = encode(sent.body.replace('{', '{"city":"São Paulo & 50%",'));
			const headers = { ...sent.headers, ...(encoding && { 'Content-Encoding': encoding }) };
			const { status, json } = await request({ ...sent, headers, body });
			expect([type, status, json]).toEqual([type, 200, RECEIVED]);
		}
		for (const id of await expectExecutions(trigger, ways.length)) {
			const [[item] = []] = await outputsOf(trigger, id);
			expect(item).toMatchObject({ payload: { city: 'São Paulo & 50%' } });
		}
	},
);

it.each(providersFor('troqueDevolva'))(
	'$displayName: what n8n itself answers: broken JSON, an unknown charset, 20 MB, other methods',
	async (sender) => {
		const { event } = firstSample(sender);
		const trigger = await liveTrigger(n8n, sender);
		expect((await deliver(trigger, event, { body: '{"event_type":' })).status).toBe(422);
		const sentAs = (type?: string) => requestWith(sender, trigger.url, trigger.token, type);
		const undecoded = sentAs('application/json; charset=iso-8859-1');
		expect((await request(undecoded)).status).toBe(422);
		// n8n refuses by the announced length; sent in full, the body would race with the answer.
		const announce = async (type?: string) => {
			const { headers, ...sent } = sentAs(type);
			const announced = { ...headers, 'Content-Length': '20000000' };
			return await request({ ...sent, headers: announced, body: '{' });
		};
		const tooLarge = await announce('application/json');
		expect(tooLarge.status).toBeGreaterThanOrEqual(400);
		expect(tooLarge.body).not.toContain(trigger.token);
		// Without a content type n8n hands the body over unread: the node finds that it cannot be read.
		expectAnswer(await announce(), 400, ERROR);
		for (const method of ['PUT', 'GET']) {
			expect((await deliver(trigger, event, { method })).status).toBe(404);
		}
		expect(await n8n.countExecutions(trigger.workflowId)).toBe(0);
	},
);

it.each(providersFor('goatCom'))(
	'$displayName: twenty copies at the same moment start each of two workflows once',
	async (sender) => {
		const { event } = firstSample(sender);
		const parameters = ignoringDuplicates;
		const [one, other] = [
			await liveTrigger(n8n, sender, { parameters }),
			await liveTrigger(n8n, sender, { parameters }),
		];
		for (const trigger of [one, other]) {
			const copies = Array.from({ length: 20 }, async () => await deliver(trigger, event));
			const answers = await Promise.all(copies);
			expect(countOf(answers, RECEIVED)).toBe(1);
			expect(countOf(answers, ignored('duplicate'))).toBe(19);
			await expectExecutions(trigger, 1);
		}
	},
);

it.each(providersFor('gen'))(
	'$displayName: a test delivery is not dropped as a duplicate, and the real one after it neither',
	async (sender) => {
		const { event } = firstSample(sender);
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		for (const count of [1, 2]) {
			const url = await n8n.listenForTest(trigger.workflowId, 'Trigger');
			expectAnswer(await deliver(trigger, event, { url }), 200, RECEIVED);
			await expectExecutions(trigger, count);
		}
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 3);
	},
);

const WRONG = newToken();
type TestDelivery = DeliverySettings & Pick<TriggerSettings, 'parameters'>;

it.each<[string, string, TestDelivery, RegExp]>([
	['goatCom', 'without a token', { token: null }, /without the header "Authorization"/],
	['goatCom', 'without Bearer', { headers: { authorization: WRONG } }, /without the word Bearer/],
	[
		'gestaoOnline',
		'with a wrong token',
		{ token: WRONG },
		/query parameter "token" is not the one/,
	],
	[
		'troqueDevolva',
		'with the body as a list',
		{ body: '[]' },
		/The body of the delivery is a list/,
	],
	['gen', 'without a body', { body: '' }, /The body of the delivery is empty/],
	[
		'troqueDevolva',
		'of an event that is not selected',
		{ parameters: { events: ['other'] } },
		/"request.created", found in the query parameter event, is not selected/,
	],
	[
		'goatCom',
		'that a filter holds back',
		{ parameters: { filters: { otherStatuses: 'LOST' } } },
		/The filter Status does not let "PENDING" pass/,
	],
	[
		'gen',
		'from another address',
		{ parameters: { options: { ipAllowlist: '192.0.2.1' } } },
		/"(::ffff:)?127\.0\.0\.1", which is not on the IP Allowlist/,
	],
	[
		'goatCom',
		'with a forged name',
		{ headers: [[`X-Token-${'a'.repeat(10_000)}`, WRONG]] },
		/the header "X-Token-a{52}…" came instead/,
	],
])(
	'%s: a test delivery %s ends the test with what is wrong',
	async (provider, _what, test, text) => {
		const sender = senderOf(provider);
		const [event = ''] = sender.events;
		const { parameters, ...settings } = test;
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
