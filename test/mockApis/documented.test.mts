// The mock APIs answer as the providers' documents say, where no test of the nodes would notice if they did not.
import { AbacatePayMockApi } from '../../testkit/mockApis/abacatePay.mts';
import { GenMockApi } from '../../testkit/mockApis/gen.mts';
import { GestaoOnlineMockApi } from '../../testkit/mockApis/gestaoOnline.mts';
import { WooviMockApi } from '../../testkit/mockApis/woovi.mts';
import { isObject, MockApi, type Handler } from '../../testkit/mockApis/server.mts';
import { request } from '../../testkit/n8n/http.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';

const running: MockApi[] = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map(async (one) => await one.stop()));
});

function run<T extends MockApi>(mockApi: T): T {
	running.push(mockApi);
	return mockApi;
}

async function post(
	url: string,
	headers: Record<string, string>,
	json: JsonValue,
): Promise<{ status: number; body: JsonObject }> {
	const answer = await request({ url, headers, body: JSON.stringify(json) });
	return { status: answer.status, body: answer.json as JsonObject };
}

/** What two answers of one documented shape share: their keys, in any order, and the types of their values. */
function shapeOf(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
	if (!isObject(value)) return value === null ? null : typeof value;
	return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]));
}

/** Where webhooks lead: it answers in turn with these statuses. */
class Receiver extends MockApi {
	statuses: number[] = [];
	protected override readonly routes: Record<string, Handler> = {
		'POST /hook': () => ({ status: this.statuses.shift() }),
	};
	protected override authorize(): void {}
	protected override errorBody(): null {
		return null;
	}
}

async function receiver(...statuses: number[]): Promise<Receiver> {
	return run(Object.assign(await Receiver.start(), { statuses }));
}

describe('Gen', () => {
	async function start() {
		const gen = run(await GenMockApi.start({ retryDelayMs: 1 }));
		const seller = `${gen.url}/api/sellers/${gen.sellerId}`;
		const headers = { Authorization: `Bearer ${gen.issueAccessToken()}` };
		/** The answer to a payment of an order that allows this. */
		const pay = async (limits: JsonObject, payment: JsonObject) => {
			const item = { description: 'Produto 1', quantity: 2, unit_price_cents: 2290 };
			const customer = { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '01234567891' };
			const order = { items: [item], customer, ...limits };
			const { body } = await post(`${seller}/orders`, headers, { order });
			const { id = null } = objectAt(body, 'data');
			const common = { order_id: id, session_id: '1', external_id: 'x' };
			return await post(`${seller}/payments`, headers, { payment: { ...common, ...payment } });
		};
		return { gen, pay };
	}
	const pix = { method: 'PIX', pix: { expiration: '2099-04-01T00:05:00' } };
	const bankSlip = (expiration_date: string) => ({
		method: 'BANK_SLIP',
		bank_slip: { expiration_date, instructions: 'x' },
	});
	const credit = {
		method: 'CREDIT_CARD',
		credit: {
			installments: 3,
			credit_card_id: '6c48f2e3-722a-8198-fffc-73b458502665',
			credit_card: { token: '123abc', holder_name: 'N', expiration_month: 12, expiration_year: 22 },
		},
	};

	it.each<[string, JsonObject]>([
		['PAYMENT.CREATED', pix],
		['variation-payment-bank-slip-as-documented', bankSlip('2099-04-01')],
		['variation-payment-credit', credit],
	])('answers a payment in the shape of %s', async (sample, payment) => {
		const documented = objectAt(readFixture('Gen', sample), 'data');
		const { pay } = await start();
		const { status, body } = await pay({}, payment);
		expect(status).toBe(201);
		expect(shapeOf(objectAt(body, 'data'))).toEqual(shapeOf(documented));
		expect(objectAt(body, 'data')).toMatchObject({ status: documented.status, total_cents: 4580 });
	});

	it.each<[string, JsonObject, JsonObject]>([
		['a past due date', {}, bankSlip('2020-01-01')],
		['a method that the order does not take', { methods: ['BANK_SLIP', 'CREDIT'] }, pix],
		['more installments than the order takes', { max_installments: 2 }, credit],
		['no card', {}, { method: 'CREDIT_CARD', credit: {} }],
	])('refuses a payment with %s', async (_what, limits, payment) => {
		const { pay } = await start();
		expect((await pay(limits, payment)).status).toBe(422);
	});

	// That it tries 20 times in all shows on n8n.
	it('delivers with the text in Authorization, until the answer is 2XX', async () => {
		const { gen } = await start();
		const hook = await receiver(500, 302, 204);
		const webhook = { target: `${hook.url}/hook`, authorization: 'secret' };
		gen.addRegistration({ ...webhook, events: ['PAYMENT.*'] });
		gen.addRegistration({ ...webhook, events: ['ORDER.*', 'PAYMENT'] });
		const { json } = await gen.emit('PAYMENT.CREATED', { id: '1' });
		await gen.idle();
		const headers = expect.objectContaining({ authorization: 'secret' });
		const tries = [500, 302, 204].map((status) => ({ status, headers, body: json }));
		expect(hook.requests).toMatchObject(tries);
		expect(gen.notifications).toMatchObject([{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }]);
	});
});

