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
	outputsOf,
	RECEIVED,
	TRIGGER,
	type DeliverySettings,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import { OwnN8n } from '../../testkit/live/ownN8n.mts';
import type { N8nApi, WorkflowNode } from '../../testkit/n8n/api.mts';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import { itemSchema } from '../../testkit/providers/itemSchema.mts';
import { senderOf, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';

/** An n8n of its own: what is done to it here must reach no other test. */
let n8n: N8n;
let own: OwnN8n;
beforeAll(async () => {
	own = await OwnN8n.start({
		// With this engine an expression runs in the process that the node runs in, and sees its prototypes.
		N8N_EXPRESSION_ENGINE: 'legacy',
		// Behind a proxy, which the tests play.
		N8N_PROXY_HOPS: '1',
		N8N_WEBHOOK_URL: 'http://localhost:5678/',
	});
	n8n = own.n8n;
});

afterEach(() => {
	expect(n8n.isRunning).toBe(true);
	expect(n8n.log()).not.toMatch(/unhandled|uncaught|heap out of memory/i);
});

afterAll(async () => await own.remove());

/** The status where a server closed the connection before it had read all. */
function closedEarly(error: unknown): { status: number } {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ECONNRESET' || code === 'EPIPE') return { status: CLOSED };
	throw error;
}

/** Sends a head that no HTTP client would, with this header line. */
const statusOfLine = async ({ url }: LiveTrigger, line: string) =>
	(await exchange(url, `POST ${new URL(url).pathname} HTTP/1.1\r\nHost: n8n\r\n${line}\r\n`))
		.status;

const PACKED = { 'Content-Encoding': 'gzip' };
const json = (charset: string) => ({ 'Content-Type': `application/json; charset=${charset}` });

// The documentation states these answers. None of them is the trigger's.
it('n8n and Node.js answer what they cannot read, with the token or without, and start nothing', async () => {
	const sender = senderOf('gen');
	const [event = ''] = sender.events;
	const trigger = await liveTrigger(n8n, sender);
	const sample = JSON.stringify(sender.sample(event));
	const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
	const cases: Array<[number[], DeliverySettings, Record<string, string>?]> = [
		[[422], { body: '['.repeat(1_000_000) }],
		[[422], { body: Buffer.from(sample, 'utf16le') }],
		[[422], {}, json('iso-8859-1')],
		[[500], {}, PACKED],
		[[500], { body: gzipSync(sample).subarray(0, -20) }, PACKED],
		// It answers before it has read all, and the answer may be lost.
		[[500, CLOSED], { body: bomb }, PACKED],
		// n8n refuses by the announced length; sent in full, the body would race with the answer.
		[[413, 500], { body: '{' }, { 'Content-Length': '20000000' }],
		[[404], { method: 'GET' }],
		[[404], { method: 'PUT' }],
		[[404], { method: 'HEAD' }],
		[[431], {}, { 'X-Long': 'x'.repeat(20_000) }],
	];
	for (const token of [trigger.token, newToken()]) {
		for (const [statuses, settings, more] of cases) {
			const headers = { ...sender.delivery(event, {}, trigger.url, token).headers, ...more };
			const sent = deliver(trigger, event, { ...settings, headers });
			expect(statuses).toContain((await sent.catch(closedEarly)).status);
		}
	}
	expect(await statusOfLine(trigger, `Authorization: ${trigger.token}\0`)).toBe(400);
	const twoLengths = 'Content-Length: 2\r\nTransfer-Encoding: chunked';
	expect(await statusOfLine(trigger, twoLengths)).toBe(400);
	await expectExecutions(trigger, 0);
	expect((await deliver(trigger, event)).status).toBe(200);
	await expectExecutions(trigger, 1);
});

const POLLUTING = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

/** A payload with this JSON in the place of every text and number. */
const everywhere = (sample: JsonObject, value: string) =>
	JSON.stringify(sample, (_, part: unknown) =>
		typeof part === 'object' && part !== null ? part : '\0',
	).replaceAll('"\\u0000"', () => value);

/** Bodies that are JSON objects, and that n8n has to parse, to store and to read again. */
function hostileBodies(sender: Sender): Record<string, string | Buffer> {
	const samples = sender.events.map((event) => sender.sample(event));
	const sample = samples.reduce((a, b) =>
		JSON.stringify(a).length > JSON.stringify(b).length ? a : b,
	);
	const beside = (value: string) => `{"hostile":${value},${JSON.stringify(sample).slice(1)}`;
	const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join();
	return {
		'lists ten thousand deep': beside(deepJson(10_000)),
		'a text of a million characters': beside(JSON.stringify('x'.repeat(1_000_000))),
		'a hundred thousand keys': `{${keys}}`,
		'keys that every object inherits, at the root': `${POLLUTING.slice(0, -1)},${beside('1').slice(1)}`,
		'keys that every object inherits, everywhere': everywhere(sample, POLLUTING),
		'numbers that are infinite': everywhere(sample, '1e400'),
		'an expression': everywhere(sample, '"={{ $env.N8N_ENCRYPTION_KEY }}"'),
		'half characters and null bytes': everywhere(sample, '"\\ud800\\u0000\\u202e"'),
		'bytes that are not UTF-8': Buffer.from(everywhere(sample, '"a\xff\xc0\x80z"'), 'latin1'),
	};
}

/** A node that puts out the keys that every object of n8n's process has inherited. */
const inheritedKeys: WorkflowNode = {
	name: 'Inherited keys',
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		mode: 'raw',
		jsonOutput:
			'={{ (() => { const keys = []; for (const key in {}) { keys.push(key); } return { keys }; })() }}',
	},
};

