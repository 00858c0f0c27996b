import { CREDENTIAL_KEPT_MS } from '../../nodes/core/credential';
import { processDelivery } from '../../nodes/core/pipeline';
import { ALL, type Provider } from '../../nodes/core/provider';
import { receive } from '../../nodes/core/webhook';
import {
	fakeContext,
	TOKEN,
	type FakeContext,
	type Situation,
} from '../../testkit/fakes/fakeContext.mts';
import { sale, shop } from '../../testkit/fakes/fakeProvider';

const ACCEPTED = { received: true };

/** A delivery of its own: the node remembers what it accepted. */
let lastId = 0;
const newSale = () => sale({ id: ++lastId });

const parameters = { events: [ALL] };
const run = (fake: FakeContext) => receive(fake.context, shop);
const deliver = (situation: Situation) => run(fakeContext({ parameters, ...situation }));

/** What the provider gets, and how many items start the workflow. */
async function outcomeOf(situation: Situation) {
	const fake = fakeContext({ parameters, ...situation });
	const { workflowData, webhookResponse, noWebhookResponse } = await run(fake);
	expect(noWebhookResponse === true).toBe(fake.answer.status !== undefined);
	return {
		status: fake.answer.status ?? 200,
		body: fake.answer.body ?? webhookResponse,
		items: workflowData?.flat().length ?? 0,
	};
}

/** Delivers a body, and lets n8n answer with the status. */
async function deliverAndFinish(situation: Situation, status = 200) {
	const fake = fakeContext({ parameters, ...situation });
	const response = await run(fake);
	fake.finish(status);
	return response;
}

/** Whether a promise is still pending after everything that can be done at once. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
	const later = new Promise((resolve) => setTimeout(resolve, 20, 'pending'));
	return (await Promise.race([promise, later])) === 'pending';
}

class CredentialNotFoundError extends Error {}

afterEach(() => jest.useRealTimers());
const stopClock = () =>
	jest.useFakeTimers({ now: 2_000_000_000_000, doNotFake: ['nextTick', 'setImmediate'] });

describe('a refusal', () => {
	const ERRORS: Record<number, RegExp> = {
		400: /^The body is not a JSON object/,
		401: /^The token is missing or wrong/,
		403: /^This IP address is not on the list/,
		503: /later/,
	};
	/** What the node reads before it accepts a delivery, in order. */
	const STEPS = ['parameter options', 'credential', 'body'];
	const unreadable = new Error('Referenced node does not exist');
	const list = { ipAllowlist: '203.0.113.0/24' };

	it.each<[string, number, number, Situation]>([
		['optionsUnreadable', 503, 1, { parameters: { options: unreadable }, rawHeaders: [] }],
		['sourceNotAllowed', 403, 1, { ip: '198.51.100.1', parameters: { options: list } }],
		['credentialMissing', 401, 1, { credential: 'none' }],
		['credentialMissing', 401, 2, { credential: new CredentialNotFoundError('gone') }],
		['credentialUnreadable', 503, 2, { credential: new Error('bad decrypt') }],
		['unauthenticated', 401, 2, { rawHeaders: [] }],
		['unauthenticated', 401, 2, { rawHeaders: [], parameters: { events: unreadable } }],
		['notAJsonObject', 400, 3, { body: 'id=1' }],
	])('%s is answered %i, after %i steps: %j', async (reason, status, steps, situation) => {
		const fake = fakeContext({ body: newSale(), ...situation });
		expect(await processDelivery(fake.context, shop)).toMatchObject({ kind: 'refused', reason });
		expect([...new Set(fake.asked)]).toEqual(STEPS.slice(0, steps));
		expect(await outcomeOf({ body: newSale(), ...situation })).toEqual({
			status,
			body: { error: expect.stringMatching(ERRORS[status] ?? '') },
			items: 0,
		});
	});

	it('has the same text whatever is wrong with the token', async () => {
		const situations: Situation[] = [
			{ rawHeaders: [] },
			{ rawHeaders: ['X-Shop-Token', TOKEN, 'X-Shop-Token', TOKEN] },
			{ credential: 'none' },
			{ credential: {} },
		];
		const outcomes = await Promise.all(situations.map(outcomeOf));
		expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
	});

	const gone = new CredentialNotFoundError('gone');
	it.each<[string, Situation, RegExp]>([
		['deleted', { credential: gone }, /select another.*Shop Trigger.*workflow-1.*gone/],
		['unreadable', { parameters: { options: unreadable } }, /their expressions.*does not exist/],
		[
			'wrong',
			{ rawHeaders: ['X-Shop-Token', 'somebody-elses-secret'] },
			/1 because the token is missing or wrong.*203\.0\.113\.7/,
		],
	])('for what is %s is logged', async (nodeId, situation, line) => {
		const fake = fakeContext({ ...situation, nodeId });
		await run(fake);
		expect(fake.logged).toEqual([expect.stringMatching(line)]);
		expect(fake.logged.join()).not.toContain('secret');
	});

	it('is logged at once, and then once a minute for each trigger, with the number of refusals', async () => {
		stopClock();
		const nodeId = 'a-busy-node';
		const refuse = async (situation: Situation) => {
			const fake = fakeContext({ parameters, nodeId, ...situation });
			await run(fake);
			return fake.logged;
		};
		expect(await refuse({ rawHeaders: [] })).toHaveLength(1);
		for (let count = 0; count < 1_000; count++) {
			expect(await refuse({ rawHeaders: [] })).toEqual([]);
		}
		expect(await refuse({ body: '[]' })).toEqual([]);
		jest.advanceTimersByTime(59_999);
		expect(await refuse({ rawHeaders: [] })).toEqual([]);
		jest.advanceTimersByTime(1);
		const [line] = await refuse({ rawHeaders: [], ip: '::1\nforged line' });
		expect(line).toMatch(
			/: 1002 because the token.*1 because the body.*last one came from "::1\?forged line"/,
		);
		expect(await refuse({ rawHeaders: [], nodeId: 'another-node' })).toHaveLength(1);
	});
});