describe('Gestão Online', () => {
	const user = { name: 'Ana', email: 'ana@example.com', document: '12345678901' };
	const orderItems = [{ product: 'SKU-1', quantity: 2, price: '150.1', discount: 0.2 }];
	let erp: GestaoOnlineMockApi;
	beforeEach(async () => (erp = run(await GestaoOnlineMockApi.start())));
	const create = async (order: JsonObject) => {
		const headers = { 'x-api-key': erp.apiKey, Origin: erp.origin };
		return await post(`${erp.url}/order-external`, headers, order);
	};
	const TYPE = 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html';

	it('creates an order with the keys of the sample', async () => {
		expect(await create({ user, orderItems })).toEqual({
			status: 200,
			body: {
				code: 'SUCCESS_ORDER_CREATED',
				data: { publicToken: expect.any(String), orderCode: '0000000594', orderId: '594' },
				...{ type: TYPE, title: 'Unknown', status: 201, detail: 'Order successfully created' },
			},
		});
		const [sample = {}, made = {}] = [erp.orders.get('593'), erp.orders.get('594')];
		expect(Object.keys(made)).toEqual(Object.keys(sample));
		expect(made).toMatchObject({ orderTotal: 300, orderDiscount: 0.2, user });
	});

	it.each<JsonObject>([
		{ user },
		{ user: { ...user, email: '' }, orderItems },
		{ user, orderItems: [{ product: 'SKU-1' }] },
	])('refuses %j', async (order) => {
		expect(await create(order)).toEqual({
			status: 400,
			body: { type: TYPE, title: 'Bad Request', status: 400, detail: expect.any(String) },
		});
	});
});

describe('AbacatePay', () => {
	const WEBHOOK = {
		name: 'n8n',
		endpoint: 'https://n8n.example.com/webhook/1/webhook',
		secret: 'a-secret-of-32-characters-or-more',
		events: ['checkout.completed', 'subscription.renewed'],
	};
	let abacatePay: AbacatePayMockApi;
	beforeEach(async () => (abacatePay = run(await AbacatePayMockApi.start())));
	const create = async (changes: JsonObject = {}) =>
		await post(
			`${abacatePay.baseUrl}/webhooks/create`,
			{ Authorization: `Bearer ${abacatePay.apiKey}` },
			{ ...WEBHOOK, ...changes },
		);

	it('creates a webhook, and does not show its secret', async () => {
		const { secret: _, ...shown } = WEBHOOK;
		const time = expect.stringMatching(/^\d{4}-.*Z$/);
		const more = { devMode: true, v2: true, createdAt: time, updatedAt: time };
		const data = { id: expect.stringMatching(/^webh_/), ...shown, ...more };
		expect(await create()).toEqual({ status: 200, body: { data, success: true, error: null } });
	});

	it.each<[string, JsonObject]>([
		['no name', { name: null }],
		['another field', { active: true }],
		['an endpoint without TLS', { endpoint: 'http://n8n.example.com/webhook' }],
		['a private endpoint', { endpoint: 'https://192.168.0.7/webhook' }],
		['a short secret', { secret: 'x'.repeat(31) }],
		['no event', { events: [] }],
		['an event of the changelog', { events: ['subscription.payment_failed'] }],
		['an event of the changelog', { events: ['checkout.lost', 'subscription.plan_changed'] }],
	])('refuses a webhook with %s', async (_what, changes) => {
		const body = { data: null, success: false, error: expect.any(String) };
		expect(await create(changes)).toEqual({ status: 400, body });
		expect(abacatePay.webhooks).toEqual([]);
	});
});

describe('Woovi', () => {
	let woovi: WooviMockApi;
	beforeEach(async () => (woovi = run(await WooviMockApi.start())));
	const create = async (url: string, event: string, query = '') => {
		const webhook = { name: 'n8n', event, url, authorization: 'secret', isActive: true };
		const headers = { Authorization: woovi.appId };
		return await post(`${woovi.url}/api/v1/webhook${query}`, headers, { webhook });
	};

	it('tests the URL of a new webhook with its event, signed and authorized', async () => {
		const hook = await receiver(200, 401);
		const url = `${hook.url}/hook`;
		const { status, body } = await create(url, 'OPENPIX:CHARGE_CREATED');
		expect(status).toBe(200);
		expect(Object.keys(objectAt(body, 'webhook')).sort()).toEqual(
			'authorization createdAt event hmacSecretKey id isActive name updatedAt url'.split(' '),
		);
		expect(hook.requests).toMatchObject([
			{
				query: { authorization: 'secret' },
				headers: {
					authorization: 'secret',
					'x-openpix-authorization': 'secret',
					'x-webhook-signature': expect.stringMatching(/^[A-Za-z0-9+/]{171}=$/),
				},
				body: { data_criacao: expect.any(String), event: 'OPENPIX:CHARGE_CREATED' },
			},
		]);
		expect((await create(url, 'OPENPIX:CHARGE_EXPIRED')).status).toBe(400);
		expect(woovi.webhooks).toHaveLength(1);
	});

	it('has one webhook for a URL and event, and 50 in all', async () => {
		const url = 'https://n8n.example.com/hook';
		const status = async (target: string, event = 'BOLETO_SETTLED') =>
			(await create(target, event, '?validate=false')).status;
		expect([await status(url), await status(url)]).toEqual([200, 400]);
		expect([await status(url, 'OPENPIX:NO_EVENT'), await status('no URL')]).toEqual([400, 400]);
		for (let index = 1; index < 50; index++) woovi.addWebhook({ url, event: String(index) });
		expect(await status(`${url}/50`)).toBe(400);
	});
});
