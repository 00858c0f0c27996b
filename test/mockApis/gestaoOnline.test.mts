import { objectAt, readSample } from '../../testkit/providers/samples.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import {
	GestaoOnlineStandIn,
	type GestaoOnlineOptions,
} from '../../testkit/mockApis/gestaoOnline.mts';

const TYPE = 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html';

const running: GestaoOnlineStandIn[] = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map((standIn) => standIn.stop()));
});

async function start(options: GestaoOnlineOptions = {}): Promise<GestaoOnlineStandIn> {
	const standIn = await GestaoOnlineStandIn.start(options);
	running.push(standIn);
	return standIn;
}

async function call(
	{ url, apiKey, origin }: GestaoOnlineStandIn,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = { 'x-api-key': apiKey, Origin: origin },
) {
	const response = await fetch(`${url}${path}`, {
		method,
		headers: { 'Content-Type': 'application/json', ...headers },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const answer: JsonObject = JSON.parse(await response.text());
	return { status: response.status, body: answer };
}

/** The order as GET shows it. */
const fetched = async (go: GestaoOnlineStandIn, id: string) =>
	objectAt((await call(go, 'GET', `/order-external/${id}`)).body, 'data');

const refused = (status: number, title: string, detail: unknown) => ({
	status,
	body: { type: TYPE, title, status, detail },
});

const NOT_FOUND = refused(404, 'Not Found', 'Order not found');
const USER = { name: 'Ana', email: 'ana@example.com', document: '12345678901' };
const ITEM = { product: 'SKU-1', quantity: 2, price: 150.1, discount: 0.2 };
const ORDER = { user: USER, orderItems: [ITEM] };

describe('the headers', () => {
	it.each(['GET /order-external/593', 'POST /order-external', 'DELETE /order-external/593'])(
		'are both required: %s',
		async (route) => {
			const go = await start({ apiKey: 'key', origin: 'https://mine.example.com' });
			const [method = '', path = ''] = route.split(' ');
			const body = method === 'POST' ? ORDER : undefined;
			const answers = [
				await call(go, method, path, body, {}),
				await call(go, method, path, body, { 'x-api-key': 'wrong', Origin: go.origin }),
				await call(go, method, path, body, { 'x-api-key': 'key' }),
				await call(go, method, path, body, { 'x-api-key': 'key', Origin: 'https://x.example.com' }),
			];
			const badKey = refused(403, 'Forbidden', 'Forbidden, invalid key (x-api-key)');
			const badOrigin = refused(403, 'Forbidden', 'Forbidden (Invalid token)');
			expect(answers).toEqual([badKey, badKey, badOrigin, badOrigin]);
			expect((await call(go, method, path, body)).status).toBe(200);
		},
	);
});

describe('getting an order', () => {
	it('answers the sample', async () => {
		const go = await start();
		const { status, body } = await call(go, 'GET', '/order-external/593');
		expect(status).toBe(200);
		expect(body).toMatchObject({
			data: { id: 593, code: '0000593098', orderTotal: 150, statusPayment: 'CONCLUIDO' },
			type: TYPE,
			title: 'Unknown',
			status: 200,
			detail: 'Fetch successfully',
		});
		expect(objectAt(body, 'data').financialItems).toHaveLength(2);
	});

	it('knows the order that the samples of webhooks name', async () => {
		const go = await start();
		const { data } = readSample('GestaoOnline', 'ORDER_CREATED').payload;
		expect(data).toMatchObject({ id: '100', code: '0000593098' });
		expect(await fetched(go, '100')).toMatchObject({ id: 100, code: '0000593098' });
	});

	it('answers 404 for any other', async () => {
		const go = await start();
		expect(await call(go, 'GET', '/order-external/594')).toEqual(NOT_FOUND);
		expect(await call(go, 'GET', '/order-external/abc')).toEqual(NOT_FOUND);
		expect((await call(go, 'GET', '/orders/593')).status).toBe(404);
	});

	it('writes amounts as text in a variant', async () => {
		const go = await start({ amounts: 'text' });
		go.setOrder('593', { orderTotal: 395 });
		const data = await fetched(go, '593');
		expect(data).toMatchObject({
			id: 593,
			status: 1,
			orderTotal: '395.00',
			orderDiscount: '0.00',
			orderItems: [{ quantity: 1, price: '150.00' }],
			financialItems: [{ amount: '75.00', amountPaid: '75.00', installment: 1 }, {}],
		});
	});

	it('shows what a test has set', async () => {
		const go = await start();
		go.setOrder('593', { status: 4 });
		go.setOrder('700', { code: 'x' });
		const changed = await fetched(go, '593');
		expect(changed).toMatchObject({ id: 593, status: 4, code: '0000593098' });
		const added = await fetched(go, '700');
		expect(added).toMatchObject({ id: 700, status: 1, code: 'x' });
	});
});

describe('creating an order', () => {
	const created = (orderId: string, orderCode: string) => ({
		code: 'SUCCESS_ORDER_CREATED',
		data: { publicToken: expect.stringMatching(/^[\w-]{54}$/), orderCode, orderId },
		type: TYPE,
		title: 'Unknown',
		status: 201,
		detail: 'Order successfully created',
	});

	it('answers as documented, and the order can be fetched', async () => {
		const go = await start();
		const answer = await call(go, 'POST', '/order-external', {
			...ORDER,
			code: 'A-1',
			date: '2030-01-02 03:04:05',
			orderItems: [
				ITEM,
				{ product: 'SKU-2', quantity: '1', price: '0.10' },
				{ ...ITEM, price: '' },
			],
		});
		expect(answer).toEqual({ status: 200, body: created('594', 'A-1') });
		const data = await fetched(go, '594');
		expect(data).toMatchObject({
			id: 594,
			code: 'A-1',
			date: { date: '2030-01-02 03:04:05.000000', timezone_type: 3, timezone: 'UTC' },
			orderDiscount: 0.4,
			orderTotal: 299.9,
			user: { ...USER, phone: null },
			orderItems: [
				{ quantity: 2, price: 150.1, description: 'SKU-1' },
				{ quantity: 1, price: 0.1, description: 'SKU-2' },
				{ quantity: 2, price: null, description: 'SKU-1' },
			],
		});
		expect(Object.keys(data).sort()).toEqual(Object.keys(go.orders.get('593') ?? {}).sort());
	});

	it('answers 201 in a variant', async () => {
		const go = await start({ createdStatus: 201 });
		const answer = await call(go, 'POST', '/order-external', ORDER);
		expect(answer).toEqual({ status: 201, body: created('594', '0000000594') });
	});

	it.each<[string, unknown]>([
		['user.name', { ...ORDER, user: { ...USER, name: '' } }],
		['user.email', { ...ORDER, user: { ...USER, email: undefined } }],
		['user.document', { ...ORDER, user: { ...USER, document: null } }],
		['user.name', { orderItems: [ITEM] }],
		['orderItems', { user: USER }],
		['orderItems', { user: USER, orderItems: [] }],
		['orderItems[0]', { user: USER, orderItems: [1] }],
		['orderItems[1].product', { user: USER, orderItems: [ITEM, { quantity: 1 }] }],
		['orderItems[0].quantity', { user: USER, orderItems: [{ product: 'SKU-1' }] }],
		['orderItems[0].price', { user: USER, orderItems: [{ ...ITEM, price: '1,50' }] }],
		['date', { ...ORDER, date: '02/01/2030' }],
		['body', []],
	])('answers 400 where %s is wrong', async (name, body) => {
		const go = await start();
		const answer = await call(go, 'POST', '/order-external', body);
		expect(answer).toEqual(refused(400, 'Bad Request', expect.stringContaining(name)));
		expect(go.orders.size).toBe(2);
	});
});

describe('cancelling an order', () => {
	const canceled = {
		status: 200,
		body: { type: TYPE, title: 'Unknown', status: 200, detail: 'Order successfully canceled' },
	};

	it('keeps the reason', async () => {
		const go = await start();
		const reason = encodeURIComponent('Cliente desistiu & pediu');
		expect(await call(go, 'DELETE', `/order-external/593?q=${reason}`)).toEqual(canceled);
		expect(await call(go, 'DELETE', '/order-external/100')).toEqual(canceled);
		expect([...go.cancellations]).toEqual([
			['593', 'Cliente desistiu & pediu'],
			['100', undefined],
		]);
		expect((await call(go, 'GET', '/order-external/593')).status).toBe(200);
	});

	it('answers 404 for an unknown one', async () => {
		const go = await start();
		expect(await call(go, 'DELETE', '/order-external/1')).toEqual(NOT_FOUND);
		expect(go.cancellations.size).toBe(0);
	});
});

describe('the server', () => {
	it('keeps requests, fails when told to, and can be down', async () => {
		const go = await start();
		go.failWith(500);
		const failed = refused(500, 'Internal Server Error', expect.any(String));
		expect(await call(go, 'GET', '/order-external/593')).toEqual(failed);
		go.failWith(undefined);
		await go.pause();
		await expect(call(go, 'GET', '/order-external/593')).rejects.toThrow('fetch failed');
		await go.resume();
		expect((await call(go, 'DELETE', '/order-external/593?q=x')).status).toBe(200);
		expect(go.requests).toMatchObject([
			{ method: 'GET', path: '/order-external/593', status: 500 },
			{ method: 'DELETE', query: { q: 'x' }, headers: { origin: go.origin }, status: 200 },
		]);
	});
});