describe('an authenticated delivery', () => {
	it('is processed in the documented order', async () => {
		const fake = fakeContext({ body: newSale(), parameters });
		await run(fake);
		expect(fake.asked.filter((what, index, all) => what !== all[index - 1])).toEqual([
			'parameter options',
			'credential',
			'body',
			'parameter events',
			'parameter customEvents',
			'parameter filters',
			'parameter outputMode',
			'parameter simplify',
			'body',
		]);
	});

	it.each<[string, Situation['parameters']]>([
		['event', { events: ['REFUND'] }],
		['filter', { events: [ALL], filters: { status: ['LOST'] } }],
	])('is ignored because of its %s, and not remembered', async (reason, settings) => {
		const body = newSale();
		const answer = { webhookResponse: { received: true, ignored: reason } };
		expect(await deliverAndFinish({ body, parameters: settings })).toEqual(answer);
		expect(await outcomeOf({ body })).toEqual({ status: 200, body: ACCEPTED, items: 1 });
		const logged = fakeContext({ body, parameters: settings });
		await run(logged);
		expect(logged.logged).toEqual([]);
	});

	it('throws when a parameter cannot be read: n8n then records a failed execution', async () => {
		const failing = { ...parameters, simplify: new Error('an expression fails') };
		await expect(deliver({ body: newSale(), parameters: failing })).rejects.toThrow('fails');
	});

	it.each<[Situation['parameters'], number[]]>([
		[{}, [1]],
		[{ customEvents: 'A.B' }, [1]],
		[{ events: ['REFUND', 'SALE.*', 'other'], outputMode: 'perEvent' }, [0, 1, 0]],
		[{ events: ['REFUND'], customEvents: 'SALE.NEW', outputMode: 'perEvent' }, [0, 1]],
	])('under %j leaves by its output: %j', async (settings, items) => {
		const { workflowData = [] } = await deliver({
			body: newSale(),
			parameters: { ...parameters, ...settings },
		});
		expect(workflowData.map((output) => output.length)).toEqual(items);
		expect(workflowData.flat()).toEqual([{ json: expect.objectContaining({ event: 'SALE.NEW' }) }]);
	});

	it('is selected by a typed code in any spelling that its provider knows', async () => {
		const provider: Provider = { ...shop, canonicalCode: (code) => code.replace('OLD:', 'SALE.') };
		const select = async (customEvents: string) => {
			const settings = { events: [], customEvents };
			const fake = fakeContext({ body: newSale(), parameters: settings });
			return (await receive(fake.context, provider)).webhookResponse;
		};
		expect(await select('OLD:NEW')).toEqual(ACCEPTED);
		expect(await select('OLD:PAID')).toEqual({ ...ACCEPTED, ignored: 'event' });
	});

	it('becomes an item as the options ask, without the token', async () => {
		const body = { ...newSale(), created: '2026-07-01T10:00:00', echo: `?key=${TOKEN}` };
		const payload = { ...body, echo: '?key=[redacted]' };
		const createdAt = '2026-07-01T10:00:00-03:00';
		const itemWith = async (options: object, more: Situation['parameters'] = {}) => {
			const all = { ignoreDuplicates: false, timezone: ' America/Sao_Paulo ', ...options };
			const situation = { body, parameters: { ...parameters, options: all, ...more } };
			return (await deliverAndFinish(situation)).workflowData?.[0]?.[0]?.json;
		};
		expect(await itemWith({ label: ' Centro ' }, { simplify: false })).toEqual({
			provider: 'shop',
			event: 'SALE.NEW',
			payload,
			delivery: expect.objectContaining({ test: false, label: 'Centro', warning: null }),
		});
		expect(await itemWith({})).toMatchObject({ createdAt });
		expect(await itemWith({})).not.toHaveProperty('payload');
		expect(await itemWith({ includePayload: true })).toMatchObject({ createdAt, payload });
	});
});

