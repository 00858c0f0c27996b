import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import { GestaoOnlineStandIn } from '../../testkit/mockApis/gestaoOnline.mts';
import { itemsOf, runNode } from '../../testkit/live/actions.mts';
import { connect, openDatabase } from '../../testkit/live/harness.mts';

let n8n: N8nApi;
let erp: GestaoOnlineStandIn;
let credential: { id: string; name: string };
const dataOf = (changes: Record<string, string> = {}) => ({
	apiKey: erp.apiKey,
	origin: erp.origin,
	baseUrl: erp.url,
	...changes,
});

beforeAll(async () => {
	n8n = await connect();
});
beforeEach(async () => {
	erp = await GestaoOnlineStandIn.start();
	credential = await n8n.createCredential('gestaoOnlineApi', 'ERP of the shop', dataOf());
});
afterEach(async () => {
	await erp.stop();
});

const node = (
	parameters: JsonObject,
	more: { items?: JsonObject[]; continueOnFail?: boolean } = {},
) => ({
	type: 'n8n-nodes-brazil-commerce.gestaoOnline',
	credentials: { gestaoOnlineApi: { id: credential.id, name: credential.name } },
	parameters,
	...more,
});
const get = (orderId: string, more: JsonObject = {}) =>
	node({ operation: 'get', orderId, ...more });

const NEW_ORDER: JsonObject = {
	operation: 'create',
	customerName: 'Maria',
	customerEmail: 'maria@example.com',
	customerDocument: '123.456.789-09',
	items: {
		item: [
			{ product: 'SKU-1', quantity: 2, price: '={{ 6.6 + 13.3 }}', discount: '={{ 0.6 * 3 }}' },
		],
	},
};

describe('get', () => {
	it.each(['number', 'text'] as const)(
		"has the trigger's names, with amounts as a %s",
		async (amounts) => {
			erp.variants.amounts = amounts;
			const [order] = await itemsOf(n8n, get('593'));
			expect(order).toMatchObject({
				id: '593',
				status: '1',
				createdAt: '2021-03-02T21:02:53Z',
				customer: {
					id: '2',
					name: 'Solucoes Inteligentes Servicos EIRELI',
					email: 'example@example.com',
					document: '123421341234',
				},
				order: { id: '593', code: '0000593098', total: 150, paymentStatus: 'CONCLUIDO' },
				items: [{ id: '483', title: 'CERTIFICADO PJ A1', quantity: 1, price: 150 }],
				installments: [{ amount: 75 }, { amount: 75 }],
				warning: null,
			});
		},
	);

	it('names what it cannot read, and loses nothing', async () => {
		erp.setOrder('593', { date: 'yesterday', orderTotal: 'muito', user: [], orderItems: {} });
		const [order] = await itemsOf(n8n, get('593'));
		expect(order).toMatchObject({
			id: '593',
			createdAt: null,
			order: { total: null },
			items: [],
			warning: expect.stringMatching(/^Unreadable: .*date.*orderTotal/),
			payload: { date: 'yesterday', orderTotal: 'muito' },
		});
	});

	it('as sent is what the API says', async () => {
		expect(await itemsOf(n8n, get('593', { simplify: false }))).toEqual([erp.orders.get('593')]);
	});
});

it('creates an order, which can then be got and canceled', async () => {
	const [made] = await itemsOf(
		n8n,
		node({
			...NEW_ORDER,
			additionalFields: {
				code: 'LOJA-1',
				date: '2026-11-20T10:00:00',
				note: 'Presente',
				utmSource: 'n8n',
				city: 'Recife',
				extraFields: '{"user": {"nameLaw": "Maria ME"}, "more": 1}',
			},
		}),
	);
	expect(erp.requests.at(-1)?.body).toEqual({
		code: 'LOJA-1',
		date: '2026-11-20 10:00:00',
		note: 'Presente',
		utmSource: 'n8n',
		more: 1,
		user: {
			name: 'Maria',
			email: 'maria@example.com',
			document: '123.456.789-09',
			city: 'Recife',
			nameLaw: 'Maria ME',
		},
		orderItems: [{ product: 'SKU-1', quantity: 2, price: 19.9, discount: 1.8 }],
	});
	expect(made).toEqual({
		id: expect.any(String),
		code: 'LOJA-1',
		publicToken: expect.any(String),
		warning: null,
	});
	const orderId = String(made?.id);
	expect(await itemsOf(n8n, get(orderId))).toMatchObject([
		{ id: orderId, order: { code: 'LOJA-1', total: 38 }, customer: { name: 'Maria' } },
	]);
	expect(
		await itemsOf(n8n, node({ operation: 'cancel', orderId, reason: 'Desistência & troca' })),
	).toEqual([
		{ id: orderId, canceled: true, message: 'Order successfully canceled', warning: null },
	]);
	expect(erp.cancellations.get(orderId)).toBe('Desistência & troca');
});

