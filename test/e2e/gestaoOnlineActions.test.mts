import { ActionNode } from '../../testkit/live/actions.mts';
import { connect, filesWith } from '../../testkit/live/harness.mts';
import { GestaoOnlineMockApi } from '../../testkit/mockApis/gestaoOnline.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';

// What each operation sends and makes of the answers is in test/providers/GestaoOnline/order.test.mts.

const TYPE = 'gestaoOnlineApi';

let n8n: N8nApi;
let erp: GestaoOnlineMockApi;
let credential: { id: string; name: string };
let node: ActionNode;
const dataWith = (changes: Record<string, string> = {}) => ({
	...erp.credential(),
	...changes,
});

beforeAll(async () => (n8n = await connect()));
beforeEach(async () => {
	erp = await GestaoOnlineMockApi.start();
	credential = await n8n.createCredential(TYPE, 'ERP of the shop', dataWith());
	node = new ActionNode(n8n, 'gestaoOnline', TYPE, credential);
});
afterEach(async () => await erp.stop());

it('creates an order, gets it, also as sent, and cancels it', async () => {
	const product = { product: 'SKU-1', quantity: 2, price: '={{ 6.6 + 13.3 }}', discount: 1.8 };
	const [made] = await node.itemsOf({
		...{ operation: 'create', customerName: 'Maria', customerEmail: 'maria@example.com' },
		...{ customerDocument: '123.456.789-09', items: { item: [product] } },
		additionalFields: { date: '2026-11-20T10:00:00', extraFields: '{"more": 1}' },
	});
	expect(erp.requests.at(-1)?.body).toEqual({
		...{ date: '2026-11-20 10:00:00', more: 1 },
		user: { name: 'Maria', email: 'maria@example.com', document: '123.456.789-09' },
		orderItems: [{ product: 'SKU-1', quantity: 2, price: 19.9, discount: 1.8 }],
	});
	const orderId = String(made?.id);
	expect(await node.itemsOf({ operation: 'get', orderId })).toMatchObject([
		{ id: orderId, order: { total: 38 }, customer: { name: 'Maria' }, warning: null },
	]);
	expect(await node.itemsOf({ operation: 'get', orderId, simplify: false })).toEqual([
		erp.orders.get(orderId),
	]);
	const reason = 'Desistência & troca';
	expect(await node.itemsOf({ operation: 'cancel', orderId, reason })).toMatchObject([
		{ id: orderId, canceled: true },
	]);
	expect(erp.cancellations.get(orderId)).toBe(reason);
});

it('errors of the API and of a connection say what to correct, and the key is nowhere in what n8n stores', async () => {
	const get = { operation: 'get', orderId: '404' };
	expect(await node.errorOf(get)).toMatch(/Gestão Online answered 404: Order not found/);
	const wrong = dataWith({ apiKey: 'wrong-0123456789' });
	await n8n.updateCredential(credential.id, TYPE, credential.name, wrong);
	expect(await node.errorOf(get)).toMatch(
		/Gestão Online answered 403: Forbidden.*the Gestão Online API credential "ERP of the shop"/,
	);
	await erp.pause();
	expect(await node.errorOf(get)).toMatch(
		/Gestão Online cannot be reached.*\(connection refused\)/,
	);
	expect(await filesWith(erp.apiKey)).toEqual([]);
});

it('the credential test tells a good key from a wrong one, and an API that is down', async () => {
	const test = async (changes = {}) =>
		await n8n.testCredential(credential.id, TYPE, credential.name, dataWith(changes));
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