describe('the cached credential', () => {
	const NEW = 'new-shop-token-0123456789';
	const situation = (credentialId: string, token: string, sent: string): Situation => ({
		credentialId,
		credential: { token },
		body: newSale(),
		rawHeaders: ['X-Shop-Token', sent],
	});
	const statusOf = async (given: Situation) => (await outcomeOf(given)).status;

	it('accepts a changed token at once, and then no longer the old one', async () => {
		expect(await statusOf(situation('changed', TOKEN, TOKEN))).toBe(200);
		expect(await statusOf(situation('changed', NEW, NEW))).toBe(200);
		expect(await statusOf(situation('changed', NEW, TOKEN))).toBe(401);
	});

	it('accepts the old token until it expires', async () => {
		stopClock();
		expect(await statusOf(situation('old', TOKEN, TOKEN))).toBe(200);
		expect(await statusOf(situation('old', NEW, TOKEN))).toBe(200);
		jest.advanceTimersByTime(CREDENTIAL_KEPT_MS);
		expect(await statusOf(situation('old', NEW, TOKEN))).toBe(401);
	});

	it.each([
		['many deliveries', TOKEN],
		['a wrong token that comes first', NEW],
	])('is read once for %s', async (what, sent) => {
		const count = sent === TOKEN ? 3 : 1;
		const fakes = Array.from({ length: count }, () => fakeContext(situation(what, TOKEN, sent)));
		await Promise.all(fakes.map(run));
		const asked = fakes.flatMap((fake) => fake.asked);
		expect(asked.filter((step) => step === 'credential')).toHaveLength(1);
	});

	it.each<Situation>([{ nodeId: 'other' }, { workflowId: 'other' }, { credentialId: 'other' }])(
		'is not used for %j',
		async (other) => {
			expect(await statusOf(situation('shared', TOKEN, TOKEN))).toBe(200);
			expect(await statusOf({ ...situation('shared', NEW, TOKEN), ...other })).toBe(401);
		},
	);
});

