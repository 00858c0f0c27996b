import { CREDENTIAL_KEPT_MS } from '../../nodes/core/credential';
import { ALL } from '../../nodes/core/provider';
import { receive } from '../../nodes/core/webhook';
import {
	fakeContext,
	TOKEN,
	type FakeContext,
	type Situation,
} from '../../testkit/fakes/fakeContext.mts';
import { sale, shop } from '../../testkit/fakes/fakeProvider';

const ACCEPTED = { received: true };
const UNAUTHORIZED = { error: expect.stringMatching(/token is missing or wrong/) };

/** A number that no other test has used: the node remembers what it took. */
let lastId = 0;
const newSale = () => sale({ id: ++lastId });

const run = (fake: FakeContext) => receive(fake.context, shop);
const deliver = (situation: Situation) => run(fakeContext(situation));

/** What the provider gets, and how many items start the workflow. */
async function outcomeOf(situation: Situation) {
	const fake = fakeContext(situation);
	const { workflowData, webhookResponse, noWebhookResponse } = await run(fake);
	expect(noWebhookResponse === true).toBe(fake.answer.status !== undefined);
	return {
		status: fake.answer.status ?? 200,
		body: fake.answer.body ?? webhookResponse,
		items: workflowData?.flat().length ?? 0,
	};
}

/** A promise that is still waiting after everything that could be done at once. */
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
	const later = new Promise((resolve) => setTimeout(resolve, 20, 'waiting'));
	return (await Promise.race([promise, later])) === 'waiting';
}