describe('errors', () => {
	const failures: Array<[JsonObject, RegExp]> = [
		[{ operation: 'get', orderId: '404' }, /Gestão Online answered 404: Order not found/],
		[{ operation: 'get', orderId: '../..' }, /Gestão Online answered 404/],
		[{ operation: 'get', orderId: '..' }, /is not a valid ID/],
		[{ operation: 'get', orderId: ' ' }, /Order ID is empty/],
		[{ operation: 'cancel', orderId: '404' }, /Gestão Online answered 404: Order not found/],
		[{ ...NEW_ORDER, items: {} }, /Items is empty/],
		[{ ...NEW_ORDER, items: { item: [{ product: 'A', quantity: 'two' }] } }, /Quantity of item 1/],
		[
			{ ...NEW_ORDER, items: { item: [{ product: 'A', quantity: 1, price: '={{ -1 }}' }] } },
			/Price of item 1 is below zero/,
		],
		[
			{ ...NEW_ORDER, additionalFields: { extraFields: '{"orderItems": []}' } },
			/Gestão Online answered 400: Fail to create order/,
		],
	];

	it.each(failures)(
		'of %j are one sentence, also for those who continue',
		async (parameters, expected) => {
			expect((await runNode(n8n, node(parameters))).error).toMatch(expected);
			const { items, execution } = await runNode(n8n, node(parameters, { continueOnFail: true }));
			expect(items).toEqual([{ error: expect.stringMatching(expected) }]);
			expect(execution.status).toBe('success');
		},
	);

	it('of a key or an origin that is refused name the credential', async () => {
		for (const [changes, detail] of [
			[{ apiKey: 'wrong-0123456789' }, 'invalid key'],
			[{ origin: 'https://other.example.com' }, 'Invalid token'],
		] as const) {
			const { id, name } = await n8n.createCredential('gestaoOnlineApi', 'Wrong', dataOf(changes));
			const run = { ...get('593'), credentials: { gestaoOnlineApi: { id, name } } };
			const { error } = await runNode(n8n, run);
			expect(error).toMatch(/Gestão Online answered 403: Forbidden/);
			expect(error).toContain(detail);
			expect(error).toContain('the Gestão Online API credential "Wrong"');
		}
	});

	it('of one item leave the others their results', async () => {
		const { output } = await runNode(
			n8n,
			node(
				{ operation: 'get', orderId: '={{ $json.id }}' },
				{ items: [{ id: 593 }, { id: 404 }, { id: '100' }], continueOnFail: true },
			),
		);
		expect(output).toMatchObject([
			{ json: { id: '593' }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining('404') }, pairedItem: { item: 1 } },
			{ json: { id: '100' }, pairedItem: { item: 2 } },
		]);
	});

	it('of an API that is down say so, and the key is nowhere in the database', async () => {
		await erp.pause();
		const { error } = await runNode(n8n, get('593'));
		expect(error).toMatch(/Gestão Online cannot be reached.*\(connection refused\)/);
		const database = await openDatabase();
		const rows = JSON.stringify([
			await database.run('SELECT * FROM execution_data'),
			await database.run('SELECT * FROM credentials_entity'),
		]);
		database.close();
		expect(rows).not.toContain(erp.apiKey);
	});
});

it('the credential test tells a good key from a wrong one', async () => {
	const test = (changes = {}) =>
		n8n.testCredential(credential.id, 'gestaoOnlineApi', credential.name, dataOf(changes));
	expect(await test()).toMatchObject({ status: 'OK' });
	expect(await test({ apiKey: 'wrong-0123456789' })).toEqual({
		status: 'Error',
		message: expect.stringMatching(/refused the API key or the origin \(403\).*invalid key/),
	});
	expect(await test({ baseUrl: 'http://erp.example.com' })).toEqual({
		status: 'Error',
		message: expect.stringMatching(/does not begin with https/),
	});
	const otherServer = createServer((_request, response) => {
		response.writeHead(404, { 'Content-Type': 'application/json' });
		response.end('{"message":"no such route"}');
	}).listen(0, '127.0.0.1');
	await once(otherServer, 'listening');
	const { port } = otherServer.address() as AddressInfo;
	expect(await test({ baseUrl: `http://127.0.0.1:${port}` })).toEqual({
		status: 'Error',
		message: expect.stringMatching(/answered 404\. Check the base URL/),
	});
	otherServer.close();
	await erp.pause();
	expect(await test()).toEqual({
		status: 'Error',
		message: expect.stringMatching(/cannot be reached \(connection refused\)/),
	});
});
