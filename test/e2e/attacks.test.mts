import { gzipSync } from 'node:zlib';
import { FORBIDDEN_SOURCE, UNAUTHORIZED } from '../../nodes/core/answers';
import { targetOf } from '../../testkit/fakes/arrival.mts';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import { CLOSED, exchange } from '../../testkit/hostile/wire.mts';
import { GEN_TRIGGER, genCredential, genWorkflow, startGen } from '../../testkit/live/gen.mts';
import {
	connect,
	deliver,
	expectExecutions,
	liveTrigger,
	newToken,
	RECEIVED,
	TRIGGER,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { nodeOutput, type N8nApi } from '../../testkit/n8n/api.mts';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import { itemSchema } from '../../testkit/providers/itemSchema.mts';
import { senders, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';

/** An n8n of its own: what is done to it here must reach no other test. */
let n8n: N8n;
let own: OwnN8n;
/** A workflow whose node Look puts out the keys that every object of n8n's process has inherited. */
let inheritedKeysId: string;

beforeAll(async () => {
	own = await OwnN8n.start({
		// With this engine an expression runs in the process that the node runs in, and sees its prototypes.
		N8N_EXPRESSION_ENGINE: 'legacy',
		// Behind a proxy, which the tests play.
		N8N_PROXY_HOPS: '1',
		N8N_WEBHOOK_URL: 'http://localhost:5678/',
	});
	n8n = own.n8n;
	const value =
		'={{ (() => { const found = []; for (const key in {}) { found.push(key); } return found.join(); })() }}';
	const assignments = [{ id: '1', name: 'keys', type: 'string', value }];
	const workflow = await n8n.createWorkflow({
		name: 'Inherited keys',
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
			{
				name: 'Look',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				parameters: { assignments: { assignments } },
			},
		],
		connections: { Start: { main: [[{ node: 'Look', type: 'main', index: 0 }]] } },
	});
	inheritedKeysId = workflow.id;
});

afterEach(async () => {
	expect(n8n.isRunning).toBe(true);
	expect(n8n.log()).not.toMatch(/unhandled|uncaught|heap out of memory/i);
	const execution = await n8n.run(inheritedKeysId, 'Start');
	expect(nodeOutput(execution, 'Look')).toEqual([[{ keys: '' }]]);
});

afterAll(async () => await own.remove());

/** Nothing has run yet, and a delivery with the token still does. */
async function expectUnharmed(trigger: LiveTrigger): Promise<void> {
	const [event = ''] = trigger.sender.events;
	expect(await n8n.countExecutions(trigger.workflowId)).toBe(0);
	expect((await deliver(trigger, event)).status).toBe(200);
	await expectExecutions(trigger, 1);
}

/** Where and how a provider sends its token. */
function tokenPlace(sender: Sender): { parameter: string } | { header: string; word: string } {
	const sent = sender.delivery('', {}, n8n.url, 'TOKEN');
	const header = Object.entries(sent.headers).find(([, text]) => text.includes('TOKEN'));
	if (header) return { header: header[0], word: header[1].replace('TOKEN', '') };
	const [parameter = ''] = [...new URL(sent.url).searchParams.keys()];
	return { parameter };
}

interface Bytes {
	headers?: string[];
	query?: string;
	body?: string;
}

/** A delivery's request, byte by byte, with these header lines and this query instead of its token. */
async function deliverBytes({ sender, url }: LiveTrigger, { headers = [], query, body }: Bytes) {
	const [event = ''] = sender.events;
	const sent = Buffer.from(body ?? JSON.stringify(sender.sample(event))).toString('latin1');
	const { pathname, host } = new URL(url);
	const lines = [
		`POST ${pathname}${query === undefined ? '' : `?${query}`} HTTP/1.1`,
		`Host: ${host}`,
		'Content-Type: application/json',
		`Content-Length: ${sent.length}`,
		...headers,
	];
	return await exchange(url, `${lines.join('\r\n')}\r\n`, sent);
}

/** The same with these texts where the token belongs: one, or more of them. */
async function deliverTokens(trigger: LiveTrigger, ...texts: string[]) {
	const place = tokenPlace(trigger.sender);
	if ('parameter' in place) {
		const query = texts.map((text) => `${place.parameter}=${text}`).join('&');
		return await deliverBytes(trigger, { query });
	}
	const headers = texts.map((text) => `${place.header}: ${place.word}${text}`);
	return await deliverBytes(trigger, { headers });
}

/** Queries in which the token is there, but not as the one text under its name. */
const hiddenInQuery = (token: string): string[] => [
	`token[]=${token}`,
	`token[token]=${token}`,
	`token[__proto__]=${token}`,
	`__proto__[token]=${token}`,
	`token=${token}&token[x]=1`,
	`${'a&'.repeat(1_000)}token=${token}`,
];

// More forms of a wrong token stand in test/attack: here is what n8n and Node make of the bytes.
it.each(senders)(
	'$displayName: 401 to the token sent twice, or hidden elsewhere',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender);
		const { token } = trigger;
		const place = tokenPlace(sender);
		const requests: Bytes[] =
			'parameter' in place
				? [...hiddenInQuery(token).map((query) => ({ query })), { headers: [`Token: ${token}`] }]
				: [{ query: `token=${token}` }, { headers: [`${place.header}: Basic ${token}`] }];
		const answers = new Map<string, unknown>();
		for (const sent of [...requests, { body: JSON.stringify({ token }) }]) {
			answers.set(JSON.stringify(sent).slice(0, 200), await deliverBytes(trigger, sent));
		}
		for (const texts of [
			[token, token],
			[token, newToken()],
			[newToken(), token],
			['', token],
		]) {
			answers.set(texts.join(' and '), await deliverTokens(trigger, ...texts));
		}
		const refused = { status: 401, body: JSON.stringify(UNAUTHORIZED.body) };
		const expected = [...answers.keys()].map((what) => [what, refused]);
		expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(expected));
		await expectUnharmed(trigger);
	},
);

