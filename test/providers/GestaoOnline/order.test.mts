import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../../nodes/core/json';
import { GestaoOnline } from '../../../nodes/GestaoOnline/GestaoOnline.node';
import { testKey } from '../../../nodes/GestaoOnline/gestaoOnlineApi';
import { httpError, operationRunner } from '../../../testkit/fakes/fakeExecute.mts';
import { pinnedItems, readExample } from '../../../testkit/live/examples.mts';

const KEY = 'erp-key-0123456789';
const credential = { apiKey: KEY, origin: 'https://www.example.com', baseUrl: '' };

const { run, refusal } = operationRunner(new GestaoOnline(), credential);

/** The order of the page "Listar Dados de Pedido". */
const order: JsonObject = JSON.parse(
	readFileSync('testkit/mockApis/gestaoOnlineOrder.json', 'utf8'),
);
const documented = {
	type: 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html',
	title: 'Unknown',
	status: 200,
	detail: 'Fetch successfully',
};

/** Its reviewed item, as an example has it pinned. */
const [item = {}] = pinnedItems(readExample('canceled-order'), 'Get Order');

const NO_ID =
	'Gestão Online accepted the request, but its answer has no order ID. Read the answer under payload, and check the order at Gestão Online before you repeat the request.';
const EMPTY =
	'Gestão Online accepted the request, but its answer is empty. Check the order at Gestão Online before you repeat the request.';

describe('get', () => {
	it('requests an order by its ID and returns its reviewed item', async () => {
		const answer = { data: order, ...documented };
		const { call, item: got } = await run('order.get', { orderId: '../user?a=1' }, answer);
		const url = 'https://api.gestao.plus/order-external/..%2Fuser%3Fa%3D1';
		expect(call).toMatchObject({ method: 'GET', url });
		expect(got).toEqual(item);
		expect(JSON.stringify(got)).toBe(JSON.stringify(item));
		const raw = await run('order.get', { orderId: '593', simplify: false }, answer);
		expect(raw.item).toEqual(order);
	});

	it('has all keys where most of the order is missing', async () => {
		const half = { id: 593, user: { name: 'Ana' }, orderItems: [{ price: '39.50' }] };
		const { item: got } = await run('order.get', { orderId: '593' }, { data: half });
		expect(Object.keys(got)).toEqual(Object.keys(item));
		expect(got).toMatchObject({
			createdAt: null,
			customer: { name: 'Ana', document: null, address: { street: null, postalCode: null } },
			order: { id: '593', total: null },
			items: [{ id: null, price: 39.5, imageUrl: null }],
			installments: [],
			attachments: [],
			payment: { method: null, installments: null, description: null },
			warning: null,
		});
	});

	it.each<[JsonObject, string]>([
		[{ date: { date: '2021-03-02 21:02:53.000000' } }, 'date'],
		[{ user: ['Ana'] }, 'user'],
		[{ financialItems: [{ id: 488, dueDate: {} }] }, 'financialItems[0].dueDate'],
	])('with %j returns a warning and the order as sent', async (changes, path) => {
		const sent = { ...order, ...changes };
		const { item: got } = await run('order.get', { orderId: '593' }, { data: sent });
		expect(got).toMatchObject({ id: '593', warning: `Unreadable: ${path}.`, payload: sent });
		expect(Object.keys(got).slice(-2)).toEqual(['payload', 'warning']);
	});

	it.each([
		[{}, /holds no order\. Look the order up/],
		[[], /holds no order\. Look the order up/],
		[' <html>', /^A web page answered .* Check the base URL of the Gestão Online API credential/],
		[
			httpError(404, { detail: `Order not found for ${KEY}` }),
			/^Gestão Online answered 404: Order not found for \[redacted\]$/,
		],
	])('throws where %p is answered', async (answer, message) => {
		await expect(run('order.get', { orderId: '593' }, answer)).rejects.toThrow(message);
	});

	it('needs an ID', async () => {
		expect(await refusal('order.get', { orderId: '' })).toMatch(/^Order ID is empty/);
	});
});

