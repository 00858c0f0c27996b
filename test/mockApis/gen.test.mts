import { createServer, type IncomingHttpHeaders } from 'node:http';
import { json as jsonOf } from 'node:stream/consumers';
import { objectAt } from '../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';
import { GenStandIn, type GenOptions } from '../../testkit/mockApis/gen.mts';
import { isObject } from '../../testkit/mockApis/server.mts';

const running: Array<{ stop(): Promise<void> }> = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map((standIn) => standIn.stop()));
});

async function start(options: GenOptions = {}): Promise<GenStandIn> {
	const gen = await GenStandIn.start({ retryDelayMs: 5, ...options });
	running.push(gen);
	return gen;
}

interface Received {
	method?: string;
	url?: string;
	headers: IncomingHttpHeaders;
	body: unknown;
}

/** Answers each delivery with the next of these statuses, with the last one for good; 0 is never answered. */
async function receiver(...statuses: number[]) {
	const received: Received[] = [];
	const server = createServer(async (incoming, outgoing) => {
		const { method, url, headers } = incoming;
		received.push({ method, url, headers, body: await jsonOf(incoming) });
		const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
		if (status > 0) outgoing.writeHead(status, { Location: '/elsewhere' }).end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const stop = async () => {
		server.closeAllConnections();
		server.close();
	};
	running.push({ stop });
	return { url: `http://127.0.0.1:${port}`, received, stop };
}

interface Reply {
	status: number;
	body: JsonValue | undefined;
}

async function replyOf(response: Response): Promise<Reply> {
	const text = await response.text();
	const body: JsonValue | undefined = text === '' ? undefined : JSON.parse(text);
	return { status: response.status, body };
}

/** The object under an answer's `data`. */
const dataIn = ({ body }: Reply): JsonObject => (isObject(body) ? objectAt(body, 'data') : {});

/** The list under an answer's `data`. */
function listIn({ body }: Reply): JsonObject[] {
	const list = isObject(body) ? body.data : undefined;
	if (!Array.isArray(list)) throw new Error('The answer holds no list.');
	return list.filter(isObject);
}

/** A client of the API with an access token of its own. */
function clientOf(gen: GenStandIn, token = gen.issueAccessToken()) {
	const call = async (method: string, path: string, body?: unknown): Promise<Reply> => {
		const response = await fetch(`${gen.url}${path}`, {
			method,
			headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		return await replyOf(response);
	};
	const seller = `/api/sellers/${gen.sellerId}`;
	return {
		get: (path: string) => call('GET', path),
		remove: (path: string) => call('DELETE', path),
		post: (path: string, body: unknown) => call('POST', path, body),
		order: (order: object) => call('POST', `${seller}/orders`, { order }),
		pay: (payment: object) => call('POST', `${seller}/payments`, { payment }),
		capture: (id: unknown) => call('POST', `${seller}/payments/${String(id)}/capture`, {}),
		refund: (id: unknown, amount: unknown) =>
			call('POST', `${seller}/pix/refund/${String(id)}`, { amount }),
	};
}

const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const HOOK = 'https://n8n.example.com/webhook/1';
const ITEM = { description: 'Produto 1', quantity: 2, unit_price_cents: 2290 };
const CUSTOMER = { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '01234567891' };

describe('tokens', () => {
	const ask = async (gen: GenStandIn, seller = gen.sellerId, refresh = gen.refreshToken) => {
		const response = await fetch(`${gen.url}/api/${seller}/tokens`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${refresh}` },
			body: '{}',
		});
		return await replyOf(response);
	};

	it('are given for the refresh token, a new one each time, and stay valid', async () => {
		const gen = await start();
		const answers = [await ask(gen), await ask(gen)];
		const token = expect.stringMatching(/^SFMyNTY\.[\w-]{43}$/);
		expect(answers).toEqual(Array(2).fill({ status: 200, body: { data: token } }));
		const tokens = answers.map(({ body }) => (isObject(body) ? String(body.data) : ''));
		expect(tokens[0]).not.toBe(tokens[1]);
		for (const given of tokens) {
			expect((await clientOf(gen, given).get('/api/events')).status).toBe(200);
		}
	});

	it('are not given for another refresh token or seller', async () => {
		const gen = await start({ refreshToken: 'mine', sellerId: 'me' });
		expect((await ask(gen, 'me', 'wrong')).status).toBe(401);
		expect((await ask(gen, 'other')).status).toBe(401);
		const renewed = gen.revokeRefreshToken();
		expect((await ask(gen, 'me', 'mine')).status).toBe(401);
		expect((await ask(gen, 'me', renewed)).status).toBe(200);
	});

	it('end when a test says so, or after their lifetime', async () => {
		const gen = await start({ accessTokenLifetimeMs: 60_000 });
		const client = clientOf(gen);
		expect((await client.get('/api/events')).status).toBe(200);
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
		expect((await client.get('/api/events')).status).toBe(401);
		clock.mockRestore();

		const other = clientOf(gen);
		gen.expireAccessTokens();
		expect((await other.get('/api/events')).status).toBe(401);
	});

	it.each(['', 'Bearer', 'Bearer ', 'Bearer wrong', 'Basic x'])(
		'are asked for on every route: %j is answered 401',
		async (authorization) => {
			const gen = await start();
			const headers = { Authorization: authorization };
			const paths = ['/api/webhooks', '/api/nothing', `/api/${gen.sellerId}/tokens`];
			for (const path of paths) {
				const response = await fetch(`${gen.url}${path}`, { method: 'POST', headers, body: '{}' });
				expect([path, response.status]).toEqual([path, 401]);
				expect(await response.json()).toEqual({ error: { message: 'Unauthorized' } });
			}
		},
	);

	it('lead nowhere on an unknown route', async () => {
		const gen = await start();
		expect((await clientOf(gen).get('/api/nothing')).status).toBe(404);
		expect((await clientOf(gen).get('/other')).status).toBe(404);
		expect((await clientOf(gen).remove('/api/webhooks/%zz')).status).toBe(400);
	});
});

describe('webhooks', () => {
	const webhook = { events: ['PAYMENT.*', 'ORDER.*'], target: HOOK, authorization: 'secret' };
	const shown = { id: ID, ...webhook, inserted_at: TIME, updated_at: TIME };

	it('are registered, listed and removed', async () => {
		const gen = await start();
		const client = clientOf(gen);
		const created = await client.post('/api/webhooks', { webhook });
		expect(created).toEqual({ status: 201, body: { data: shown } });
		expect(gen.registrations).toEqual([dataIn(created)]);
		gen.addRegistration({ events: ['PAYMENT.CREATED'], target: 'https://other.example.com' });
		const listed = listIn(await client.get('/api/webhooks'));
		expect(listed.map(({ target }) => target)).toEqual([HOOK, 'https://other.example.com']);
		expect(listed[1]).not.toHaveProperty('authorization');
		const path = `/api/webhooks/${String(dataIn(created).id)}`;
		expect(await client.remove(path)).toEqual({ status: 204, body: undefined });
		expect((await client.remove(path)).status).toBe(404);
		expect(gen.registrations).toHaveLength(1);
		expect(gen.removeRegistration(gen.registrations[0]?.id ?? '')).toBe(true);
		expect(gen.removeRegistration('unknown')).toBe(false);
	});

	it.each([
		{ ...webhook, events: [] },
		{ ...webhook, events: 'PAYMENT.*' },
		{ ...webhook, events: [1] },
		{ ...webhook, events: undefined },
		{ ...webhook, target: 'ftp://example.com' },
		{ ...webhook, target: 'n8n.example.com' },
		{ ...webhook, target: undefined },
		{ ...webhook, authorization: 1 },
		undefined,
	])('are refused with 422: %j', async (wrong) => {
		const gen = await start();
		const answer = await clientOf(gen).post('/api/webhooks', { webhook: wrong });
		expect(answer).toEqual({ status: 422, body: { error: { message: expect.any(String) } } });
		expect(gen.registrations).toEqual([]);
	});

	it('are refused with 400 where the body is no JSON object', async () => {
		const gen = await start();
		expect((await clientOf(gen).post('/api/webhooks', [])).status).toBe(400);
		expect((await clientOf(gen).post('/api/webhooks', undefined)).status).toBe(400);
	});

	it('have no list and no removal in some variants', async () => {
		const gen = await start({ list: 405, remove: 404 });
		const { id } = gen.addRegistration({ events: ['*'], target: HOOK });
		expect((await clientOf(gen).get('/api/webhooks')).status).toBe(405);
		expect((await clientOf(gen).remove(`/api/webhooks/${id}`)).status).toBe(404);
		expect(gen.registrations).toHaveLength(1);
		Object.assign(gen.variants, { list: 404, remove: 405 });
		expect((await clientOf(gen).get('/api/webhooks')).status).toBe(404);
		expect((await clientOf(gen).remove(`/api/webhooks/${id}`)).status).toBe(405);
	});

	it('do not repeat the secret in a variant', async () => {
		const gen = await start({ echoesAuthorization: false });
		const created = await clientOf(gen).post('/api/webhooks', { webhook });
		const { authorization, ...rest } = shown;
		expect(dataIn(created)).toEqual(rest);
		expect(listIn(await clientOf(gen).get('/api/webhooks'))).toEqual([rest]);
		expect(gen.registrations[0]?.authorization).toBe(authorization);
	});

	it('are stored before the answer is sent', async () => {
		const gen = await start();
		let stored = 0;
		gen.onCreateWebhook = async () => {
			stored = gen.registrations.length;
			await gen.pause();
		};
		await expect(clientOf(gen).post('/api/webhooks', { webhook })).rejects.toThrow();
		expect(stored).toBe(1);
		expect(gen.registrations).toHaveLength(1);
	});
});

describe('deliveries', () => {
	it('reach the webhooks whose events match, with the configured text', async () => {
		const gen = await start();
		const { url, received } = await receiver(200);
		const register = (path: string, ...events: string[]) =>
			gen.addRegistration({ events, target: `${url}/${path}?a=b`, authorization: path });
		register('exact', 'PAYMENT.CREATED');
		register('pattern', 'ORDER.*', 'PAYMENT.*');
		register('other', 'PAYMENT.PAID', 'ORDER.*', 'PAYMENT');
		const { json } = await gen.emit('PAYMENT.CREATED', { id: 'p1' });
		await gen.idle();

		expect(json).toEqual({
			id: ID,
			event: 'PAYMENT.CREATED',
			data: { id: 'p1' },
			inserted_at: TIME,
		});
		const bodies = received.map(({ method, url: called, headers, body }) => ({
			called: `${method} ${called}`,
			type: headers['content-type'],
			authorization: headers.authorization,
			body,
		}));
		const delivery = { type: 'application/json', body: json };
		expect(bodies).toHaveLength(2);
		expect(bodies).toEqual(
			expect.arrayContaining([
				{ ...delivery, called: 'POST /exact?a=b', authorization: 'exact' },
				{ ...delivery, called: 'POST /pattern?a=b', authorization: 'pattern' },
			]),
		);
	});

	it.each([
		['2XX', [299], [299]],
		['an error, then 2XX', [500, 404, 204], [500, 404, 204]],
		['a redirect, then 2XX', [302, 200], [302, 200]],
		['errors only', [500], Array(20).fill(500)],
	])('are tried until a 2XX, 20 times at most: %s', async (_name, answers, tries) => {
		const gen = await start();
		const { url, received } = await receiver(...answers);
		const { id: webhook_id } = gen.addRegistration({ events: ['*'], target: url });
		const event = await gen.emit('PAYMENT.CREATED', {});
		await gen.idle();
		expect(received).toHaveLength(tries.length);
		expect(new Set(received.map(({ body }) => JSON.stringify(body))).size).toBe(1);
		expect(gen.notifications).toEqual(
			tries.map((status, index) => ({
				id: ID,
				webhook_id,
				event_id: event.id,
				event: 'PAYMENT.CREATED',
				status,
				attempt: index + 1,
				inserted_at: TIME,
			})),
		);
		expect(listIn(await clientOf(gen).get('/api/notifications'))).toEqual(gen.notifications);
	});

	it('are tried again without a connection, without an answer, and for a host that is unknown', async () => {
		const gen = await start({ answerTimeoutMs: 30, retryDelayMs: 0 });
		const gone = await receiver(200);
		await gone.stop();
		const slow = await receiver(0);
		for (const target of [
			gone.url,
			slow.url,
			'https://unknown.example.com/',
			'https://127.0.0.1/',
		]) {
			gen.addRegistration({ events: ['*'], target });
		}
		await gen.emit('PAYMENT.CREATED', {});
		await gen.idle();
		const statuses = gen.notifications.map(({ status }) => status);
		expect(statuses).toEqual(Array(4 * 20).fill(null));
	});

	it('can be called at another host than the target names', async () => {
		const { url, received } = await receiver(200);
		const gen = await start({ hosts: { 'https://n8n.example.com': url } });
		gen.mapHost('hooks.example.com:443', url);
		gen.mapHost('example.com:8080', url);
		for (const target of [HOOK, 'https://hooks.example.com/a//b?c', 'http://example.com:8080/']) {
			gen.addRegistration({ events: ['*'], target });
		}
		await gen.emit('PAYMENT.CREATED', {});
		await gen.idle();
		expect(received.map(({ headers, url: called }) => `${headers.host}${called}`).sort()).toEqual([
			'example.com:8080/',
			'hooks.example.com/a//b?c',
			'n8n.example.com/webhook/1',
		]);
	});

	it('end with the stand-in and with the registration', async () => {
		const gen = await start({ retryDelayMs: 60_000 });
		const { url, received } = await receiver(500, 500, 0);
		const removed = gen.addRegistration({ events: ['*'], target: url });
		await gen.emit('PAYMENT.CREATED', {});
		await until(() => gen.notifications.length === 1);
		gen.removeRegistration(removed.id);
		gen.addRegistration({ events: ['*'], target: url });
		await gen.emit('PAYMENT.CREATED', {});
		await until(() => gen.notifications.length === 2);
		await gen.emit('PAYMENT.CREATED', {});
		await until(() => received.length === 3); // Two wait for their next try, one for an answer.
		await gen.stop();
		await gen.idle();
		expect(gen.notifications).toHaveLength(2);

		const quick = await start();
		const failing = await receiver(500);
		const { id } = quick.addRegistration({ events: ['*'], target: failing.url });
		await quick.emit('PAYMENT.CREATED', {});
		await until(() => quick.notifications.length === 3);
		quick.removeRegistration(id);
		await quick.idle();
		expect(quick.notifications.length).toBeLessThan(20);
	});

	it('can be resent by hand', async () => {
		const gen = await start();
		const { url, received } = await receiver(200);
		gen.addRegistration({ events: ['*'], target: url });
		gen.resend(await gen.emit('PAYMENT.CREATED', {}));
		await gen.idle();
		expect(received[0]?.body).toEqual(received[1]?.body);
		expect(received).toHaveLength(2);
	});
});

describe('the event log', () => {
	const names = async (gen: GenStandIn) => {
		const events = listIn(await clientOf(gen).get('/api/events'));
		return events.map(({ event }) => event);
	};
	const at = (minute: number) => ({ at: new Date(Date.UTC(2030, 0, 1, 0, minute)) });

	it('lists the newest first, in a variant the oldest, and only so many', async () => {
		const gen = await start();
		await gen.emit('B', {}, at(2));
		await gen.emit('C', {}, at(2));
		await gen.emit('A', {}, at(1));
		expect(await names(gen)).toEqual(['C', 'B', 'A']);
		gen.variants.events = { order: 'oldestFirst' };
		expect(await names(gen)).toEqual(['A', 'B', 'C']);
		gen.variants.events = { order: 'oldestFirst', limit: 2 };
		expect(await names(gen)).toEqual(['B', 'C']);
		gen.variants.events = { limit: 1 };
		expect(await names(gen)).toEqual(['C']);
		expect(gen.loggedEvents.map(({ event }) => event)).toEqual(['B', 'C', 'A']);
		expect(gen.loggedEvents[0]?.json.inserted_at).toBe('2030-01-01T00:02:00.000Z');
		gen.clearLog();
		expect(await names(gen)).toEqual([]);
	});

	it('keeps what was said, whatever becomes of the payment', async () => {
		const gen = await start();
		const payment = { status: 'PENDING' };
		await gen.emit('PAYMENT.CREATED', payment);
		payment.status = 'PAID';
		const [event] = listIn(await clientOf(gen).get('/api/events'));
		expect(event?.data).toEqual({ status: 'PENDING' });
	});

	it('has events in another shape, or without an id', async () => {
		const gen = await start({ events: { withId: false } });
		const { json } = await gen.emit('PAYMENT.CREATED', {});
		expect(Object.keys(json)).toEqual(['event', 'data', 'inserted_at']);
		gen.variants.eventShape = (event, subject, meta) => ({
			type: event,
			payment: subject,
			...meta,
		});
		expect((await gen.emit('PAYMENT.CREATED', 1)).json).toEqual({
			type: 'PAYMENT.CREATED',
			payment: 1,
			insertedAt: TIME,
		});
	});

	it.each([
		['data', (list: unknown) => ({ data: list })],
		['array', (list: unknown) => list],
		['other', (list: unknown) => ({ results: list })],
	] as const)('comes, like every list, in the shape "%s"', async (listShape, shape) => {
		const gen = await start({ listShape });
		const { url } = await receiver(200);
		const registration = gen.addRegistration({ events: ['*'], target: url });
		const { json } = await gen.emit('PAYMENT.CREATED', {});
		await gen.idle();
		const client = clientOf(gen);
		expect((await client.get('/api/webhooks')).body).toEqual(shape([registration]));
		expect((await client.get('/api/events')).body).toEqual(shape([json]));
		expect((await client.get('/api/notifications')).body).toEqual(shape([...gen.notifications]));
	});
});

describe('orders', () => {
	it('are made of their items', async () => {
		const gen = await start();
		const order = { items: [ITEM, { ...ITEM, quantity: 1 }], customer: CUSTOMER, external_id: 'x' };
		expect(await clientOf(gen).order(order)).toEqual({
			status: 201,
			body: {
				data: {
					id: ID,
					seller_id: gen.sellerId,
					...order,
					customer_id: ID,
					total_cents: 6870,
					methods: ['CREDIT', 'BANK_SLIP', 'PIX'],
					max_installments: 12,
					inserted_at: TIME,
					updated_at: TIME,
				},
			},
		});
		const limits = { customer_id: 'c', methods: ['PIX'], max_installments: 3 };
		const limited = await clientOf(gen).order({ items: [ITEM], ...limits });
		expect(dataIn(limited)).toMatchObject({ ...limits, customer: null, external_id: null });
		expect(gen.orders.size).toBe(2);
		expect(gen.loggedEvents).toEqual([]);
	});

	it.each([
		{},
		{ items: [] },
		{ items: [1] },
		{ items: [{ ...ITEM, quantity: 1.5 }] },
		{ items: [{ ...ITEM, quantity: '1' }] },
		{ items: [{ ...ITEM, unit_price_cents: -1 }] },
		{ items: [{ description: 'x', quantity: 1 }] },
		{ items: [ITEM], methods: ['CREDIT_CARD'] },
		{ items: [ITEM], methods: [] },
		{ items: [ITEM], methods: 'PIX' },
		{ items: [ITEM], max_installments: 0 },
		{ items: [ITEM], max_installments: 13 },
		{ items: [ITEM], max_installments: 1.5 },
	])('are refused with 422: %j', async (order) => {
		const gen = await start();
		expect((await clientOf(gen).order(order)).status).toBe(422);
		expect(gen.orders.size).toBe(0);
	});

	it('belong to the seller', async () => {
		const gen = await start();
		const path = '/api/sellers/other/orders';
		const answer = await clientOf(gen).post(path, { order: { items: [ITEM] } });
		expect(answer.status).toBe(404);
	});
});

describe('payments', () => {
	/** A client with an order, and what every payment of that order holds. */
	async function withOrder(options: GenOptions = {}, limits: object = {}) {
		const gen = await start(options);
		const client = clientOf(gen);
		const order = dataIn(await client.order({ items: [ITEM], customer_id: 'c1', ...limits }));
		const base = { order_id: String(order.id), session_id: '123' };
		return { gen, client, base };
	}
	const PIX = { method: 'PIX', pix: { expiration: '2099-04-01T00:05:00' } };
	const SLIP = {
		method: 'BANK_SLIP',
		bank_slip: { expiration_date: '2099-04-01', instructions: 'Não receber' },
	};
	const CARD = {
		method: 'CREDIT_CARD',
		credit: {
			installments: 3,
			credit_card: { token: 't', holder_name: 'N', expiration_month: 12, expiration_year: 24 },
		},
	};
	const common = (gen: GenStandIn, base: object) => ({
		id: ID,
		...base,
		seller_id: gen.sellerId,
		marketplace_id: ID,
		customer_id: 'c1',
		subscription_id: null,
		subtotal_cents: 4580,
		discount_cents: 0,
		addition_cents: 0,
		shipping_cents: 0,
		total_cents: 4580,
		device: {},
		external_id: 'mine',
		inserted_at: TIME,
		updated_at: TIME,
	});

	it('are pending PIX with a code', async () => {
		const { gen, client, base } = await withOrder();
		expect(await client.pay({ ...base, ...PIX, external_id: 'mine' })).toEqual({
			status: 201,
			body: {
				data: {
					...common(gen, base),
					method: 'PIX',
					status: 'PENDING',
					pix: {
						brcode: expect.stringContaining('br.gov.bcb.pix'),
						expiration: '2099-04-01T00:05:00Z',
					},
					credit: null,
				},
			},
		});
		const zoned = { ...PIX, pix: { expiration: '2099-04-01T00:05:00-03:00' } };
		const { pix } = dataIn(await client.pay({ ...base, ...zoned }));
		expect(pix).toMatchObject({ expiration: '2099-04-01T03:05:00Z' });
		expect(gen.loggedEvents).toEqual([]);
	});

	it('are pending bank slips, whose method a variant calls PIX', async () => {
		const { gen, client, base } = await withOrder();
		expect(dataIn(await client.pay({ ...base, ...SLIP, external_id: 'mine' }))).toEqual({
			...common(gen, base),
			method: 'BANK_SLIP',
			status: 'PENDING',
			bank_slip: {
				acquirer_number: expect.stringMatching(/^\d{13}$/),
				bank: '0033',
				bank_slip_id: ID,
				barcode: expect.stringMatching(/^\d{44}$/),
				expiration_date: '2099-04-01',
				id: ID,
				instructions: 'Não receber',
				issue_date: new Date().toISOString().slice(0, 10),
				print_link_html: expect.stringMatching(/^https:/),
				print_link_pdf: expect.stringMatching(/^https:/),
				typeful_line: expect.stringMatching(/^\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{14}$/),
			},
			credit: null,
		});
		gen.variants.bankSlipMethod = 'PIX';
		expect(dataIn(await client.pay({ ...base, ...SLIP })).method).toBe('PIX');
	});

	it('are paid cards', async () => {
		const { gen, client, base } = await withOrder();
		expect(dataIn(await client.pay({ ...base, ...CARD, external_id: 'mine' }))).toEqual({
			...common(gen, base),
			method: 'CREDIT',
			status: 'PAID',
			credit: {
				installments: 3,
				delay_capture: false,
				save_card: false,
				credit_card_id: null,
				credit_card: { token: 't', expiration_month: '12', expiration_year: '24' },
			},
		});
		const saved = await client.pay({
			...base,
			...CARD,
			credit: { ...CARD.credit, save_card: true },
		});
		expect(dataIn(saved).credit).toMatchObject({ save_card: true, credit_card_id: ID });
		const again = await client.pay({ ...base, ...CARD, credit: { credit_card_id: 'card' } });
		expect(dataIn(again).credit).toMatchObject({
			installments: 1,
			credit_card_id: 'card',
			credit_card: null,
		});
	});

	it('are captured once when they were pre-authorized', async () => {
		const { client, base } = await withOrder();
		const credit = { ...CARD.credit, delay_capture: true };
		const data = dataIn(await client.pay({ ...base, ...CARD, credit }));
		expect(data.status).toBe('PRE_AUTHORIZED');
		const captured = await client.capture(data.id);
		expect(captured).toEqual({
			status: 200,
			body: { data: { ...data, status: 'PAID', updated_at: TIME } },
		});
		expect((await client.capture(data.id)).status).toBe(422);
		expect((await client.capture('unknown')).status).toBe(404);
	});

	it('are refunded, when they are paid PIX, in one or more parts', async () => {
		const { gen, client, base } = await withOrder();
		const data = dataIn(await client.pay({ ...base, ...PIX }));
		expect((await client.refund(data.id, 100)).status).toBe(422);
		expect(gen.pay(String(data.id)).status).toBe('PAID');
		expect(() => gen.pay(String(data.id))).toThrow('pending');
		for (const amount of [0, -1, 1.5, '100', 4581, undefined]) {
			expect([amount, (await client.refund(data.id, amount)).status]).toEqual([amount, 422]);
		}
		const part = await client.refund(data.id, 4000);
		expect(part).toMatchObject({ status: 200, body: { data: { id: data.id, status: 'PAID' } } });
		expect((await client.refund(data.id, 581)).status).toBe(422);
		expect(dataIn(await client.refund(data.id, 580)).status).toBe('REVERSED');
		expect((await client.refund(data.id, 1)).status).toBe(422);
		expect((await client.refund('unknown', 1)).status).toBe(404);
		const card = await client.pay({ ...base, ...CARD });
		expect((await client.refund(dataIn(card).id, 1)).status).toBe(422);
	});

	it.each<[object, number]>([
		[{ ...PIX, order_id: 'unknown' }, 404],
		[{ ...PIX, order_id: undefined }, 422],
		[{ ...PIX, session_id: undefined }, 422],
		[{ ...PIX, method: undefined }, 422],
		[{ ...PIX, method: 'CASH' }, 422],
		[{ method: 'PIX' }, 422],
		[{ ...PIX, pix: { expiration: '2020-01-01T00:00:00' } }, 422],
		[{ ...PIX, pix: { expiration: '01/04/2099' } }, 422],
		[{ method: 'BANK_SLIP' }, 422],
		[{ ...SLIP, bank_slip: { expiration_date: '2020-01-01' } }, 422],
		[{ ...SLIP, bank_slip: { expiration_date: '2099-04-01T00:00:00' } }, 422],
		[{ method: 'CREDIT_CARD', credit: {} }, 422],
		[{ method: 'CREDIT', credit: CARD.credit }, 422],
		[{ ...CARD, credit: { ...CARD.credit, installments: 13 } }, 422],
		[{ ...CARD, credit: { ...CARD.credit, installments: 0 } }, 422],
	])('are refused: %j', async (payment, status) => {
		const { gen, client, base } = await withOrder();
		expect((await client.pay({ ...base, ...payment })).status).toBe(status);
		expect(gen.payments.size).toBe(0);
	});

	it('are refused where the card is declined', async () => {
		const { client, base } = await withOrder();
		const credit = { credit_card: { token: 'declined-1' } };
		expect(await client.pay({ ...base, ...CARD, credit })).toEqual({
			status: 422,
			body: { error: { message: 'Transação não autorizada' } },
		});
	});

	it('keep to what the order accepts', async () => {
		const { client, base } = await withOrder({}, { methods: ['CREDIT'], max_installments: 2 });
		expect((await client.pay({ ...base, ...PIX })).status).toBe(422);
		expect((await client.pay({ ...base, ...CARD })).status).toBe(422);
		const credit = { ...CARD.credit, installments: 2 };
		expect((await client.pay({ ...base, ...CARD, credit })).status).toBe(201);
	});

	it('need a customer, their own or the order’s', async () => {
		const { client, base } = await withOrder({}, { customer_id: undefined });
		expect((await client.pay({ ...base, ...PIX })).status).toBe(422);
		const own = await client.pay({ ...base, ...PIX, customer: CUSTOMER });
		expect(dataIn(own).customer_id).toEqual(ID);
		const known = await client.pay({ ...base, ...PIX, customer_id: 'c2' });
		expect(dataIn(known).customer_id).toBe('c2');
	});

	it('emit PAYMENT.CREATED in a variant', async () => {
		const { gen, client, base } = await withOrder({ emitsOnApi: true });
		const data = dataIn(await client.pay({ ...base, ...PIX }));
		expect(gen.loggedEvents.map(({ json }) => json)).toEqual([
			expect.objectContaining({ event: 'PAYMENT.CREATED', data }),
		]);
	});

	it('belong to the seller', async () => {
		const { client, base } = await withOrder();
		const data = dataIn(await client.pay({ ...base, ...PIX }));
		const seller = '/api/sellers/other';
		for (const path of [
			'payments',
			`payments/${String(data.id)}/capture`,
			`pix/refund/${String(data.id)}`,
		]) {
			expect((await client.post(`${seller}/${path}`, { payment: base })).status).toBe(404);
		}
	});
});

describe('the server', () => {
	it('keeps every request', async () => {
		const gen = await start();
		const client = clientOf(gen);
		await client.get('/api/events?page=2');
		await client.post('/api/webhooks', { webhook: {} });
		expect(gen.requests).toMatchObject([
			{
				method: 'GET',
				path: '/api/events',
				query: { page: '2' },
				headers: { authorization: expect.stringMatching(/^Bearer SFMyNTY\./) },
				body: undefined,
				status: 200,
			},
			{ method: 'POST', path: '/api/webhooks', query: {}, body: { webhook: {} }, status: 422 },
		]);
		gen.clearRequests();
		expect(gen.requests).toEqual([]);
	});

	it('fails for as long as it is told to, and stores nothing meanwhile', async () => {
		const gen = await start();
		const client = clientOf(gen);
		const webhook = { events: ['*'], target: HOOK };
		gen.failWith(503);
		expect((await client.post('/api/webhooks', { webhook })).status).toBe(503);
		gen.failWith('hangUp');
		await expect(client.post('/api/webhooks', { webhook })).rejects.toThrow('fetch failed');
		gen.failWith(undefined);
		expect(gen.registrations).toEqual([]);
		gen.failNext(2, 429);
		const statuses = [];
		for (let call = 0; call < 3; call++) statuses.push((await client.get('/api/events')).status);
		expect(statuses).toEqual([429, 429, 200]);
		expect(gen.requests.map(({ status }) => status)).toEqual([503, 'hangUp', 429, 429, 200]);
	});

	it('can be down for a while, on the same port and with the same state', async () => {
		const gen = await start();
		const client = clientOf(gen);
		const { url } = gen;
		await client.post('/api/webhooks', { webhook: { events: ['*'], target: HOOK } });
		await gen.pause();
		await expect(client.get('/api/webhooks')).rejects.toMatchObject({
			cause: { code: 'ECONNREFUSED' },
		});
		await gen.resume();
		expect(gen.url).toBe(url);
		expect(listIn(await client.get('/api/webhooks'))).toHaveLength(1);
	});

	it('words its errors as a test likes', async () => {
		const gen = await start({ errorBody: (status, message) => ({ errors: [message], status }) });
		const answer = await clientOf(gen, 'wrong').get('/api/events');
		expect(answer.body).toEqual({ errors: ['Unauthorized'], status: 401 });
	});

	it('stops at once, with a request under way', async () => {
		const gen = await start();
		let called = false;
		gen.onCreateWebhook = () => {
			called = true;
			return new Promise<void>(() => {});
		};
		const webhook = { events: ['*'], target: HOOK };
		const lost = expect(clientOf(gen).post('/api/webhooks', { webhook })).rejects.toThrow();
		await until(() => called);
		await gen.stop();
		await lost;
	});

	it('listens on the port it is given', async () => {
		const first = await start();
		const port = Number(new URL(first.url).port);
		await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
		await first.stop();
		expect((await start({ port })).url).toBe(first.url);
	});
});

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