describe('what the provider gets', () => {
	const body = newSale();

	it.each<[string, Situation, number, object, number]>([
		['an accepted event', { body: newSale() }, 200, ACCEPTED, 1],
		[
			'an event that is not selected',
			{ body, parameters: { events: ['REFUND'] } },
			200,
			{ received: true, ignored: 'event' },
			0,
		],
		[
			'an event that a filter keeps out',
			{ body, parameters: { events: [ALL], filters: { status: ['LOST'] } } },
			200,
			{ received: true, ignored: 'filter' },
			0,
		],
		['a missing token', { body, rawHeaders: [] }, 401, UNAUTHORIZED, 0],
		['a wrong token', { body, rawHeaders: ['X-Shop-Token', 'wrong'] }, 401, UNAUTHORIZED, 0],
		[
			'a token that was sent twice',
			{ body, rawHeaders: ['X-Shop-Token', TOKEN, 'x-shop-token', TOKEN] },
			401,
			UNAUTHORIZED,
			0,
		],
		['no credential in the node', { body, credential: 'none' }, 401, UNAUTHORIZED, 0],
		['an empty token in the credential', { body, credential: { token: '' } }, 401, UNAUTHORIZED, 0],
		[
			'a credential that n8n cannot read',
			{ body, credential: new Error('Credentials could not be decrypted') },
			503,
			{ error: expect.stringMatching(/later/) },
			0,
		],
		[
			'options that n8n cannot read',
			{ body, parameters: { options: new Error('Referenced node does not exist') } },
			503,
			{ error: expect.stringMatching(/later/) },
			0,
		],
		[
			'an address that is not on the list',
			{ body, ip: '198.51.100.1', parameters: { options: { ipAllowlist: '203.0.113.0/24' } } },
			403,
			{ error: expect.stringMatching(/not on the list/) },
			0,
		],
		['a list', { body: [sale()] }, 400, { error: expect.stringMatching(/JSON object/) }, 0],
		['a text', { body: '"sale"' }, 400, { error: expect.stringMatching(/JSON object/) }, 0],
		[
			'a form',
			{ body: 'id=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
			400,
			{ error: expect.stringMatching(/JSON object/) },
			0,
		],
		[
			'XML',
			{ body: '<sale/>', headers: { 'content-type': 'application/xml' } },
			400,
			{ error: expect.stringMatching(/JSON object/) },
			0,
		],
	])('answers %s', async (_what, situation, status, answer, items) => {
		const all: Situation = { ...situation, parameters: { events: [ALL], ...situation.parameters } };
		expect(await outcomeOf(all)).toEqual({ status, body: answer, items });
	});

	it('answers the same text whatever is wrong with a token', async () => {
		const situations: Situation[] = [
			{ rawHeaders: [] },
			{ rawHeaders: ['X-Shop-Token', 'wrong'] },
			{ rawHeaders: ['X-Shop-Token', TOKEN, 'X-Shop-Token', TOKEN] },
			{ credential: 'none' },
			{ credential: {} },
		];
		const bodies = await Promise.all(
			situations.map(async (situation) => (await outcomeOf(situation)).body),
		);
		expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
	});

	it('refuses everyone when no entry of the list can be read', async () => {
		const options = { ipAllowlist: 'proxy.example.com' };
		expect(await outcomeOf({ parameters: { options } })).toMatchObject({ status: 403 });
	});

	it.each([
		undefined,
		'text/plain',
		'text/plain; charset=utf-8',
		'application/x-www-form-urlencoded',
		'application/octet-stream',
	])('reads a JSON object that is sent as %s', async (type) => {
		const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
		const body = JSON.stringify(newSale());
		expect(await outcomeOf({ body, headers, parameters: { events: [ALL] } })).toEqual({
			status: 200,
			body: ACCEPTED,
			items: 1,
		});
	});
});

describe('a token that is changed in n8n', () => {
	const NEW = 'new-shop-token-0123456789';
	const held = (credentialId: string, token: string, sent: string) => ({
		credentialId,
		credential: { token },
		body: newSale(),
		parameters: { events: [ALL] },
		rawHeaders: ['X-Shop-Token', sent],
	});
	const statusOf = async (situation: Situation) => (await outcomeOf(situation)).status;

	afterEach(() => jest.useRealTimers());

	it('is accepted at once, and the one before no more', async () => {
		expect(await statusOf(held('changed', TOKEN, TOKEN))).toBe(200);
		expect(await statusOf(held('changed', NEW, NEW))).toBe(200);
		expect(await statusOf(held('changed', NEW, TOKEN))).toBe(401);
	});

	it('is accepted at once by all that come together', async () => {
		expect(await statusOf(held('together', TOKEN, TOKEN))).toBe(200);
		const together = [1, 2, 3].map(async () => await statusOf(held('together', NEW, NEW)));
		expect(await Promise.all(together)).toEqual([200, 200, 200]);
	});

	it('leaves the one before accepted no longer than is written', async () => {
		jest.useFakeTimers({ now: Date.now() });
		expect(await statusOf(held('old', TOKEN, TOKEN))).toBe(200);
		expect(await statusOf(held('old', NEW, TOKEN))).toBe(200);
		jest.setSystemTime(Date.now() + CREDENTIAL_KEPT_MS);
		expect(await statusOf(held('old', NEW, TOKEN))).toBe(401);
	});

	it('is read once for many deliveries', async () => {
		const fakes = [1, 2, 3].map(() => fakeContext(held('many', TOKEN, TOKEN)));
		await Promise.all(fakes.map(run));
		expect(
			fakes.flatMap(({ asked }) => asked).filter((what) => what === 'credential'),
		).toHaveLength(1);
	});

	it('is read once for a wrong token that is the first', async () => {
		const fake = fakeContext(held('wrong', TOKEN, NEW));
		await run(fake);
		expect(fake.answer.status).toBe(401);
		expect(fake.asked.filter((what) => what === 'credential')).toHaveLength(1);
	});

	it('of another trigger is not taken for this one', async () => {
		expect(await statusOf({ ...held('both', TOKEN, TOKEN), nodeId: 'one' })).toBe(200);
		expect(await statusOf({ ...held('both', NEW, TOKEN), nodeId: 'other' })).toBe(401);
	});
});

describe('the order of the steps', () => {
	const parameters = { events: [ALL], options: { ipAllowlist: '203.0.113.7' } };

	it('asks for no credential while the address is not allowed', async () => {
		const fake = fakeContext({ body: newSale(), ip: '198.51.100.1', parameters });
		await run(fake);
		expect(fake.asked).toEqual(['parameter options']);
	});

	it.each<[string, Situation]>([
		['is wrong', { rawHeaders: ['X-Shop-Token', 'wrong'] }],
		['is missing', { rawHeaders: [] }],
		['cannot be checked', { credential: new Error('no database') }],
	])('reads nothing of the body while the token %s', async (_what, situation) => {
		const fake = fakeContext({ body: newSale(), parameters, ...situation });
		await run(fake);
		expect(fake.asked).toEqual(['parameter options', 'credential']);
	});

	it('remembers nothing of a delivery whose token is wrong', async () => {
		const body = newSale();
		await deliver({ body, parameters, rawHeaders: [] });
		expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
	});

	it('proves the token, then reads the body and what it is selected by', async () => {
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

	it('remembers no delivery that a filter keeps out', async () => {
		const body = newSale();
		await deliver({ body, parameters: { ...parameters, filters: { status: ['LOST'] } } });
		expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
	});
});

describe('the credential', () => {
	class CredentialNotFoundError extends Error {}

	it('refuses a deleted credential like a wrong token, and logs what to do', async () => {
		const fake = fakeContext({ credential: new CredentialNotFoundError('gone') });
		await run(fake);
		expect(fake.answer.status).toBe(401);
		expect(fake.logged.join()).toMatch(/Select another credential/);
	});

	it('asks the provider to come back when n8n cannot decrypt it, and logs what to do', async () => {
		const fake = fakeContext({ credential: new Error('bad decrypt') });
		await run(fake);
		expect(fake.answer.status).toBe(503);
		expect(fake.logged.join()).toMatch(/encryption key/);
	});

	it('does not log a wrong token', async () => {
		const fake = fakeContext({ rawHeaders: ['X-Shop-Token', 'a-secret-of-somebody-else'] });
		await run(fake);
		expect(fake.logged).toEqual([]);
	});

	it('still accepts the previous token while a token is being replaced', async () => {
		const credential = { token: 'the-new-token-0123456', previousToken: TOKEN };
		expect(
			await outcomeOf({ body: newSale(), credential, parameters: { events: [ALL] } }),
		).toMatchObject({ items: 1 });
	});
});

describe('the outputs', () => {
	it('sends the item by the only output', async () => {
		const { workflowData } = await deliver({ body: newSale(), parameters: { events: [ALL] } });
		expect(workflowData).toEqual([[{ json: expect.objectContaining({ event: 'SALE.NEW' }) }]]);
	});

	it('sends the item by the output of its event and nothing by the others', async () => {
		const parameters = { events: ['REFUND', 'SALE.*', 'other'], outputMode: 'perEvent' };
		const { workflowData } = await deliver({ body: newSale(), parameters });
		expect(workflowData).toEqual([
			[],
			[{ json: expect.objectContaining({ event: 'SALE.NEW' }) }],
			[],
		]);
	});

	it('has an output for an event that the user typed', async () => {
		const parameters = { events: ['REFUND'], customEvents: 'SALE.NEW', outputMode: 'perEvent' };
		const { workflowData } = await deliver({ body: newSale(), parameters });
		expect(workflowData?.map((items) => items.length)).toEqual([0, 1]);
	});

	it('gives the payload without the token when Simplify is off', async () => {
		const parameters = { events: [ALL], simplify: false };
		const body = { ...newSale(), echo: `?key=${TOKEN}` };
		const { workflowData } = await deliver({ body, parameters });
		expect(workflowData?.[0]?.[0]?.json).toEqual({
			provider: 'shop',
			event: 'SALE.NEW',
			payload: { ...body, echo: '?key=[redacted]' },
			delivery: expect.objectContaining({ test: false, warning: null }),
		});
	});
});

describe('duplicates', () => {
	const parameters = { events: [ALL] };
	const DUPLICATE = { webhookResponse: { received: true, ignored: 'duplicate' } };

	it('ignores a copy of a delivery that was answered 2xx', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		await run(first);
		first.finish(200);
		expect(await deliver({ body, parameters })).toEqual(DUPLICATE);
	});

	it('takes two deliveries whose content differs', async () => {
		for (const body of [newSale(), newSale()]) {
			const fake = fakeContext({ body, parameters });
			expect(await run(fake)).toMatchObject({ webhookResponse: ACCEPTED });
			fake.finish(200);
		}
	});

	it.each([500, 503, 413, 404, 304, 199])(
		'takes a delivery again that was answered %i',
		async (status) => {
			const body = newSale();
			const first = fakeContext({ body, parameters });
			await run(first);
			first.finish(status);
			expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
		},
	);

	it('takes a delivery again whose connection was closed before the answer', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		await run(first);
		first.close();
		expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
	});

	it('takes a delivery again whose connection was closed before the node was asked', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		first.close();
		await run(first);
		expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
	});

	it('lets a copy wait for the first one, and ignores it when that was answered 2xx', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		await run(first);
		const copy = deliver({ body, parameters });
		expect(await isWaiting(copy)).toBe(true);
		first.finish(200);
		expect(await copy).toEqual(DUPLICATE);
	});

	it('lets one waiting copy take over when the first one fails, and the others wait for it', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		const second = fakeContext({ body, parameters });
		await run(first);
		const copy = run(second);
		const third = deliver({ body, parameters });
		first.finish(503);
		expect(await copy).toMatchObject({ webhookResponse: ACCEPTED });
		expect(await isWaiting(third)).toBe(true);
		second.finish(200);
		expect(await third).toEqual(DUPLICATE);
	});

	it('does nothing for a waiting copy that was closed meanwhile, and the next one takes over', async () => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		const closed = fakeContext({ body, parameters });
		await run(first);
		const copy = run(closed);
		const third = deliver({ body, parameters });
		expect(await isWaiting(copy)).toBe(true);
		closed.close();
		first.finish(500);
		expect(await copy).toEqual({ noWebhookResponse: true });
		expect(await third).toMatchObject({ webhookResponse: ACCEPTED });
	});

	it('takes only one of two copies that arrive at the same moment', async () => {
		const body = newSale();
		const copies = [fakeContext({ body, parameters }), fakeContext({ body, parameters })];
		const answers = copies.map(run);
		expect(await isWaiting(Promise.all(answers))).toBe(true);
		copies[0]?.finish(200);
		expect(await Promise.all(answers)).toEqual([
			expect.objectContaining({ webhookResponse: ACCEPTED }),
			DUPLICATE,
		]);
	});

	it('takes a test delivery as often as it is sent, and a real one after it', async () => {
		const body = newSale();
		for (const mode of ['manual', 'manual', 'webhook'] as const) {
			const fake = fakeContext({ body, parameters, mode });
			expect(await run(fake)).toMatchObject({ webhookResponse: ACCEPTED });
			fake.finish(200);
		}
		expect(await deliver({ body, parameters, mode: 'manual' })).toMatchObject({
			webhookResponse: ACCEPTED,
			workflowData: [[{ json: { delivery: { test: true } } }]],
		});
		expect(await deliver({ body, parameters })).toEqual(DUPLICATE);
	});

	it.each<[string, Situation]>([
		['another workflow', { workflowId: 'workflow-2' }],
		['another node of the workflow', { nodeId: 'node-2' }],
	])('takes the same delivery in %s', async (_where, other) => {
		const body = newSale();
		const first = fakeContext({ body, parameters });
		await run(first);
		first.finish(200);
		expect(await outcomeOf({ body, parameters, ...other })).toMatchObject({ items: 1 });
	});

	it('takes every copy when the user wants duplicates', async () => {
		const body = newSale();
		const wanted = { ...parameters, options: { ignoreDuplicates: false } };
		await deliver({ body, parameters: wanted });
		expect(await outcomeOf({ body, parameters: wanted })).toMatchObject({ items: 1 });
	});

	it('takes every copy of a provider whose equal bodies can be two deliveries, unless told otherwise', async () => {
		const provider = { ...shop, ignoresDuplicatesByDefault: false };
		const body = newSale();
		const send = async (options: object) => {
			const fake = fakeContext({ body, parameters: { ...parameters, options } });
			const { webhookResponse } = await receive(fake.context, provider);
			fake.finish(200);
			return webhookResponse;
		};
		expect(await send({})).toEqual(ACCEPTED);
		expect(await send({})).toEqual(ACCEPTED);
		expect(await send({ ignoreDuplicates: true })).toEqual(ACCEPTED);
		expect(await send({ ignoreDuplicates: true })).toEqual(DUPLICATE.webhookResponse);
	});

	it('takes a copy that comes after the window', async () => {
		jest.useFakeTimers({ now: 1_000_000_000, doNotFake: ['nextTick', 'setImmediate'] });
		try {
			const body = newSale();
			const windowed = { ...parameters, options: { duplicateWindow: 60 } };
			const first = fakeContext({ body, parameters: windowed });
			await run(first);
			first.finish(200);
			jest.setSystemTime(1_000_059_999);
			expect(await deliver({ body, parameters: windowed })).toEqual(DUPLICATE);
			jest.setSystemTime(1_000_060_000);
			expect(await outcomeOf({ body, parameters: windowed })).toMatchObject({ items: 1 });
		} finally {
			jest.useRealTimers();
		}
	});

	it('knows a delivery for 600 seconds unless told otherwise', async () => {
		jest.useFakeTimers({ now: 2_000_000_000, doNotFake: ['nextTick', 'setImmediate'] });
		try {
			const body = newSale();
			const first = fakeContext({ body, parameters });
			await run(first);
			first.finish(200);
			jest.setSystemTime(2_000_599_999);
			expect(await deliver({ body, parameters })).toEqual(DUPLICATE);
			jest.setSystemTime(2_000_600_000);
			expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
		} finally {
			jest.useRealTimers();
		}
	});

	it('gives back a delivery of which no item could be made', async () => {
		const body = newSale();
		const broken = { ...parameters, simplify: new Error('an expression fails') };
		const first = fakeContext({ body, parameters: broken });
		await expect(run(first)).rejects.toThrow('an expression fails');
		first.finish(500);
		expect(await outcomeOf({ body, parameters })).toMatchObject({ items: 1 });
	});
});