describe('create', () => {
	const least = {
		customerName: 'Ana Souza',
		customerEmail: 'ana@example.com',
		customerDocument: '12345678909',
		items: { item: [{ product: 'CERT-A1', quantity: 1, price: '', discount: ' ' }] },
	};
	const user = { name: 'Ana Souza', email: 'ana@example.com', document: '12345678909' };
	const orderItems = [{ product: 'CERT-A1', quantity: 1 }];
	/** Fields in the document's order, each with a value of its own. */
	const fields = (names: string) => Object.fromEntries(names.split(' ').map((one) => [one, one]));
	const customerFields = fields(
		'nameLaw cellphone phone stateRegistration zipCode address number neighborhood addressDetail city state',
	);
	const orderFields = {
		code: 'SALE-1',
		date: '2026-07-31 18:30:00',
		...fields('utmCampaign utmId utmMedium utmSource note'),
	};

	it.each<[string, object, object]>([
		[
			'nothing that was left empty',
			{ additionalFields: { code: '', date: '', note: '  ', city: null, extraFields: '' } },
			{ user, orderItems },
		],
		[
			'each field where the document has it',
			{ additionalFields: { ...customerFields, ...orderFields } },
			{ ...orderFields, user: { ...user, ...customerFields }, orderItems },
		],
		[
			'amounts in reais as typed',
			{
				items: {
					item: [
						{ product: 'A', quantity: 0.1 + 0.2, price: 0.1 + 0.2, discount: 0 },
						{ product: 7, quantity: '3', price: '150.00', discount: 1.1 * 3 },
					],
				},
			},
			{
				user,
				orderItems: [
					{ product: 'A', quantity: 0.3, price: 0.3, discount: 0 },
					{ product: '7', quantity: 3, price: 150, discount: 3.3 },
				],
			},
		],
		[
			'extra fields',
			{
				additionalFields: {
					city: 'Recife',
					extraFields: '{"channel": "n8n", "user": {"vip": true}}',
				},
			},
			{ user: { ...user, city: 'Recife', vip: true }, orderItems, channel: 'n8n' },
		],
		...[
			['2026-07-31T18:30:00.000-03:00', '2026-07-31 18:30:00'],
			['2026-07-31', '2026-07-31 00:00:00'],
		].map(([entered, date]): [string, object, object] => [
			`the time of ${entered} as entered`,
			{ additionalFields: { date: entered } },
			{ date, user, orderItems },
		]),
	])('sends %s', async (_what, parameters, body) => {
		const { call } = await run('order.create', { ...least, ...parameters }, {});
		expect(call).toMatchObject({ method: 'POST', url: 'https://api.gestao.plus/order-external' });
		expect(call?.body).toEqual(body);
		expect(JSON.stringify(call?.body)).toBe(JSON.stringify(body));
	});

	const oneItem = (changes: JsonObject) => ({
		items: { item: [{ product: 'A', quantity: 1, ...changes }] },
	});
	const added = (additionalFields: JsonObject) => ({ additionalFields });
	it.each<[object, string]>([
		[{ customerName: ' ' }, 'Customer Name is empty. Enter one.'],
		[{ customerEmail: '' }, 'Customer Email is empty. Enter one.'],
		[{ customerDocument: null }, 'Customer Document is empty. Enter one.'],
		[{ items: {} }, 'Items is empty. Add one item or more.'],
		[{ items: { item: ['A'] } }, 'Item 1 must be an object with a product and a quantity.'],
		[oneItem({ product: ' ' }), 'SKU of item 1 is empty. Enter one.'],
		[oneItem({ product: {} }), 'SKU of item 1 must be text. Correct it.'],
		[oneItem({ quantity: null }), 'Quantity of item 1 is empty. Enter one.'],
		[oneItem({ quantity: 0 }), 'Quantity of item 1 must be a number above 0.'],
		[oneItem({ price: '19,90' }), 'Price of item 1 must be an amount in reais, as in 19.99.'],
		[oneItem({ discount: 'x' }), 'Discount of item 1 must be an amount in reais, as in 19.99.'],
		[added({ date: '2026-02-30' }), 'Date must be a date and time such as 2026-07-31 18:30:00.'],
		[added({ zipCode: ['1'] }), 'Postal Code must be text. Correct it.'],
		[
			added({ extraFields: '[1]' }),
			'Extra Fields (JSON) must be a valid JSON object, as in {"name": "value"}.',
		],
		[
			added({ extraFields: '{"user": [1]}' }),
			'"user" in Extra Fields (JSON) must be a valid JSON object, as in {"name": "value"}.',
		],
	])('refuses %j', async (changes, message) => {
		expect(await refusal('order.create', { ...least, ...changes })).toBe(message);
	});

	const data = { publicToken: 'OMzMyMQ_MTY', orderCode: 'SALE-1', orderId: 593 };
	const nothing = { id: null, code: null, publicToken: null };
	it.each<[Json, object]>([
		[
			{ code: 'SUCCESS_ORDER_CREATED', data },
			{ id: '593', code: 'SALE-1', publicToken: 'OMzMyMQ_MTY', warning: null },
		],
		[{ data: { id: 593 } }, { ...nothing, warning: NO_ID, payload: { data: { id: 593 } } }],
		['created', { ...nothing, warning: NO_ID, payload: { answer: 'created' } }],
		[{ data: {} }, { ...nothing, warning: EMPTY }],
		[null, { ...nothing, warning: EMPTY }],
	])('never loses the answer %j', async (answer, expected) => {
		const { item: got } = await run('order.create', least, answer);
		expect(got).toEqual(expected);
		expect(Object.keys(got)).toEqual(Object.keys(expected));
		const raw = await run('order.create', { ...least, simplify: false }, answer);
		expect(raw.item).toEqual(answer instanceof Object && 'data' in answer ? answer : { answer });
	});
});

