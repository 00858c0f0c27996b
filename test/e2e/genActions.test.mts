import { ActionNode } from '../../testkit/live/actions.mts';
import { genCredential, startGen, type GenCredential } from '../../testkit/live/gen.mts';
import { connect, filesWith } from '../../testkit/live/harness.mts';
import type { GenMockApi } from '../../testkit/mockApis/gen.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';

// What each operation sends and makes of the answers is in test/providers/Gen/actions.test.mts.

let n8n: N8nApi;
let gen: GenMockApi;
let credential: GenCredential;
let node: ActionNode;

beforeAll(async () => (n8n = await connect()));
beforeEach(async () => {
	gen = await startGen(n8n);
	credential = await genCredential(n8n, gen);
	node = new ActionNode(n8n, 'gen', 'genApi', credential);
});
afterEach(async () => await gen.stop());

const newOrder: JsonObject = {
	resource: 'order',
	operation: 'create',
	items: {
		item: [
			{ description: 'Um', quantity: 1, unitPrice: '={{ 0.1 + 0.2 }}' },
			{ description: 'Dois', quantity: 3, unitPrice: 19.99 },
		],
	},
	customerSource: 'new',
	customer: { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '012.345.678-91' },
};
const newPayment = { resource: 'payment', operation: 'create', sessionId: '123' };
const pixTo = (orderId: string): JsonObject => ({
	...{ ...newPayment, orderId, method: 'PIX' },
	pixExpiration: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T12:00:00`,
});
const events = { resource: 'event', operation: 'getAll' };

describe('operations', () => {
	it('create an order and a payment by PIX, and refund it', async () => {
		const additionalFields = {
			...{ methods: ['PIX', 'BANK_SLIP'], checkout: 'homologation' },
			extraFields: '{"note": "presente"}',
		};
		const [order] = await node.itemsOf({ ...newOrder, additionalFields });
		const orderId = String(order?.id);
		expect(gen.requests.at(-1)?.body).toEqual({
			order: {
				items: [
					{ description: 'Um', quantity: 1, unit_price_cents: 30 },
					{ description: 'Dois', quantity: 3, unit_price_cents: 1999 },
				],
				customer: { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '01234567891' },
				methods: ['PIX', 'BANK_SLIP'],
				note: 'presente',
			},
		});
		expect(order).toMatchObject({
			order: { id: orderId, total: 60.27 },
			checkoutUrl: `https://checkout.dev.gen.com.br/external/order/${orderId}`,
			warning: null,
		});
		const [payment] = await node.itemsOf(pixTo(orderId));
		const paymentId = String(payment?.id);
		expect(payment).toMatchObject({ status: 'PENDING', payment: { method: 'PIX', total: 60.27 } });
		gen.pay(paymentId);
		const refund = { resource: 'payment', operation: 'refund', paymentId, amount: 0.27 };
		expect(await node.itemsOf(refund)).toMatchObject([{ id: paymentId, status: 'PAID' }]);
		expect(gen.requests.at(-1)?.body).toEqual({ amount: 27 });
	});

	it('reserve a payment by card, and capture it', async () => {
		const [order] = await node.itemsOf(newOrder);
		const [payment] = await node.itemsOf({
			...{ ...newPayment, orderId: String(order?.id), method: 'CREDIT_CARD' },
			cardToken: '92069efd-b8ef-1a28-f15e-113646215dc6',
			...{ cardHolderName: 'Nome', cardExpirationMonth: '12', cardExpirationYear: '2034' },
			additionalFields: { delayCapture: true, installments: 2 },
		});
		expect(payment).toMatchObject({ status: 'PRE_AUTHORIZED', payment: { installments: 2 } });
		const paymentId = String(payment?.id);
		const captured = await node.itemsOf({ resource: 'payment', operation: 'capture', paymentId });
		// n8n leaves out an empty body, which Gen wants.
		expect(gen.requests.at(-1)?.body).toEqual({});
		expect(captured).toMatchObject([{ id: paymentId, status: 'PAID' }]);
	});

	it('create, list and delete webhooks, without their secret', async () => {
		const resource = 'webhook';
		const target = 'https://receiver.example.com/gen';
		const [made] = await node.itemsOf({
			...{ resource, operation: 'create', target },
			...{ events: ['PAYMENT.CREATED'], customEvents: 'ORDER.X' },
		});
		expect(gen.registrations).toMatchObject([
			{ events: ['PAYMENT.CREATED', 'ORDER.X'], target, authorization: credential.webhookToken },
		]);
		expect(await node.itemsOf({ resource, operation: 'getAll' })).toEqual([
			{ ...made, authorization: '[redacted]' },
		]);
		await node.itemsOf({ resource, operation: 'delete', webhookId: String(made?.id) });
		expect(gen.registrations).toEqual([]);
	});

	it('list events and notifications, all or the first', async () => {
		gen.addRegistration({ events: ['PAYMENT.*'], target: 'https://nobody.example.com/' });
		for (let index = 0; index < 3; index++) {
			await gen.emit('PAYMENT.CREATED', { id: `payment-${index}`, total_cents: 1999 });
		}
		await gen.idle();
		expect(await node.itemsOf({ ...events, limit: 2 })).toMatchObject([
			{ provider: 'gen', event: 'PAYMENT.CREATED', id: 'payment-2', payment: { total: 19.99 } },
			{ id: 'payment-1' },
		]);
		expect(await node.itemsOf({ ...events, returnAll: true, simplify: false })).toEqual(
			gen.loggedEvents.map(({ json }) => json).reverse(),
		);
		const notifications = { resource: 'notification', operation: 'getAll' };
		expect(await node.itemsOf({ ...notifications, returnAll: true })).toHaveLength(60);
		expect(await node.itemsOf(notifications)).toHaveLength(50);
	});
});

