// The mock APIs answer as the providers' documents say, where no test of the nodes would notice if they did not.
import { createServer } from 'node:http';
import { json as bodyOf } from 'node:stream/consumers';
import { AbacatePayMockApi } from '../../testkit/mockApis/abacatePay.mts';
import { GenMockApi } from '../../testkit/mockApis/gen.mts';
import { GestaoOnlineMockApi } from '../../testkit/mockApis/gestaoOnline.mts';
import { WooviMockApi } from '../../testkit/mockApis/woovi.mts';
import { isObject } from '../../testkit/mockApis/server.mts';
import { request } from '../../testkit/n8n/http.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';

const running: Array<{ stop(): unknown }> = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map((one) => one.stop()));
});

/** What two answers of one documented shape share: their keys, in any order, and the types of their values. */
function shapeOf(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
	if (!isObject(value)) return value === null ? null : typeof value;
	return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]));
}

async function call(
	url: string,
	method: string,
	headers: Record<string, string>,
	json?: JsonValue,
): Promise<{ status: number; body: JsonObject }> {
	const answer = await request({
		url,
		method,
		headers: { 'Content-Type': 'application/json', ...headers },
		body: json === undefined ? undefined : JSON.stringify(json),
	});
	return { status: answer.status, body: answer.json as JsonObject };
}