it.each(providersFor('gestaoOnline', 'troqueDevolva'))(
	'$displayName: Node itself answers a null byte, a megabyte and a request of two lengths',
	async (sender) => {
		const trigger = await liveTrigger(n8n, sender);
		const { token } = trigger;
		const statusOf = async (text: string) => (await deliverTokens(trigger, text)).status;
		expect(await statusOf(`${token}\0`)).toBe(400);
		expect(await statusOf(`${token}\r`)).toBe(400);
		expect(await statusOf(token.padEnd(20_000, 'x'))).toBe(431);
		// Node closes before it has read so much: the answer is lost where the sender still writes.
		expect([431, CLOSED]).toContain(await statusOf(token.padEnd(1_000_000, 'x')));
		const twoLengths = await deliverBytes(trigger, { headers: ['Transfer-Encoding: chunked'] });
		expect(twoLengths.status).toBe(400);
		await expectUnharmed(trigger);
	},
);

const POLLUTING = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

/** A payload with this JSON in the place of every text and number. */
const everywhere = (sample: JsonObject, json: string) =>
	JSON.stringify(sample, (_, value: unknown) =>
		typeof value === 'object' && value !== null ? value : '\0',
	).replaceAll('"\\u0000"', () => json);

/** Bodies that are JSON objects, and that n8n has to parse, to store and to read again. */
function hostileBodies(sender: Sender): Record<string, string | Buffer> {
	const samples = sender.events.map((event) => sender.sample(event));
	const sample = samples.reduce((a, b) =>
		JSON.stringify(a).length > JSON.stringify(b).length ? a : b,
	);
	const beside = (json: string) => `{"hostile":${json},${JSON.stringify(sample).slice(1)}`;
	const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join();
	return {
		'lists ten thousand deep': beside(deepJson(10_000)),
		'objects ten thousand deep': beside(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
		'a text of a million characters': beside(JSON.stringify('x'.repeat(1_000_000))),
		'a hundred thousand keys': `{${keys}}`,
		'keys that every object inherits, at the root': `${POLLUTING.slice(0, -1)},${beside('1').slice(1)}`,
		'keys that every object inherits, everywhere': everywhere(sample, POLLUTING),
		'numbers that are infinite': everywhere(sample, '1e400'),
		'HTML and an expression': everywhere(
			sample,
			'"<script>alert(1)</script>={{ $env.N8N_ENCRYPTION_KEY }}"',
		),
		'half characters and null bytes': everywhere(sample, '"\\ud800\\u0000\\u202e"'),
		'bytes that are not UTF-8': Buffer.from(everywhere(sample, '"a\xff\xc0\x80z"'), 'latin1'),
	};
}

it.each(providersFor('troqueDevolva'))(
	'$displayName: makes one valid item of any JSON object, which n8n stores, and none without the token',
	async (sender) => {
		const [event = ''] = sender.events;
		const { provider } = targetOf(sender.provider);
		// They may have the id of one delivery.
		const options = { ignoreDuplicates: false };
		const trigger = await liveTrigger(n8n, sender, { parameters: { options } });
		let executions = 0;
		for (const [what, body] of Object.entries(hostileBodies(sender))) {
			const refused = await deliver(trigger, event, { token: newToken(), body });
			expect([what, refused.status, refused.json]).toEqual([what, 401, UNAUTHORIZED.body]);
			const { status, json } = await deliver(trigger, event, { body });
			expect([what, status, json]).toEqual([what, 200, RECEIVED]);
			const ids = await expectExecutions(trigger, ++executions);
			const execution = await n8n.execution(ids.at(-1) ?? '');
			const items = nodeOutput(execution, TRIGGER).flat();
			const issues = items.flatMap(
				(item) => itemSchema(provider).safeParse(item).error?.issues ?? [],
			);
			expect([what, items.length, issues]).toEqual([what, 1, []]);
		}
	},
);

/** The status where a server closed the connection before it had read all. */
function closedEarly(error: unknown): number {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ECONNRESET' || code === 'EPIPE') return CLOSED;
	throw error;
}

it.each(providersFor('gen'))(
	'$displayName: what cannot be parsed or unpacked starts nothing, with the token or without',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender);
		const json = JSON.stringify(sender.sample(event));
		const bomb = gzipSync(Buffer.alloc(500_000_000, ' '));
		for (const token of [trigger.token, newToken()]) {
			const { headers } = sender.delivery(event, {}, trigger.url, token);
			const send = async (body: string | Buffer, more: Record<string, string> = {}) =>
				await deliver(trigger, event, { body, headers: { ...headers, ...more } }).then(
					({ status }) => status,
					closedEarly,
				);
			const packed = { 'Content-Encoding': 'gzip' };
			expect(await send('['.repeat(1_000_000))).toBe(422);
			expect(await send(Buffer.from(json, 'utf16le'))).toBe(422);
			expect(await send(gzipSync(json).subarray(0, -20), packed)).toBe(500);
			expect(await send(json, packed)).toBe(500);
			// As with a megabyte of header: n8n answers before it has read all.
			expect([500, CLOSED]).toContain(await send(bomb, packed));
		}
		await expectUnharmed(trigger);
	},
);