describe('cancel', () => {
	it.each([
		[' Out of stock ', { q: 'Out of stock' }],
		['', undefined],
	])('sends the reason "%s" in the query', async (reason, qs) => {
		const { call } = await run('order.cancel', { orderId: '5/3', reason }, {});
		const url = 'https://api.gestao.plus/order-external/5%2F3';
		expect(call).toMatchObject({ method: 'DELETE', url });
		expect(call?.qs).toEqual(qs);
	});

	it.each<[object, string]>([
		[{ orderId: ' ' }, 'Order ID is empty. Enter one.'],
		[{ orderId: '593', reason: {} }, 'Reason must be text. Correct it.'],
	])('refuses %j', async (parameters, message) => {
		expect(await refusal('order.cancel', parameters)).toBe(message);
	});

	const canceled = { id: '593', canceled: true };
	it.each<[Json, object]>([
		[
			{ ...documented, detail: 'Done' },
			{ ...canceled, message: 'Done', warning: null },
		],
		[
			{ protocol: 7 },
			{
				...canceled,
				message: null,
				warning: NO_ID.replace('order ID', 'confirmation'),
				payload: { protocol: 7 },
			},
		],
		['', { ...canceled, message: null, warning: EMPTY }],
	])('never loses the answer %j', async (answer, expected) => {
		expect((await run('order.cancel', { orderId: '593' }, answer)).item).toEqual(expected);
	});
});

describe('the credential test', () => {
	/** What n8n shows for this response of the API, and the requests that were made. */
	async function test(response: object | Error, changes: Record<string, unknown> = {}) {
		const requests: unknown[] = [];
		const request = async (options: unknown) => {
			requests.push(options);
			if (response instanceof Error) throw response;
			return response;
		};
		const { status, message } = await testKey(request, { ...credential, ...changes });
		expect(message).not.toContain(KEY);
		return { status, message, requests };
	}
	const notFound = { ...documented, status: 404, detail: 'Order not found' };

	it.each([
		['', 'https://api.gestao.plus/order-external/0'],
		['https://erp.example.com/v1//', 'https://erp.example.com/v1/order-external/0'],
	])('with the base URL "%s" requests %s', async (baseUrl, uri) => {
		const { requests } = await test({ statusCode: 404, body: notFound }, { baseUrl });
		expect(requests).toEqual([
			{
				method: 'GET',
				uri,
				headers: { 'x-api-key': KEY, Origin: 'https://www.example.com' },
				json: true,
				simple: false,
				resolveWithFullResponse: true,
				followRedirect: false,
				timeout: 30_000,
			},
		]);
	});

	const OK = 'Gestão Online accepted the API key and the origin.';
	const REFUSED = 'Gestão Online refused the API key or the origin (403)';
	const CHECK = 'Check the base URL, the API key and the origin.';
	const CONNECTION = 'Check the base URL, and whether n8n can reach it.';
	it.each<[object | Error, string]>([
		[{ statusCode: 404, body: notFound }, OK],
		[{ statusCode: 200, body: { ...documented, data: order } }, OK],
		[
			{ statusCode: 403, body: { detail: `Invalid key ${KEY}` } },
			`${REFUSED}: Invalid key [redacted]. Correct them in the credential.`,
		],
		// Another server's 404 or 200 says nothing about the key.
		[{ statusCode: 404, body: '<html></html>' }, `Gestão Online answered 404. ${CHECK}`],
		...[{ type: 7 }, { title: undefined }, { status: 200 }].map((changes): [object, string] => [
			{ statusCode: 404, body: { ...notFound, ...changes } },
			`Gestão Online answered 404: Order not found. ${CHECK}`,
		]),
		[
			{ statusCode: 404, body: { ...notFound, detail: undefined } },
			`Gestão Online answered 404. ${CHECK}`,
		],
		[
			{ statusCode: 200, body: { ...documented, data: null } },
			`Gestão Online answered 200: Fetch successfully. ${CHECK}`,
		],
		[{ statusCode: 429, body: '' }, 'Gestão Online answered 429. Try again later.'],
		[
			{ statusCode: 500, body: { detail: 'Database down' } },
			'Gestão Online answered 500: Database down. Try again later.',
		],
		[
			Object.assign(new Error(`connect ECONNREFUSED ${KEY}`), { code: 'ECONNREFUSED' }),
			`Gestão Online cannot be reached (connection refused). ${CONNECTION}`,
		],
		[
			new Error(`The proxy refused ${KEY}`),
			`Gestão Online cannot be reached (The proxy refused [redacted]). ${CONNECTION}`,
		],
	])('for %p says what to do', async (response, message) => {
		const status = message === OK ? 'OK' : 'Error';
		expect(await test(response)).toMatchObject({ status, message });
	});

	it.each([
		[{ apiKey: ' ' }, /^The API key is empty\. Enter/],
		[{ origin: undefined }, /^The origin is empty\. Enter/],
		[
			{ baseUrl: 'api.gestao.plus' },
			/^The base URL of the Gestão Online API .* must be an address/,
		],
	])('makes no request with %j', async (changes, message) => {
		const { requests, ...result } = await test({}, changes);
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
		expect(requests).toEqual([]);
	});
});