describe('a copy of a delivery', () => {
	const DUPLICATE = { webhookResponse: { received: true, ignored: 'duplicate' } };

	it.each([
		[199, false],
		[200, true],
		[299, true],
		[300, false],
	])('of one that was answered %i is a duplicate: %s', async (status, isDuplicate) => {
		const body = newSale();
		await deliverAndFinish({ body }, status);
		expect(await outcomeOf({ body })).toMatchObject({ items: isDuplicate ? 0 : 1 });
	});

	it.each(['before', 'after'])(
		'is accepted if the first connection was closed %s the node was called',
		async (when) => {
			const body = newSale();
			const first = fakeContext({ body, parameters });
			if (when === 'before') first.close();
			await run(first);
			if (when === 'after') first.close();
			expect(await outcomeOf({ body })).toMatchObject({ items: 1 });
		},
	);

	it('waits for the first one, also if both arrive at the same moment', async () => {
		const body = newSale();
		const copies = [fakeContext({ body, parameters }), fakeContext({ body, parameters })];
		const answers = copies.map(run);
		expect(await isPending(Promise.all(answers))).toBe(true);
		copies[0]?.finish(200);
		expect(await Promise.all(answers)).toEqual([
			expect.objectContaining({ webhookResponse: ACCEPTED }),
			DUPLICATE,
		]);
	});

	it('takes over if the first one fails, and further copies wait for it', async () => {
		const body = newSale();
		const [first, second] = [fakeContext({ body, parameters }), fakeContext({ body, parameters })];
		await run(first);
		const copy = run(second);
		const third = deliver({ body });
		first.finish(503);
		expect(await copy).toMatchObject({ webhookResponse: ACCEPTED });
		expect(await isPending(third)).toBe(true);
		second.finish(200);
		expect(await third).toEqual(DUPLICATE);
	});

	it('is dropped if its own connection was closed while it waited, and the next one takes over', async () => {
		const body = newSale();
		const [first, closed] = [fakeContext({ body, parameters }), fakeContext({ body, parameters })];
		await run(first);
		const copy = run(closed);
		const third = deliver({ body });
		expect(await isPending(copy)).toBe(true);
		closed.close();
		first.finish(500);
		expect(await copy).toEqual({ noWebhookResponse: true });
		expect(await third).toMatchObject({ webhookResponse: ACCEPTED });
	});

	it('in a test is always accepted, and not remembered', async () => {
		const body = newSale();
		for (const mode of ['manual', 'manual', 'webhook', 'manual'] as const) {
			expect(await deliverAndFinish({ body, mode })).toMatchObject({
				webhookResponse: ACCEPTED,
				workflowData: [[{ json: { delivery: { test: mode === 'manual' } } }]],
			});
		}
		expect(await deliver({ body })).toEqual(DUPLICATE);
	});

	it.each<Situation>([{ workflowId: 'workflow-2' }, { nodeId: 'node-2' }])(
		'is accepted in another place: %j',
		async (other) => {
			const body = newSale();
			await deliverAndFinish({ body });
			expect(await outcomeOf({ body, ...other })).toMatchObject({ items: 1 });
		},
	);

	it('is a duplicate until the window ends', async () => {
		stopClock();
		const delivery = {
			body: newSale(),
			parameters: { ...parameters, options: { duplicateWindow: 60 } },
		};
		await deliverAndFinish(delivery);
		jest.advanceTimersByTime(59_999);
		expect(await deliver(delivery)).toEqual(DUPLICATE);
		jest.advanceTimersByTime(1);
		expect(await outcomeOf(delivery)).toMatchObject({ items: 1 });
	});
});
