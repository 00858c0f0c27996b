import { itemsOf, runNode } from '../../testkit/live/actions.mts';
import { connect, filesWith } from '../../testkit/live/harness.mts';
import { GestaoOnlineMockApi } from '../../testkit/mockApis/gestaoOnline.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';

let n8n: N8nApi;
let erp: GestaoOnlineMockApi;
let credential: { id: string; name: string };
const dataWith = (changes: Record<string, string> = {}) => ({
	apiKey: erp.apiKey,
	origin: erp.origin,
	baseUrl: erp.url,
	...changes,
});

beforeAll(async () => (n8n = await connect()));
beforeEach(async () => {
	erp = await GestaoOnlineMockApi.start();
	credential = await n8n.createCredential('gestaoOnlineApi', 'ERP of the shop', dataWith());
});
afterEach(async () => await erp.stop());

const node = (
	parameters: JsonObject,
	more: { items?: JsonObject[]; continueOnFail?: boolean } = {},
) => ({
	type: 'n8n-nodes-brazil-commerce.gestaoOnline',
	credentials: { gestaoOnlineApi: { id: credential.id, name: credential.name } },
	parameters,
	...more,
});
const run = async (parameters: JsonObject) => await itemsOf(n8n, node(parameters));
const errorOf = async (parameters: JsonObject) => (await runNode(n8n, node(parameters))).error;

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
	additionalFields: {
		date: '2026-11-20T10:00:00',
		city: 'Recife',
		extraFields: '{"user": {"nameLaw": "Maria ME"}, "more": 1}',
	},
};

it('creates an order, gets it, also as sent, and cancels it', async () => {
	const [made] = await run(NEW_ORDER);
	expect(erp.requests.at(-1)?.body).toEqual({
		date: '2026-11-20 10:00:00',
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
	const orderId = String(made?.id);
	expect(await run({ operation: 'get', orderId })).toMatchObject([
		{ id: orderId, order: { total: 38 }, customer: { name: 'Maria' }, warning: null },
	]);
	expect(await run({ operation: 'get', orderId, simplify: false })).toEqual([
		erp.orders.get(orderId),
	]);
	const reason = 'Desistência & troca';
	expect(await run({ operation: 'cancel', orderId, reason })).toEqual([
		{ id: orderId, canceled: true, message: 'Order successfully canceled', warning: null },
	]);
	expect(erp.cancellations.get(orderId)).toBe(reason);
});

describe('errors', () => {
	it('of parameters, of the API and of a credential say what to correct', async () => {
		expect(await errorOf({ ...NEW_ORDER, items: {} })).toMatch(/Items is empty/);
		expect(await errorOf({ operation: 'get', orderId: '404' })).toMatch(
			/Gestão Online answered 404: Order not found/,
		);
		credential = await n8n.createCredential(
			'gestaoOnlineApi',
			'Wrong',
			dataWith({ apiKey: 'wrong-0123456789' }),
		);
		expect(await errorOf({ operation: 'get', orderId: '593' })).toMatch(
			/Gestão Online answered 403: Forbidden.*the Gestão Online API credential "Wrong"/,
		);
	});

	it('of one item leave the others their results, where a user continues', async () => {
		const items = [{ id: 593 }, { id: 404 }, { id: '100' }];
		const parameters = { operation: 'get', orderId: '={{ $json.id }}' };
		const { output } = await runNode(n8n, node(parameters, { items, continueOnFail: true }));
		expect(output).toMatchObject([
			{ json: { id: '593' }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining('404') }, pairedItem: { item: 1 } },
			{ json: { id: '100' }, pairedItem: { item: 2 } },
		]);
	});

	it('of an API that is down say so, and the key is nowhere in what n8n stores', async () => {
		await erp.pause();
		expect(await errorOf({ operation: 'get', orderId: '593' })).toMatch(
			/Gestão Online cannot be reached.*\(connection refused\)/,
		);
		expect(await filesWith(erp.apiKey)).toEqual([]);
	});
});

it('the credential test tells a good key from a wrong one, and an API that is down', async () => {
	const test = async (changes = {}) =>
		await n8n.testCredential(credential.id, 'gestaoOnlineApi', credential.name, dataWith(changes));
	const failed = (message: RegExp) => ({
		status: 'Error',
		message: expect.stringMatching(message),
	});
	expect(await test()).toMatchObject({ status: 'OK' });
	expect(await test({ apiKey: 'wrong-0123456789' })).toEqual(
		failed(/refused the API key or the origin \(403\).*invalid key/),
	);
	await erp.pause();
	expect(await test()).toEqual(failed(/cannot be reached \(connection refused\)/));
});
