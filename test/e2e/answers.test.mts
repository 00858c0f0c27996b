import { gzipSync } from 'node:zlib';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request, type HttpResponse } from '../../testkit/n8n/http.mts';
import { senders, type Sender } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	newToken,
	outputsOf,
	RECEIVED,
	UNAUTHORIZED,
	openDatabase,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** The headers that a provider sends only because there is a token; none where the token is in the URL. */
function tokenHeaders(sender: Sender, token: string): Array<[string, string]> {
	const headersWith = (sent?: string) =>
		sender.delivery('', {}, 'https://n8n.example.com/', sent).headers;
	const always = headersWith();
	return Object.entries(headersWith(token)).filter(([name]) => !(name in always));
}

describe.each(senders)('$displayName answers', (sender) => {
	const [event = '', otherEvent = ''] = sender.events;
	let trigger: LiveTrigger;
	beforeAll(async () => {
		trigger = await liveTrigger(n8n, sender, {
			parameters: { events: [event], options: { ignoreDuplicates: true } },
		});
	});

	it('an accepted delivery, an event that is not selected, and a duplicate', async () => {
		const payload = sender.freshIds(sender.sample(event));
		expectAnswer(await deliver(trigger, event, { payload }), 200, RECEIVED);
		expectAnswer(await deliver(trigger, otherEvent), 200, ignored('event'));
		expectAnswer(await deliver(trigger, event, { payload }), 200, ignored('duplicate'));
		await expectExecutions(trigger, 1);
	});

	it('a delivery that is filtered out', async () => {
		const { filtersOut, definition } = sender;
		if (!filtersOut) return expect(definition.filters).toEqual([]);
		const filtered = await liveTrigger(n8n, sender, { parameters: { filters: filtersOut } });
		expectAnswer(await deliver(filtered, event), 200, ignored('filter'));
		await expectExecutions(filtered, 0);
	});

	it('a token that is wrong, missing, empty or sent twice, always in the same words', async () => {
		const before = await n8n.countExecutions(trigger.workflowId);
		const payload = sender.freshIds(sender.sample(event));
		const { token, url } = trigger;
		const answers: HttpResponse[] = [
			await deliver(trigger, event, { payload, token: newToken() }),
			await deliver(trigger, event, { payload, token: token.slice(0, -1) }),
			await deliver(trigger, event, { payload, token: `${token}x` }),
			await deliver(trigger, event, { payload, token: token.toUpperCase() }),
			await deliver(trigger, event, { payload, token: null }),
			await deliver(trigger, event, { payload, token: '' }),
		];
		const once = tokenHeaders(sender, token);
		if (once.length === 0) {
			const { search } = new URL(sender.delivery(event, payload, url, token).url);
			const [name = ''] = new URLSearchParams(search).keys();
			for (const query of [
				`${name}=${token}&${name}=${token}`,
				`${name}[]=${token}`,
				`${name}[a]=${token}`,
			]) {
				answers.push(
					await deliver(trigger, event, { payload, url: `${url}?${query}`, token: null }),
				);
			}
		} else {
			const json: [string, string] = ['Content-Type', 'application/json'];
			const other = tokenHeaders(sender, newToken());
			for (const headers of [
				[json, ...once, ...once],
				[json, ...once, ...other],
				[json, ...other, ...once],
			]) {
				answers.push(await deliver(trigger, event, { payload, headers }));
			}
		}
		for (const answer of answers) expectAnswer(answer, 401, UNAUTHORIZED);
		expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
		expect(await n8n.countExecutions(trigger.workflowId)).toBe(before);
		expectAnswer(await deliver(trigger, event, { payload }), 200, RECEIVED);
	});

	it('any token while n8n has none: empty in the credential, or the credential deleted', async () => {
		const live = await liveTrigger(n8n, sender);
		const name = 'without a token';
		await n8n.updateCredential(
			live.credentialId,
			sender.credentialType,
			name,
			sender.credentialData(''),
		);
		for (const token of [live.token, '', null]) {
			expectAnswer(await deliver(live, event, { token }), 401, UNAUTHORIZED);
		}
		await n8n.deleteCredential(live.credentialId);
		expectAnswer(await deliver(live, event), 401, UNAUTHORIZED);
		await expectExecutions(live, 0);
	});

	it('503 while n8n cannot read its credential, and nothing is lost when it can again', async () => {
		const database = await openDatabase();
		const live = await liveTrigger(n8n, sender);
		const where = `WHERE id = '${live.credentialId}'`;
		const [row] = (await database.run(`SELECT data FROM credentials_entity ${where}`)) as Array<{
			data: string;
		}>;
		await database.run(`UPDATE credentials_entity SET data = 'not what n8n wrote' ${where}`);
		expectAnswer(await deliver(live, event), 503, { error: expect.any(String) });
		await expectExecutions(live, 0);
		await database.run(`UPDATE credentials_entity SET data = '${row?.data}' ${where}`);
		expectAnswer(await deliver(live, event), 200, RECEIVED);
		await expectExecutions(live, 1);
		database.close();
	});

	it('403 to an address that is not on the list, before the token is looked at', async () => {
		const parameters = { options: { ipAllowlist: '203.0.113.7, nonsense' } };
		const live = await liveTrigger(n8n, sender, { parameters });
		for (const token of [live.token, newToken()]) {
			expectAnswer(await deliver(live, event, { token }), 403, { error: expect.any(String) });
		}
		await expectExecutions(live, 0);
		const parametersOfAll = { options: { ipAllowlist: '127.0.0.0/8, ::1' } };
		const open = await liveTrigger(n8n, sender, { parameters: parametersOfAll });
		expectAnswer(await deliver(open, event), 200, RECEIVED);
	});

	it('400 to a body that is no JSON object, once the token is proven', async () => {
		const before = await n8n.countExecutions(trigger.workflowId);
		const sent = sender.delivery(event, sender.sample(event), trigger.url, trigger.token);
		const send = async (contentType: string | undefined, body: string, url = sent.url) => {
			const { 'Content-Type': _type, ...headers } = sent.headers;
			if (contentType !== undefined) headers['Content-Type'] = contentType;
			return await request({ ...sent, url, headers, body });
		};
		const bodies: Array<[string | undefined, string]> = [
			['application/x-www-form-urlencoded', 'event_id=ORDER_CREATED&event_type=ORDER_CREATED'],
			['application/x-www-form-urlencoded', '[{"event_type":"ORDER_CREATED"}]'],
			['application/x-www-form-urlencoded', '{"event_type":'],
			['application/x-www-form-urlencoded', ''],
			[
				'multipart/form-data; boundary=x',
				'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
			],
			['application/xml', '<order><id>1</id></order>'],
			['application/json', '[{"event_type":"ORDER_CREATED"}]'],
			['application/json', '"text"'],
			['application/json', 'null'],
			['application/json', ''],
			['text/plain', 'hello'],
			['text/plain', '[]'],
			[undefined, 'hello'],
			[undefined, ''],
			['text/json; charset=iso-8859-1', sent.body],
			['multipart/mixed; boundary=x', sent.body],
		];
		for (const [contentType, body] of bodies) {
			expectAnswer(await send(contentType, body), 400, { error: expect.any(String) });
		}
		expect(await n8n.countExecutions(trigger.workflowId)).toBe(before);
	});

	it('one JSON object, whatever its content type and encoding', async () => {
		const live = await liveTrigger(n8n, sender, { parameters: { simplify: false } });
		const ways: Array<[type?: string, encode?: (json: string) => Buffer, encoding?: string]> = [
			[],
			['text/plain'],
			['text/plain; charset=utf-8'],
			['application/json; charset=utf-8'],
			['application/json; charset=latin1', (json) => Buffer.from(json, 'latin1')],
			['application/cloudevents+json'],
			['text/json; charset=utf16le', (json) => Buffer.from(`\uFEFF${json}`, 'utf16le')],
			['application/x-www-form-urlencoded'],
			['application/x-www-form-urlencoded; charset=UTF-8', (json) => Buffer.from(`\uFEFF${json}`)],
			['application/x-www-form-urlencoded', gzipSync, 'gzip'],
			['application/octet-stream', gzipSync, 'gzip'],
			['text/html'],
		];
		for (const [index, [type, encode = Buffer.from, encoding]] of ways.entries()) {
			const payload = { ...sender.freshIds(sender.sample(event)), city: 'São Paulo & 50%' };
			const sent = sender.delivery(event, payload, live.url, live.token);
			const { 'Content-Type': _type, ...headers } = sent.headers;
			if (type !== undefined) headers['Content-Type'] = type;
			if (encoding !== undefined) headers['Content-Encoding'] = encoding;
			const answer = await request({ ...sent, headers, body: encode(sent.body) });
			expectAnswer(answer, 200, RECEIVED);
			const ids = await expectExecutions(live, index + 1);
			const [item] = (await outputsOf(live, ids.at(-1) ?? '')).flat();
			expect(item).toMatchObject({ event, payload: { city: 'São Paulo & 50%' } });
		}
	});

	it('what n8n itself answers: broken JSON, a charset it does not know, a body announced as 20 MB, other methods', async () => {
		const before = await n8n.countExecutions(trigger.workflowId);
		expect((await deliver(trigger, event, { body: '{"event_type":' })).status).toBe(422);
		const sent = sender.delivery(event, sender.sample(event), trigger.url, trigger.token);
		const undecoded = { ...sent.headers, 'Content-Type': 'application/json; charset=iso-8859-1' };
		expect((await request({ ...sent, headers: undecoded })).status).toBe(422);
		// n8n refuses by the announced length; sent in full, the body would race with the answer.
		const announced: Record<string, string> = { ...sent.headers, 'Content-Length': '20000000' };
		const tooLarge = await request({ ...sent, headers: announced, body: '{' });
		expect(tooLarge.status).toBeGreaterThanOrEqual(400);
		expect(tooLarge.body).not.toContain(trigger.token);
		// Without a content type n8n hands the body over unread: the node finds that it cannot be read.
		const { 'Content-Type': _type, ...untyped } = announced;
		const unread = await request({ ...sent, headers: untyped, body: '{' });
		expectAnswer(unread, 400, { error: expect.any(String) });
		for (const method of ['PUT', 'GET', 'DELETE', 'PATCH']) {
			expect((await deliver(trigger, event, { method })).status).toBe(404);
		}
		expect(await n8n.countExecutions(trigger.workflowId)).toBe(before);
	});
});
