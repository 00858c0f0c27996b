import { gzipSync } from 'node:zlib';
import { FORBIDDEN_SOURCE, UNAUTHORIZED } from '../../nodes/core/answers';
import { nodeOutput } from '../../testkit/n8n/api.mts';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { targetOf } from '../../testkit/fakes/arrival.mts';
import { CLOSED, exchange } from '../../testkit/hostile/wire.mts';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import { itemSchema } from '../../testkit/providers/itemSchema.mts';
import { expectItem } from '../../testkit/providers/items.mts';
import { senders, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';
import {
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	newToken,
	RECEIVED,
	TRIGGER,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';

/** An n8n of its own: what is done to it here must reach no other test. */
let n8n: N8n;
let own: OwnN8n;

beforeAll(async () => {
	// With this engine an expression runs in the process that the node runs in, and sees its prototypes.
	const env = { N8N_EXPRESSION_ENGINE: 'legacy' };
	own = await OwnN8n.start(env);
	n8n = own.n8n;
});

afterAll(async () => await own.remove());

/** Where and how a provider sends its token. */
function tokenPlace(sender: Sender): { parameter: string } | { header: string; word: string } {
	const sent = sender.delivery('', {}, n8n.url, 'TOKEN');
	const [header, value] = Object.entries(sent.headers).find(([, text]) =>
		text.includes('TOKEN'),
	) ?? [undefined, ''];
	if (header !== undefined) return { header, word: value.replace('TOKEN', '') };
	const [parameter = ''] = [...new URL(sent.url).searchParams.keys()];
	return { parameter };
}

/** A delivery's request, byte by byte, with these texts (or header lines and queries) where its token belongs. */
async function deliverBytes(
	{ sender, url }: LiveTrigger,
	{ headers = [], query = '', body }: { headers?: string[]; query?: string; body?: string },
) {
	const [event = ''] = sender.events;
	const sent = Buffer.from(body ?? JSON.stringify(sender.sample(event))).toString('latin1');
	const { pathname, host } = new URL(url);
	const lines = [
		`POST ${pathname}${query} HTTP/1.1`,
		`Host: ${host}`,
		'Content-Type: application/json',
		`Content-Length: ${sent.length}`,
		...headers,
	];
	return await exchange(url, `${lines.join('\r\n')}\r\n`, sent);
}

const bytesOf = (text: string) => Buffer.from(text).toString('latin1');
const escapedBytes = (text: string) =>
	[...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** A delivery in which these texts stand where the token belongs: one, or more of them. */
async function deliverTokens(trigger: LiveTrigger, ...texts: string[]) {
	const place = tokenPlace(trigger.sender);
	if ('parameter' in place) {
		const parts = texts.map((text) => `${place.parameter}=${escapedBytes(text)}`);
		return await deliverBytes(trigger, { query: `?${parts.join('&')}` });
	}
	const headers = texts.map((text) => `${place.header}: ${place.word}${bytesOf(text)}`);
	return await deliverBytes(trigger, { headers });
}

/** What a trigger put out in an execution that went well. */
async function itemsOf(executionId: string) {
	const execution = await n8n.execution(executionId);
	expect(execution.status).toBe('success');
	return nodeOutput(execution, TRIGGER).flat();
}

/** The keys that every object of n8n's process has inherited meanwhile, as an expression there sees them. */
async function inheritedKeys(): Promise<unknown> {
	const trigger = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
	const value =
		'={{ (() => { const found = []; for (const key in {}) { found.push(key); } return found.join(); })() }}';
	const assignments = [{ id: '1', name: 'keys', type: 'string', value }];
	const look = {
		name: 'Look',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { assignments: { assignments } },
	};
	const { id } = await n8n.createWorkflow({
		name: 'Inherited keys',
		nodes: [trigger, look],
		connections: { Start: { main: [[{ node: 'Look', type: 'main', index: 0 }]] } },
	});
	const execution = await n8n.run(id, 'Start');
	expect(execution.status).toBe('success');
	return nodeOutput(execution, 'Look').flat()[0]?.keys;
}

/** Nothing more has run; n8n is there and its objects are what they were; a proper delivery becomes its exact item. */
async function expectUnharmed(attacked: LiveTrigger, executions: number): Promise<void> {
	const { sender } = attacked;
	expect(n8n.isRunning).toBe(true);
	expect(await n8n.countExecutions(attacked.workflowId)).toBe(executions);
	expect(await inheritedKeys()).toBe('');
	const fresh = await liveTrigger(n8n, sender);
	for (const trigger of executions === 0 ? [attacked, fresh] : [fresh]) {
		const [sample] = sender.samples;
		if (!sample) throw new Error(`There is no sample of ${sender.displayName}.`);
		expectAnswer(await deliver(trigger, sample.event), 200, RECEIVED);
		const [id = ''] = await expectExecutions(trigger, 1);
		const [item = {}] = await itemsOf(id);
		expectItem(sender.folder, sample.file, item);
	}
	expect(n8n.log()).not.toMatch(/unhandled|uncaught|heap out of memory/i);
}

/** The status where a server closed the connection before it had read all. */
function closedEarly(error: unknown): number {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ECONNRESET' || code === 'EPIPE') return CLOSED;
	throw error;
}

/** Compares many answers at once, so that a failure shows all that differ. */
class Answers {
	private readonly actual: Record<string, unknown> = {};
	private readonly expected: Record<string, unknown> = {};

	/** @param body what the answer must be; left out for answers that are not the node's own */
	add(what: string, answer: { status: number; body: string }, status: number, body?: unknown) {
		const answered = answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body;
		this.actual[what] = { status: answer.status, ...(body ? { body: answered } : {}) };
		this.expected[what] = { status, ...(body ? { body } : {}) };
	}

	check(): void {
		expect(this.actual).toEqual(this.expected);
	}
}

const fullWidth = (text: string) =>
	[...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join('');

/** Texts that are not the token, or more than one. */
const wrongTokens = (token: string): Record<string, string[]> => ({
	nothing: [''],
	'a space': [' '],
	'all but the last character': [token.slice(0, -1)],
	'all but the first character': [token.slice(1)],
	'one character more': [`${token}x`],
	capitals: [token.toUpperCase()],
	'small letters': [token.toLowerCase()],
	'the token twice in one': [token + token],
	'a list with the token': [`${token},x`],
	'the token two times': [token, token],
	'the token before another': [token, newToken()],
	'the token behind another': [newToken(), token],
	'the token behind an empty one': ['', token],
	'the token before an empty one': [token, ''],
	'full-width letters': [fullWidth(token)],
	'a Cyrillic letter': [`\u0430${token.slice(1)}`],
	'a zero-width space': [`${token}\u200b`],
	'a combining mark': [`${token}\u0301`],
	'half a character': [`${token}\ud800`],
	'a wildcard': ['*'],
	'null and undefined': ['null', 'undefined'],
	'five thousand characters': [token.padEnd(5_000, 'x')],
});

const SCHEMES = [
	'Basic',
	'Digest',
	'Token',
	'Negotiate',
	'OAuth',
	'JWT',
	'Bearer Bearer',
	'Bearer:',
];

/** Queries in which the token is there, but not as the one text under its name. */
const hiddenInQuery = (token: string) => [
	`token[]=${token}`,
	`token[0]=${token}`,
	`token[a]=${token}`,
	`token[token]=${token}`,
	`token[__proto__]=${token}`,
	`token[toString]=${token}`,
	`token[length]=1&token[0]=${token}`,
	`__proto__[token]=${token}`,
	`__proto__=${token}`,
	`constructor[prototype][token]=${token}`,
	`Token=${token}`,
	`token%00=${token}`,
	`token=${token}%00`,
	`token=%00${token}`,
	`token=${token}%ff`,
	`token=${token}&token[x]=1`,
	`${'a&'.repeat(1_000)}token=${token}`,
	`token${'[a]'.repeat(1_000)}=${token}`,
	`token=${token};x`,
];

/** Places where other providers, or other programs, send a token. */
const elsewhere = (token: string): Array<{ headers?: string[]; query?: string }> => [
	{ query: `?key=${token}&access_token=${token}&Token=${token}` },
	{ query: `?authorization=Bearer%20${token}&headerValue=${token}` },
	{ headers: [`Proxy-Authorization: Bearer ${token}`] },
	{ headers: [`X-Authorization: ${token}`, `X_Webhook_Token: ${token}`] },
	{ headers: [`Cookie: token=${token}; Authorization=${token}; n8n-auth=${token}`] },
	{ headers: [`X: x`, `Connection: Authorization`, `Authorization2: ${token}`] },
	{ headers: ['X-HTTP-Method-Override: GET', `X-Original-URL: /?token=${token}`] },
	{ headers: [`Authorization: Basic ${Buffer.from(`x:${token}`).toString('base64')}`] },
];

describe.each(senders)('$displayName, to someone without the token', (sender) => {
	const [event = ''] = sender.events;
	let trigger: LiveTrigger;
	beforeEach(async () => (trigger = await liveTrigger(n8n, sender)));

	it('answers 401 to every wrong, missing or repeated token', async () => {
		const answers = new Answers();
		for (const [what, texts] of Object.entries(wrongTokens(trigger.token))) {
			answers.add(what, await deliverTokens(trigger, ...texts), 401, UNAUTHORIZED.body);
		}
		answers.check();
		await expectUnharmed(trigger, 0);
	});

	it('answers 401 to the token in any other scheme, form or place', async () => {
		const { token } = trigger;
		const answers = new Answers();
		const refuse = async (request: { headers?: string[]; query?: string; body?: string }) => {
			const what = JSON.stringify(request).slice(0, 200);
			answers.add(what, await deliverBytes(trigger, request), 401, UNAUTHORIZED.body);
		};
		const place = tokenPlace(sender);
		for (const request of elsewhere(token)) await refuse(request);
		if ('parameter' in place) {
			await refuse({ headers: [`Authorization: Bearer ${token}`] });
			for (const query of hiddenInQuery(token)) await refuse({ query: `?${query}` });
		} else {
			await refuse({ query: `?token=${token}` });
			for (const scheme of SCHEMES)
				await refuse({ headers: [`${place.header}: ${scheme} ${token}`] });
			await refuse({ headers: [`${place.header}: \xa0${place.word}${token}`] });
			await refuse({ headers: [`${place.header}: ${place.word}${token}\xff`] });
		}
		await refuse({ body: JSON.stringify({ token, headers: { Authorization: token } }) });
		answers.check();
		await expectUnharmed(trigger, 0);
	});

	it('never sees a null byte, a megabyte or a request of two lengths: Node answers those itself', async () => {
		const { token } = trigger;
		const place = tokenPlace(sender);
		const answers = new Answers();
		const ask = async (text: string) =>
			'parameter' in place
				? await deliverBytes(trigger, { query: `?${place.parameter}=${text}` })
				: await deliverBytes(trigger, { headers: [`${place.header}: ${place.word}${text}`] });
		answers.add('a null byte after it', await ask(`${token}\0`), 400);
		answers.add('a null byte before it', await ask(`\0${token}`), 400);
		answers.add('20,000 characters', await ask(token.padEnd(20_000, 'x')), 431);
		answers.add('a line end after it', await ask(`${token}\r`), 400);
		// Node answers and closes before it has read so much: the answer is lost where the sender still writes.
		const { status } = await ask(token.padEnd(1_000_000, 'x'));
		expect([431, CLOSED]).toContain(status);
		const chunked = ['Transfer-Encoding: chunked'];
		answers.add('two lengths', await deliverBytes(trigger, { headers: chunked }), 400);
		answers.check();
		await expectUnharmed(trigger, 0);
	});

	it('answers the same whatever the body, which costs n8n no execution', async () => {
		const answers = new Answers();
		for (const [what, body] of Object.entries(hostileBodies(sender))) {
			const answer = await deliver(trigger, event, { token: newToken(), body });
			answers.add(what, answer, 401, UNAUTHORIZED.body);
		}
		answers.check();
		await expectUnharmed(trigger, 0);
	});

	it('counts the address of the connection, whatever the request says of others', async () => {
		const listed = '203.0.113.7';
		const parameters = { options: { ipAllowlist: `${listed}, 2001:db8::/32` } };
		const closed = await liveTrigger(n8n, sender, { parameters });
		const answers = new Answers();
		for (const claim of [
			`X-Forwarded-For: ${listed}`,
			`X-Forwarded-For: ${listed}, ${listed}`,
			`X-Forwarded-For: 2001:db8::1`,
			`Forwarded: for=${listed}`,
			`X-Real-IP: ${listed}`,
			`X-Client-IP: ${listed}`,
			`CF-Connecting-IP: ${listed}`,
			`True-Client-IP: ${listed}`,
		]) {
			const [name = '', value = ''] = claim.split(': ');
			const sent = sender.delivery(event, {}, closed.url, closed.token);
			const headers = { ...sent.headers, [name]: value };
			answers.add(claim, await deliver(closed, event, { headers }), 403, FORBIDDEN_SOURCE.body);
		}
		answers.check();
		expect(await n8n.countExecutions(closed.workflowId)).toBe(0);
	});
});

/** A provider's fullest sample with this JSON in it, under a key of its own and instead of the values at its root. */
const withJson = (sample: JsonObject, json: string) =>
	`{"hostile":${json},${JSON.stringify(sample).slice(1)}`;
const instead = (sample: JsonObject, json: string) =>
	`{${Object.keys(sample)
		.map((key) => `${JSON.stringify(key)}:${json}`)
		.join()}}`;

/** A payload with this JSON in the place of every text and number. */
const everywhere = (sample: JsonObject, json: string) =>
	JSON.stringify(sample, (_, value: unknown) =>
		typeof value === 'object' && value !== null ? value : '\0',
	).replaceAll('"\\u0000"', () => json);

const POLLUTING = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

function fullestSample(sender: Sender): JsonObject {
	const samples = sender.events.map((event) => sender.sample(event));
	return samples.reduce((a, b) => (JSON.stringify(a).length > JSON.stringify(b).length ? a : b));
}

/** Bodies that are JSON objects, and nothing that a provider would send. */
function hostileBodies(sender: Sender): Record<string, string | Buffer> {
	const sample = fullestSample(sender);
	const json = JSON.stringify(sample);
	const deep = deepJson(10_000);
	return {
		'lists ten thousand deep': withJson(sample, deep),
		'lists ten thousand deep everywhere': instead(sample, deep),
		'objects ten thousand deep': withJson(
			sample,
			`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
		),
		'a text of a million characters': withJson(sample, JSON.stringify('x'.repeat(1_000_000))),
		'texts of a million characters at the root': `{${[
			'event',
			'event_id',
			'event_type',
			'id',
			'_id',
		]
			.map((key) => `"${key}":"${'A.'.repeat(500_000)}"`)
			.join()}}`,
		'a list of a hundred thousand': instead(sample, `[${'null,'.repeat(99_999)}null]`),
		'a hundred thousand keys': `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join()}}`,
		'keys that every object inherits': withJson(sample, POLLUTING),
		'keys that every object inherits, at the root': `${POLLUTING.slice(0, -1)},${json.slice(1)}`,
		'keys that every object inherits, everywhere': everywhere(sample, POLLUTING),
		'numbers beyond 2^53': everywhere(sample, '9007199254740993'),
		'numbers that are infinite': everywhere(sample, '1e400'),
		'texts like NaN': everywhere(sample, '"NaN"'),
		'dates that do not exist': everywhere(sample, '"2026-02-30T25:61:00-03:00"'),
		'HTML and an expression': everywhere(
			sample,
			'"<script>alert(1)</script>={{ $env.N8N_ENCRYPTION_KEY }}"',
		),
		'half characters and null bytes': everywhere(sample, '"\\ud800\\u0000\\u202e"'),
		'each key twice': json.replace(/"(\w+)":/g, (key, name) => `"${name}":null,${key}`),
		'bytes that are no UTF-8': Buffer.from(everywhere(sample, '"a\xff\xc0\x80z"'), 'latin1'),
	};
}

describe.each(senders)('$displayName, to someone with the token', (sender) => {
	const [event = ''] = sender.events;

	it('makes one valid item of anything that is a JSON object, and n8n stores it', async () => {
		const { provider } = targetOf(sender.provider);
		const trigger = await liveTrigger(n8n, sender);
		const seen: Record<string, unknown> = {};
		const expected: Record<string, unknown> = {};
		let executions = 0;
		for (const [what, body] of Object.entries(hostileBodies(sender))) {
			const { status, json } = await deliver(trigger, event, { body });
			const ids = await expectExecutions(trigger, ++executions);
			const items = await itemsOf(ids.at(-1) ?? '');
			const issues = items.flatMap(
				(item) => itemSchema(provider).safeParse(item).error?.issues ?? [],
			);
			seen[what] = { status, json, items: items.length, issues };
			expected[what] = { status: 200, json: RECEIVED, items: 1, issues: [] };
		}
		expect(seen).toEqual(expected);
		await expectUnharmed(trigger, executions);
	});

	it('starts nothing with what is no JSON object', async () => {
		const trigger = await liveTrigger(n8n, sender);
		const sent = sender.delivery(event, sender.sample(event), trigger.url, trigger.token);
		const json = JSON.stringify(fullestSample(sender));
		const send = async (body: string | Buffer, headers: Record<string, string> = {}) =>
			await deliver(trigger, event, { body, headers: { ...sent.headers, ...headers } });
		const answers = new Answers();
		answers.add('deep lists', await send(deepJson(10_000)), 400);
		answers.add('lists that never end', await send('['.repeat(1_000_000)), 422);
		answers.add('half of it', await send(json.slice(0, json.length / 2)), 422);
		answers.add('it twice', await send(json + json), 422);
		answers.add('UTF-16', await send(Buffer.from(json, 'utf16le')), 422);
		answers.add('NaN', await send('{"id":NaN}'), 422);
		answers.check();
		await expectUnharmed(trigger, 0);
	});

	it('is not asked where n8n cannot unpack the body: n8n answers 500 itself, and starts nothing', async () => {
		const trigger = await liveTrigger(n8n, sender);
		const sample = sender.sample(event);
		const packed = gzipSync(JSON.stringify(sample));
		const bomb = gzipSync(Buffer.alloc(500_000_000, ' '));
		const answers = new Answers();
		for (const token of [trigger.token, newToken()]) {
			const sent = sender.delivery(event, sample, trigger.url, token);
			const headers = { ...sent.headers, 'Content-Encoding': 'gzip' };
			const send = async (body: string | Buffer) =>
				await deliver(trigger, event, { body, headers, token });
			const whose = token === trigger.token ? '' : ', with a wrong token';
			answers.add(`half of it packed${whose}`, await send(packed.subarray(0, -20)), 500);
			answers.add(`said to be packed${whose}`, await send(sent.body), 500);
			// As with a megabyte of header: n8n answers before it has read all.
			expect([500, CLOSED]).toContain(await send(bomb).then(({ status }) => status, closedEarly));
		}
		answers.check();
		await expectUnharmed(trigger, 0);
	});
});