describe('Gen', () => {
	async function start() {
		const gen = await GenMockApi.start({ retryDelayMs: 1 });
		running.push(gen);
		const api = async (method: string, path: string, json?: JsonValue) =>
			await call(
				`${gen.url}/api${path}`,
				method,
				{ Authorization: `Bearer ${gen.issueAccessToken()}` },
				json,
			);
		return { gen, api, seller: `/sellers/${gen.sellerId}` };
	}
	const order = {
		items: [{ description: 'Produto 1', quantity: 2, unit_price_cents: 2290 }],
		customer: { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '01234567891' },
		external_id: 'id-sua-plataforma-123',
	};
	const credit = {
		installments: 3,
		credit_card_id: '6c48f2e3-722a-8198-fffc-73b458502665',
		credit_card: { token: '123abc', holder_name: 'N', expiration_month: 12, expiration_year: 22 },
	};

	/** An order, and what asks for payments of it. */
	async function withOrder(limits: JsonObject = {}) {
		const { api, seller } = await start();
		const { body } = await api('POST', `${seller}/orders`, { order: { ...order, ...limits } });
		const pay = async (payment: JsonObject) => {
			const common = {
				order_id: objectAt(body, 'data').id ?? null,
				session_id: '1',
				external_id: 'x',
			};
			return await api('POST', `${seller}/payments`, { payment: { ...common, ...payment } });
		};
		return { order: objectAt(body, 'data'), pay };
	}

	it('gives an access token for the refresh token, and 401 for anything else', async () => {
		const { gen } = await start();
		const ask = async (token: string) =>
			await call(`${gen.url}/api/${gen.sellerId}/tokens`, 'POST', { Authorization: token }, {});
		expect(await ask(`Bearer ${gen.refreshToken}`)).toEqual({
			status: 200,
			body: { data: expect.any(String) },
		});
		expect((await ask('Bearer wrong')).status).toBe(401);
		expect((await ask(gen.refreshToken)).status).toBe(401);
	});

	it('makes an order of its items, with the three methods and 12 installments', async () => {
		const { order: made } = await withOrder();
		expect(made).toMatchObject({
			...order,
			total_cents: 4580,
			methods: ['CREDIT', 'BANK_SLIP', 'PIX'],
			max_installments: 12,
		});
	});

	it.each<[string, JsonObject]>([
		['PAYMENT.CREATED', { method: 'PIX', pix: { expiration: '2099-04-01T00:05:00' } }],
		[
			'variation-payment-bank-slip-as-documented',
			{ method: 'BANK_SLIP', bank_slip: { expiration_date: '2099-04-01', instructions: 'x' } },
		],
		['variation-payment-credit', { method: 'CREDIT_CARD', credit }],
	])('answers a payment in the shape of %s', async (sample, payment) => {
		const documented = objectAt(readFixture('Gen', sample), 'data');
		const { pay } = await withOrder();
		const { status, body } = await pay(payment);
		expect(status).toBe(201);
		expect(shapeOf(objectAt(body, 'data'))).toEqual(shapeOf(documented));
		expect(objectAt(body, 'data').status).toBe(documented.status);
	});

	it.each<[string, JsonObject]>([
		['a past due date', { method: 'BANK_SLIP', bank_slip: { expiration_date: '2020-01-01' } }],
		['a method that the order does not take', { method: 'PIX' }],
		['more installments than the order takes', { method: 'CREDIT_CARD', credit }],
		['no card', { method: 'CREDIT_CARD', credit: {} }],
	])('refuses a payment with %s', async (_what, payment) => {
		const { pay } = await withOrder({ methods: ['BANK_SLIP', 'CREDIT'], max_installments: 2 });
		expect((await pay(payment)).status).toBe(422);
	});

	it.each([
		['a 2XX', [500, 302, 204], 3],
		['20 tries', [500], 20],
	])('delivers with the text in Authorization until %s', async (_what, answers, tries) => {
		const received: unknown[] = [];
		const server = createServer(async (incoming, outgoing) => {
			const { authorization } = incoming.headers;
			received.push({ authorization, body: await bodyOf(incoming) });
			const status = answers[Math.min(received.length, answers.length) - 1] ?? 200;
			outgoing.writeHead(status, { Connection: 'close' }).end();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		running.push({ stop: () => server.close() });
		const { gen, api } = await start();
		const address = server.address();
		const target = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
		const webhook = { target, authorization: 'secret' };
		await api('POST', '/webhooks', { webhook: { ...webhook, events: ['PAYMENT.*'] } });
		await api('POST', '/webhooks', { webhook: { ...webhook, events: ['ORDER.*', 'PAYMENT'] } });
		const { json } = await gen.emit('PAYMENT.CREATED', { id: '1' });
		await gen.idle();
		expect(received).toEqual(Array(tries).fill({ authorization: 'secret', body: json }));
		expect(gen.notifications.map(({ attempt }) => attempt)).toEqual(
			Array.from({ length: tries }, (_, index) => index + 1),
		);
	});
});

describe('Gestão Online', () => {
	const TYPE = 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html';
	const ORDER = {
		user: { name: 'Ana', email: 'ana@example.com', document: '12345678901' },
		orderItems: [{ product: 'SKU-1', quantity: 2, price: '150.1', discount: 0.2 }],
	};
	let erp: GestaoOnlineMockApi;
	beforeEach(async () => {
		erp = await GestaoOnlineMockApi.start();
		running.push(erp);
	});
	const api = async (method: string, path: string, json?: JsonValue, headers = {}) =>
		await call(
			`${erp.url}/order-external${path}`,
			method,
			{ 'x-api-key': erp.apiKey, Origin: erp.origin, ...headers },
			json,
		);
	const answer = (status: number, title: string, detail: string, more = {}) => ({
		status,
		body: { type: TYPE, title, status, detail, ...more },
	});

	it('answers an order, and one that was created, with the keys of the sample', async () => {
		const created = await api('POST', '', ORDER);
		expect(created).toEqual({
			status: 200,
			body: answer(201, 'Unknown', 'Order successfully created', {
				code: 'SUCCESS_ORDER_CREATED',
				data: { publicToken: expect.any(String), orderCode: '0000000594', orderId: '594' },
			}).body,
		});
		const [sample, made] = [await api('GET', '/593'), await api('GET', '/594')];
		expect(sample).toEqual(
			answer(200, 'Unknown', 'Fetch successfully', { data: expect.any(Object) }),
		);
		const order = objectAt(made.body, 'data');
		expect(Object.keys(order).sort()).toEqual(Object.keys(objectAt(sample.body, 'data')).sort());
		expect(order).toMatchObject({ orderTotal: 300, orderDiscount: 0.2, user: ORDER.user });
	});

	it('answers errors as documented', async () => {
		const badKey = answer(403, 'Forbidden', 'Forbidden, invalid key (x-api-key)');
		expect(await api('GET', '/593', undefined, { 'x-api-key': 'wrong' })).toEqual(badKey);
		const unknown = answer(404, 'Not Found', 'Order not found');
		expect(await api('GET', '/1')).toEqual(unknown);
		expect(await api('DELETE', '/1')).toEqual(unknown);
		const { user } = ORDER;
		for (const wrong of [{ user }, { ...ORDER, user: { ...user, email: '' } }]) {
			expect(await api('POST', '', wrong)).toEqual(
				answer(400, 'Bad Request', expect.stringContaining('is required')),
			);
		}
	});
});

describe('AbacatePay', () => {
	let abacatePay: AbacatePayMockApi;
	beforeEach(async () => {
		abacatePay = await AbacatePayMockApi.start();
		running.push(abacatePay);
	});
	const api = async (method: string, path: string, json?: JsonValue, key = abacatePay.apiKey) =>
		await call(
			`${abacatePay.baseUrl}/webhooks${path}`,
			method,
			{ Authorization: `Bearer ${key}` },
			json,
		);
	const ENDPOINT = 'https://n8n.example.com/webhook/1/webhook';
	const WEBHOOK = {
		name: 'n8n',
		endpoint: ENDPOINT,
		secret: 'a-secret-of-32-characters-or-more',
		events: ['checkout.completed', 'subscription.renewed'],
	};
	const succeeded = (data: JsonValue) => ({
		status: 200,
		body: expect.objectContaining({ data, success: true, error: null }),
	});

	it('creates, gets, lists and deletes a webhook, and never shows its secret', async () => {
		const created = await api('POST', '/create', WEBHOOK);
		const { secret: _, ...shown } = WEBHOOK;
		const time = expect.stringMatching(/^\d{4}-.*Z$/);
		const webhook = {
			id: expect.stringMatching(/^webh_/),
			...shown,
			devMode: true,
			v2: true,
			createdAt: time,
			updatedAt: time,
		};
		expect(created).toEqual(succeeded(webhook));
		const { id = '' } = objectAt(created.body, 'data');
		expect(await api('GET', `/get?id=${String(id)}`)).toEqual(created);
		expect(await api('GET', '/list')).toEqual(succeeded([objectAt(created.body, 'data')]));
		expect(await api('POST', '/delete', { id })).toEqual(created);
		expect(await api('GET', '/list')).toEqual(succeeded([]));
	});

	it('lists in pages', async () => {
		for (const name of ['a', 'b', 'c']) abacatePay.addWebhook({ ...WEBHOOK, name });
		const [a, b, c] = abacatePay.webhooks.map(({ id }) => ({ id }));
		const first = await api('GET', '/list?limit=2');
		const pagination = { hasMore: true, next: b?.id, before: null };
		expect(first.body).toMatchObject({ data: [a, b], pagination });
		const second = await api('GET', `/list?limit=2&after=${b?.id}`);
		expect(second.body).toMatchObject({ data: [c], pagination: { hasMore: false, next: null } });
	});

	it.each<[string, JsonObject]>([
		['no name', { name: null }],
		['another field', { active: true }],
		['an endpoint without TLS', { endpoint: 'http://n8n.example.com/webhook' }],
		['a private endpoint', { endpoint: 'https://192.168.0.7/webhook' }],
		['a short secret', { secret: 'my-secret' }],
		['no event', { events: [] }],
		['an event of the changelog', { events: ['subscription.payment_failed'] }],
		['an event of the changelog', { events: ['checkout.lost', 'subscription.plan_changed'] }],
	])('refuses a webhook with %s', async (_what, changes) => {
		const refused = { data: null, success: false, error: expect.any(String) };
		for (const status of [400, 200]) {
			abacatePay.variants.refusalStatus = status;
			expect(await api('POST', '/create', { ...WEBHOOK, ...changes })).toEqual({
				status,
				body: refused,
			});
		}
		expect(abacatePay.webhooks).toEqual([]);
	});

	it('answers 401 to another key, and 404 to another id', async () => {
		expect(await api('GET', '/list', undefined, 'wrong')).toMatchObject({
			status: 401,
			body: { error: expect.any(String) },
		});
		expect((await api('GET', '/get?id=webh_1')).status).toBe(404);
		expect((await api('POST', '/delete', { id: 'webh_1' })).status).toBe(404);
	});
});

describe('Woovi', () => {
	/** A server that answers with a status, and the calls that it gets. */
	async function target(status: number) {
		const calls: Array<{ headers: NodeJS.Dict<string | string[]>; body: unknown }> = [];
		const server = createServer(async (incoming, outgoing) => {
			calls.push({ headers: incoming.headers, body: await bodyOf(incoming) });
			outgoing.writeHead(status, { Connection: 'close' }).end();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		running.push({ stop: () => server.close() });
		const address = server.address();
		const port = typeof address === 'object' ? address?.port : '';
		return { calls, url: `http://127.0.0.1:${port}/hook` };
	}

	async function start() {
		const woovi = await WooviMockApi.start();
		running.push(woovi);
		const api = async (method: string, path: string, json?: JsonValue) =>
			await call(
				`${woovi.url}/api/v1/webhook${path}`,
				method,
				{ Authorization: woovi.appId },
				json,
			);
		const create = async (url: string, event: string, query = '') =>
			await api('POST', query, {
				webhook: { name: 'n8n', event, url, authorization: 'secret', isActive: true },
			});
		return { woovi, api, create };
	}

	it('tests the URL of a new webhook with its event, signed and authorized, unless it is asked not to', async () => {
		const { create, woovi } = await start();
		const { calls, url } = await target(200);
		const { status, body } = await create(url, 'OPENPIX:CHARGE_CREATED');
		expect(status).toBe(200);
		expect(Object.keys(objectAt(body, 'webhook')).sort()).toEqual(
			'authorization createdAt event hmacSecretKey id isActive name updatedAt url'.split(' '),
		);
		expect(calls).toEqual([
			{
				headers: expect.objectContaining({
					authorization: 'secret',
					'x-openpix-authorization': 'secret',
					'x-webhook-signature': expect.stringMatching(/^[A-Za-z0-9+/]{171}=$/),
				}),
				body: { data_criacao: expect.any(String), event: 'OPENPIX:CHARGE_CREATED' },
			},
		]);
		await create(url, 'OPENPIX:CHARGE_EXPIRED', '?validate=false');
		expect(calls).toHaveLength(1);
		expect(woovi.webhooks).toHaveLength(2);
		const refusing = await target(401);
		expect((await create(refusing.url, 'OPENPIX:CHARGE_EXPIRED')).status).toBe(400);
		expect(woovi.webhooks).toHaveLength(2);
	});

	it('has one webhook for a URL and event, 50 in all, lists those of a URL, and removes them', async () => {
		const { create, api, woovi } = await start();
		const url = 'https://n8n.example.com/hook';
		const created = async (target: string, event = 'BOLETO_SETTLED') =>
			(await create(target, event, '?validate=false')).status;
		expect([await created(url), await created(url)]).toEqual([200, 400]);
		expect([await created(url, 'OPENPIX:NO_EVENT'), await created('no URL')]).toEqual([400, 400]);
		for (let index = 1; index < 50; index++) expect(await created(`${url}/${index}`)).toBe(200);
		expect(await created(`${url}/50`)).toBe(400);
		const { body } = await api('GET', `?url=${encodeURIComponent(url)}`);
		expect(body.webhooks).toEqual([woovi.webhooks[0]]);
		expect(body.pageInfo).toMatchObject({ hasNextPage: false });
		const path = `/${encodeURIComponent(woovi.webhooks[0]?.id ?? '')}`;
		expect(await api('DELETE', path)).toEqual({ status: 200, body: { status: 'OK' } });
		expect(await api('DELETE', path)).toEqual({ status: 400, body: { error: expect.any(String) } });
		expect(woovi.webhooks).toHaveLength(49);
	});

	it('gives its public keys and nothing else to those without an AppID', async () => {
		const { woovi } = await start();
		const ask = async (path: string) => await call(`${woovi.url}/api/v1/webhook${path}`, 'GET', {});
		expect(await ask('/public-keys')).toEqual({
			status: 200,
			body: {
				public_keys: [
					{
						key_identifier: expect.stringMatching(/^[0-9a-f]{64}$/),
						is_current: true,
						key: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
					},
				],
			},
		});
		expect((await ask('/events')).status).toBe(401);
	});
});