describe('errors', () => {
	it('of one item leave the others their results, each with its origin, where a user continues', async () => {
		const [order] = await node.itemsOf(newOrder);
		const orderId = String(order?.id);
		const items = [orderId, 'unknown', orderId].map((id, index) => ({ id, name: `n${index}` }));
		const { execution, output } = await node.run(
			{ ...pixTo('={{ $json.id }}'), additionalFields: { externalId: '={{ $json.name }}' } },
			{ items, continueOnFail: true },
		);
		expect(execution.status).toBe('success');
		expect(output).toMatchObject([
			{ json: { payment: { externalId: 'n0' } }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining('404') }, pairedItem: { item: 1 } },
			{ json: { payment: { externalId: 'n2' } }, pairedItem: { item: 2 } },
		]);
	});

	it('of parameters, of a server that fails, and of one that does not answer, are told apart', async () => {
		expect(await node.errorOf({ ...newOrder, items: {} })).toMatch(/Items is empty/);
		await node.itemsOf(events);
		gen.failWith(503);
		expect(await node.errorOf(events)).toMatch(/Gen answered 503.*Try again later/);
		gen.failWith('hangUp');
		const unreachable = /cannot be reached.*credential "Gen .*\(connection (reset|refused)\)/;
		expect(await node.errorOf(events)).toMatch(unreachable);
		await gen.pause();
		expect(await node.errorOf(events)).toMatch(unreachable);
	});
});

describe('access tokens', () => {
	const RENEWAL = [
		['events', 401],
		['tokens', 200],
		['events', 200],
	];
	const exchanges = ({ requests }: GenMockApi) =>
		requests.map(({ path, status }) => [path.split('/').at(-1), status]);

	it('are fetched once, kept, and renewed once when they have expired', async () => {
		await node.itemsOf(events);
		await node.itemsOf(events);
		expect(exchanges(gen).filter(([route]) => route === 'tokens')).toHaveLength(1);
		gen.expireAccessTokens();
		gen.clearRequests();
		await node.itemsOf(events);
		expect(exchanges(gen)).toEqual(RENEWAL);
		gen.expireAccessTokens();
		gen.revokeRefreshToken();
		expect(await node.errorOf(events)).toMatch(
			/Gen refused the refresh token\. Make a new one.*the Gen API credential "Gen /,
		);
	});

	it('of another account are not sent when the credential was edited', async () => {
		await node.itemsOf(events);
		const other = await startGen(n8n);
		// The editor sends back what n8n showed it, with the secrets blanked out: n8n puts the old ones in.
		const { data } = await n8n.rest<{ data: Record<string, string> }>(
			'GET',
			`/credentials/${credential.id}?includeData=true`,
		);
		expect(data.accessToken).not.toContain('SFMyNTY');
		const { url: baseUrl, sellerId, refreshToken } = other;
		const edited = { ...data, baseUrl, sellerId, refreshToken };
		await n8n.updateCredential(credential.id, 'genApi', credential.name, edited);
		await node.itemsOf(events);
		expect(exchanges(other)).toEqual(RENEWAL);
		expect(other.requests[0]?.headers.authorization).toBeUndefined();
		await other.stop();
	});

	it('and other secrets are nowhere in what n8n stores, whatever the API repeats', async () => {
		const accessTokens = () =>
			gen.requests
				.map(({ headers }) => /SFMyNTY\.\S+/.exec(String(headers.authorization))?.[0])
				.filter((token) => token !== undefined);
		const { webhookToken } = credential;
		gen.variants.errorBody = (_status, message) => ({
			error: { message: `${message} ${webhookToken} ${accessTokens().at(-1) ?? ''}` },
		});
		const target = 'https://other.example.com/';
		gen.addRegistration({ events: ['X.*'], target, authorization: webhookToken });
		await gen.emit('PAYMENT.CREATED', { id: 'payment-1', note: webhookToken });
		for (const resource of ['webhook', 'event', 'notification']) {
			await node.itemsOf({ resource, operation: 'getAll', simplify: false });
		}
		for (const continueOnFail of [true, false])
			await node.run(pixTo('unknown'), { continueOnFail });
		const secrets = [gen.refreshToken, webhookToken, ...new Set(accessTokens())];
		expect(secrets.length).toBeGreaterThan(2);
		expect(await filesWith(...secrets)).toEqual([]);
	});
});