const LISTED = '203.0.113.7';
const STRANGER = '198.51.100.1';

const forwardedFor = (...values: string[]) =>
	values.map((value): [string, string] => ['X-Forwarded-For', value]);

/** What a proxy may say, and whether the address that it speaks for is on the list. */
const CLAIMS: Array<[Array<[string, string]>, boolean]> = [
	[forwardedFor(LISTED), true],
	[forwardedFor(`::ffff:${LISTED}`), true],
	[forwardedFor('2001:DB8:0::7'), true],
	[forwardedFor(`${STRANGER}, ${LISTED}`), true],
	[forwardedFor(STRANGER, LISTED), true],
	// What stands before the last address was written by the sender.
	[forwardedFor(`${LISTED}, ${STRANGER}`), false],
	[forwardedFor(LISTED, STRANGER), false],
	[forwardedFor('127.0.0.1'), false],
	[[['Forwarded', `for=${LISTED}`]], false],
	[[['X-Real-IP', LISTED]], false],
	[[], false],
];

describe.each(providersFor('goatCom'))('$displayName, with a list of addresses', (sender) => {
	const openTo = async (api: N8nApi, ipAllowlist: string) =>
		await liveTrigger(api, sender, { parameters: { options: { ipAllowlist } } });

	/** Delivers an event of its own through these header lines; resolves with what was answered. */
	async function answerTo(trigger: LiveTrigger, lines: Array<[string, string]>, token?: string) {
		const [event = ''] = sender.events;
		const payload = sender.freshIds(sender.sample(event));
		const sent = sender.delivery(event, payload, trigger.url, token ?? trigger.token);
		const headers = [...Object.entries(sent.headers), ...lines];
		const { status, json } = await deliver(trigger, event, { payload, token, headers });
		return { claim: JSON.stringify(lines), status, json };
	}

	const refusal = { status: 403, json: FORBIDDEN_SOURCE.body };

	it('behind a proxy takes the last address that it names, and asks for the token all the same', async () => {
		const trigger = await openTo(n8n, `${LISTED}, 2001:db8::/32, 203.0.113.999, nonsense/0`);
		for (const [lines, isListed] of CLAIMS) {
			const expected = isListed ? { status: 200, json: RECEIVED } : refusal;
			const claim = JSON.stringify(lines);
			expect(await answerTo(trigger, lines)).toEqual({ claim, ...expected });
		}
		const unproven = await answerTo(trigger, forwardedFor(LISTED), newToken());
		expect(unproven).toMatchObject({ status: 401 });
		await expectExecutions(trigger, CLAIMS.filter(([, isListed]) => isListed).length);
	});

	it('counts the address of the connection without N8N_PROXY_HOPS, and only then', async () => {
		const shared = await connect();
		const closed = await openTo(shared, LISTED);
		for (const [lines] of CLAIMS) expect(await answerTo(closed, lines)).toMatchObject(refusal);
		const openToProxy = await openTo(shared, '127.0.0.1');
		expect(await answerTo(openToProxy, forwardedFor(STRANGER))).toMatchObject({ status: 200 });
		const behindProxy = await openTo(n8n, '127.0.0.0/8, ::1');
		expect(await answerTo(behindProxy, forwardedFor(STRANGER))).toMatchObject(refusal);
	});
});

it('says what to set where the internet cannot reach n8n, and registers nothing with Gen', async () => {
	const gen = await startGen(n8n);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await expect(n8n.activate(workflow.id)).rejects.toThrow(
		'Gen cannot reach localhost:5678. Set WEBHOOK_URL in n8n',
	);
	await expect(n8n.listenForTest(workflow.id, TRIGGER)).rejects.toThrow('Set WEBHOOK_URL');
	expect(gen.registrations).toEqual([]);
	await gen.stop();
});