it.each(providersFor('troqueDevolva'))(
	'$displayName: makes one valid item of any JSON object, which n8n stores, and none without the token',
	async (sender) => {
		const [event = ''] = sender.events;
		// They may have the id of one delivery.
		const options = { ignoreDuplicates: false };
		const settings = { parameters: { options }, chain: [inheritedKeys] };
		const trigger = await liveTrigger(n8n, sender, settings);
		const bodies = Object.entries(hostileBodies(sender));
		for (const [what, body] of bodies) {
			const refused = await deliver(trigger, event, { token: newToken(), body });
			expect([what, refused.status, refused.json]).toEqual([what, 401, UNAUTHORIZED.body]);
			const { status, json: answer } = await deliver(trigger, event, { body });
			expect([what, status, answer]).toEqual([what, 200, RECEIVED]);
		}
		await expectExecutions(trigger, bodies.length);
		const [items = []] = await outputsOf(trigger);
		const schema = itemSchema(targetOf(sender.provider).provider);
		const issues = items.map((item) => schema.safeParse(item).error?.issues ?? []);
		expect(issues).toEqual(bodies.map(() => []));
		expect(await outputsOf(trigger, inheritedKeys.name)).toEqual([
			bodies.map(() => ({ keys: [] })),
		]);
	},
);

const LISTED = '203.0.113.7';
const STRANGER = '198.51.100.1';

const forwardedFor = (...values: string[]) =>
	values.map((value): [string, string] => ['X-Forwarded-For', value]);

/** What a proxy may say, and whether the address that it speaks for is on the list. */
const CLAIMS: Array<[Array<[string, string]>, boolean]> = [
	[forwardedFor(LISTED), true],
	[forwardedFor('2001:DB8:0::7'), true],
	[forwardedFor(`${STRANGER}, ${LISTED}`), true],
	[forwardedFor(STRANGER, LISTED), true],
	// What stands before the last address was written by the sender.
	[forwardedFor(`${LISTED}, ${STRANGER}`), false],
	[forwardedFor(LISTED, STRANGER), false],
	[[['Forwarded', `for=${LISTED}`]], false],
	[[['X-Real-IP', LISTED]], false],
	[[], false],
];

describe.each(providersFor('goatCom'))('$displayName, with a list of addresses', (sender) => {
	const openTo = async (api: N8nApi, ipAllowlist: string) =>
		await liveTrigger(api, sender, { parameters: { options: { ipAllowlist } } });

	/** Delivers an event of its own through these header lines. */
	async function deliverThrough(
		lines: Array<[string, string]>,
		trigger: LiveTrigger,
		token = trigger.token,
	) {
		const [event = ''] = sender.events;
		const payload = sender.freshIds(sender.sample(event));
		const sent = sender.delivery(event, payload, trigger.url, token);
		const headers = [...Object.entries(sent.headers), ...lines];
		const { status, json: answer } = await deliver(trigger, event, { payload, token, headers });
		return { lines, status, answer };
	}

	const refusal = { status: 403, answer: FORBIDDEN_SOURCE.body };

	it('behind a proxy takes the last address that it names, and asks for the token all the same', async () => {
		const trigger = await openTo(n8n, `${LISTED}, 2001:db8::/32, 203.0.113.999, nonsense/0`);
		for (const [lines, isListed] of CLAIMS) {
			const expected = isListed ? { status: 200, answer: RECEIVED } : refusal;
			expect(await deliverThrough(lines, trigger)).toEqual({ lines, ...expected });
		}
		const unproven = await deliverThrough(forwardedFor(LISTED), trigger, newToken());
		expect(unproven.status).toBe(401);
		await expectExecutions(trigger, CLAIMS.filter(([, isListed]) => isListed).length);
	});

	it('counts the address of the connection without N8N_PROXY_HOPS, and only then', async () => {
		const shared = await connect();
		const closed = await openTo(shared, LISTED);
		for (const [lines] of CLAIMS) {
			expect(await deliverThrough(lines, closed)).toMatchObject(refusal);
		}
		expect(await deliverThrough([], closed, newToken())).toMatchObject(refusal);
		const stranger = forwardedFor(STRANGER);
		const openToProxy = await openTo(shared, '127.0.0.1');
		expect(await deliverThrough(stranger, openToProxy)).toMatchObject({ status: 200 });
		const behindProxy = await openTo(n8n, '127.0.0.0/8, ::1');
		expect(await deliverThrough(stranger, behindProxy)).toMatchObject(refusal);
	});
});

it('says what to set where the internet cannot reach n8n, and registers nothing with Gen', async () => {
	const gen = await startGen(n8n);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await expect(n8n.listenForTest(workflow.id, TRIGGER)).rejects.toThrow(
		'Gen cannot reach localhost:5678. Set WEBHOOK_URL in n8n',
	);
	expect(gen.registrations).toEqual([]);
	await gen.stop();
});
