import type { N8nApi } from '../../testkit/n8n/api.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import type { GenStandIn } from '../../testkit/mockApis/gen.mts';
import { itemsOf, runNode } from '../../testkit/live/actions.mts';
import { genCredential, startGen, type GenCredential } from '../../testkit/live/gen.mts';
import { connect, openDatabase } from '../../testkit/live/harness.mts';

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

let n8n: N8nApi;
let gen: GenStandIn;
let credential: GenCredential;

beforeAll(async () => {
	n8n = await connect();
});
beforeEach(async () => {
	gen = await startGen(n8n);
	credential = await genCredential(n8n, gen);
});
afterEach(async () => {
	await gen.stop();
});

const node = (
	parameters: JsonObject,
	more: { items?: JsonObject[]; continueOnFail?: boolean } = {},
) => ({
	type: 'n8n-nodes-brazil-commerce.gen',
	credentials: { genApi: { id: credential.id, name: credential.name } },
	parameters,
	...more,
});

const NEW_CUSTOMER = {
	customerSource: 'new',
	customer: { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '012.345.678-91' },
};

/** An order at Gen; resolves with its id. */
async function newOrder(price = 22.9, quantity = 2): Promise<string> {
	const [order] = await itemsOf(
		n8n,
		node({
			resource: 'order',
			operation: 'create',
			items: { item: [{ description: 'Produto 1', quantity, unitPrice: price }] },
			...NEW_CUSTOMER,
		}),
	);
	return String(order?.id);
}

const pix = (orderId: string) => ({
	resource: 'payment',
	operation: 'create',
	method: 'PIX',
	orderId,
	sessionId: '123',
	pixExpiration: `${TOMORROW}T12:00:00`,
});

const lastBody = () => gen.requests.at(-1)?.body;

describe('an order', () => {
	it('is created with exact cents, and says where it is paid', async () => {
		const [order] = await itemsOf(
			n8n,
			node({
				resource: 'order',
				operation: 'create',
				items: {
					item: [
						{ description: 'Um', quantity: 1, unitPrice: '={{ 0.1 + 0.2 }}' },
						{ description: 'Dois', quantity: 3, unitPrice: 19.99 },
						{ description: 'Três', quantity: 1, unitPrice: 1234567.89 },
					],
				},
				...NEW_CUSTOMER,
				additionalFields: {
					methods: ['PIX', 'BANK_SLIP'],
					maxInstallments: 3,
					externalId: 'loja-1',
					checkout: 'homologation',
					redirectUrl: 'https://loja.example.com/fim?a=1',
					extraFields: '{"note": "presente"}',
				},
			}),
		);
		expect(lastBody()).toEqual({
			order: {
				items: [
					{ description: 'Um', quantity: 1, unit_price_cents: 30 },
					{ description: 'Dois', quantity: 3, unit_price_cents: 1999 },
					{ description: 'Três', quantity: 1, unit_price_cents: 123456789 },
				],
				customer: { name: 'Jhon Trevor', email: 'customer@email.com', cpf: '01234567891' },
				methods: ['PIX', 'BANK_SLIP'],
				max_installments: 3,
				external_id: 'loja-1',
				note: 'presente',
			},
		});
		expect(order).toMatchObject({
			order: { id: order?.id, externalId: 'loja-1', total: 1234628.16 },
			checkoutUrl: `https://checkout.dev.gen.com.br/external/order/${String(order?.id)}?redirectTo=https%3A%2F%2Floja.example.com%2Ffim%3Fa%3D1`,
			warning: null,
		});
	});

	it("as sent has the API's own names", async () => {
		const [order] = await itemsOf(
			n8n,
			node({
				resource: 'order',
				operation: 'create',
				items: { item: [{ description: 'Um', quantity: 1, unitPrice: 1 }] },
				customerSource: 'id',
				customerId: 'e035c42f-1ad9-4edd-db73-ebc0a2b227cc',
				simplify: false,
			}),
		);
		expect(order).toMatchObject({
			total_cents: 100,
			customer_id: 'e035c42f-1ad9-4edd-db73-ebc0a2b227cc',
			checkoutUrl: expect.stringContaining('https://checkout.gen.com.br/external/order/'),
		});
	});
});

describe('a payment', () => {
	it('by PIX is created, and refunded in part and whole', async () => {
		const [payment] = await itemsOf(n8n, node(pix(await newOrder())));
		expect(payment).toMatchObject({
			status: 'PENDING',
			payment: { method: 'PIX', total: 45.8, pixCode: expect.stringMatching(/^0002/) },
			warning: null,
		});
		const paymentId = String(payment?.id);
		gen.pay(paymentId);
		const refund = { resource: 'payment', operation: 'refund', paymentId };
		const [partly] = await itemsOf(n8n, node({ ...refund, amount: 5.8 }));
		expect(lastBody()).toEqual({ amount: 580 });
		expect(partly).toMatchObject({ id: paymentId, status: 'PAID' });
		const [whole] = await itemsOf(n8n, node({ ...refund, amount: 40 }));
		expect(whole).toMatchObject({ id: paymentId, status: 'REVERSED' });
	});

	it('by PIX is refunded, and an answer that is not a payment is not lost', async () => {
		const [payment] = await itemsOf(n8n, node(pix(await newOrder())));
		const paymentId = String(payment?.id);
		gen.pay(paymentId);
		gen.variants.refundAnswer = (_payment, amount) => ({ data: { refund_id: 'r-1', amount } });
		const [item] = await itemsOf(
			n8n,
			node({ resource: 'payment', operation: 'refund', paymentId, amount: 5.8 }),
		);
		expect(item).toMatchObject({
			id: null,
			warning: expect.stringContaining('its answer has no payment ID'),
			payload: { payment: { refund_id: 'r-1', amount: 580 } },
		});
	});

	it('by bank slip has its line and its PDF', async () => {
		const [payment] = await itemsOf(
			n8n,
			node({
				resource: 'payment',
				operation: 'create',
				method: 'BANK_SLIP',
				orderId: await newOrder(),
				sessionId: '123',
				bankSlipDueDate: `${TOMORROW}T00:00:00`,
				additionalFields: { instructions: 'Não receber após o vencimento' },
			}),
		);
		expect(lastBody()).toMatchObject({
			payment: {
				bank_slip: { expiration_date: TOMORROW, instructions: 'Não receber após o vencimento' },
			},
		});
		expect(payment).toMatchObject({
			status: 'PENDING',
			payment: {
				method: 'BANK_SLIP',
				bankSlipLine: expect.any(String),
				bankSlipUrl: expect.any(String),
				bankSlipDueAt: TOMORROW,
			},
		});
	});

	it('by card token is reserved, and captured', async () => {
		const [payment] = await itemsOf(
			n8n,
			node({
				resource: 'payment',
				operation: 'create',
				method: 'CREDIT_CARD',
				orderId: await newOrder(),
				sessionId: '123',
				cardToken: '92069efd-b8ef-1a28-f15e-113646215dc6',
				cardHolderName: 'Nome do portador',
				cardExpirationMonth: '12',
				cardExpirationYear: '2034',
				additionalFields: { delayCapture: true, installments: 2 },
			}),
		);
		expect(lastBody()).toMatchObject({
			payment: {
				method: 'CREDIT_CARD',
				credit: {
					installments: 2,
					delay_capture: true,
					credit_card: {
						token: '92069efd-b8ef-1a28-f15e-113646215dc6',
						holder_name: 'Nome do portador',
						expiration_month: 12,
						expiration_year: 34,
					},
				},
			},
		});
		expect(payment).toMatchObject({
			status: 'PRE_AUTHORIZED',
			payment: { method: 'CREDIT', installments: 2 },
		});
		const [captured] = await itemsOf(
			n8n,
			node({ resource: 'payment', operation: 'capture', paymentId: payment?.id as string }),
		);
		expect(lastBody()).toEqual({});
		expect(captured).toMatchObject({ id: payment?.id, status: 'PAID' });
	});

	it('by a saved card is paid', async () => {
		const [payment] = await itemsOf(
			n8n,
			node({
				resource: 'payment',
				operation: 'create',
				method: 'CREDIT_CARD',
				orderId: await newOrder(),
				sessionId: '123',
				cardSource: 'saved',
				creditCardId: '6c48f2e3-722a-8198-fffc-73b458502665',
			}),
		);
		expect(payment).toMatchObject({ status: 'PAID' });
	});
});

describe('webhooks, events and notifications', () => {
	it('are created, listed and deleted, without their secret', async () => {
		const [made] = await itemsOf(
			n8n,
			node({
				resource: 'webhook',
				operation: 'create',
				target: 'https://receiver.example.com/gen',
				events: ['PAYMENT.CREATED'],
				customEvents: 'ORDER.X',
			}),
		);
		expect(gen.registrations).toMatchObject([
			{
				events: ['PAYMENT.CREATED', 'ORDER.X'],
				target: 'https://receiver.example.com/gen',
				authorization: credential.webhookToken,
			},
		]);
		const listed = await itemsOf(n8n, node({ resource: 'webhook', operation: 'getAll' }));
		expect(listed).toEqual([{ ...made, authorization: '[redacted]' }]);
		const [deleted] = await itemsOf(
			n8n,
			node({ resource: 'webhook', operation: 'delete', webhookId: made?.id as string }),
		);
		expect(deleted).toEqual({ id: made?.id, deleted: true });
		expect(gen.registrations).toEqual([]);
	});

	it.each(['data', 'array'] as const)(
		'are lists in the shape "%s", all or the first',
		async (shape) => {
			gen.variants.listShape = shape;
			gen.variants.retryDelayMs = 1;
			gen.addRegistration({ events: ['PAYMENT.*'], target: 'https://nobody.example.com/' });
			for (let index = 0; index < 3; index++) {
				await gen.emit('PAYMENT.CREATED', { id: `payment-${index}`, total_cents: 1999 });
			}
			await gen.idle();
			const get = (resource: string, more: JsonObject) =>
				itemsOf(n8n, node({ resource, operation: 'getAll', ...more }));
			const events = await get('event', { returnAll: true });
			expect(events).toMatchObject(
				[2, 1, 0].map((index) => ({
					provider: 'gen',
					event: 'PAYMENT.CREATED',
					id: `payment-${index}`,
					payment: { total: 19.99 },
					delivery: { warning: null },
				})),
			);
			expect(await get('event', { limit: 2 })).toHaveLength(2);
			expect(await get('event', { returnAll: true, simplify: false })).toEqual(
				gen.loggedEvents.map(({ json }) => json).reverse(),
			);
			expect(await get('notification', { returnAll: true })).toHaveLength(60);
			expect(await get('notification', {})).toHaveLength(50);
		},
	);

	it('that cannot be listed say so', async () => {
		gen.variants.listShape = 'other';
		for (const resource of ['webhook', 'event', 'notification']) {
			const { error } = await runNode(n8n, node({ resource, operation: 'getAll' }));
			expect(error).toMatch(/other than a list/);
		}
		gen.variants.list = 404;
		const { error } = await runNode(n8n, node({ resource: 'webhook', operation: 'getAll' }));
		expect(error).toMatch(/does not offer the list of webhooks.*Notificações/);
	});
});

describe('errors', () => {
	/** What goes wrong in each operation, and what is said. */
	const failures = async (): Promise<Array<[JsonObject, RegExp]>> => {
		const orderId = await newOrder();
		const [pending] = await itemsOf(n8n, node(pix(orderId)));
		const paymentId = String(pending?.id);
		const order = { resource: 'order', operation: 'create' };
		const item = { description: 'Um', quantity: 1, unitPrice: 1 };
		return [
			[{ ...order, items: {} }, /Items is empty/],
			[{ ...order, items: { item: [{ ...item, unitPrice: 1.005 }] } }, /parts of a cent/],
			[
				{ ...order, items: { item: [{ ...item, unitPrice: 'dez' }] } },
				/must be an amount in reais/,
			],
			[
				{ ...order, items: { item: [item] }, additionalFields: { extraFields: 'x' } },
				/JSON object/,
			],
			[
				{
					...order,
					items: { item: [item] },
					additionalFields: { extraFields: '{"methods":["CASH"]}' },
				},
				/Gen answered 422/,
			],
			[pix('unknown'), /Gen answered 404/],
			[pix('..'), /Gen answered 404/],
			[{ ...pix(orderId), pixExpiration: '2020-01-01T00:00:00' }, /Gen answered 422/],
			[
				{
					...pix(orderId),
					method: 'CREDIT_CARD',
					cardToken: '4012 0010 3714 1112',
					cardExpirationMonth: '12',
					cardExpirationYear: '34',
				},
				/card number must not pass through n8n/,
			],
			[
				{
					...pix(orderId),
					method: 'CREDIT_CARD',
					cardToken: 'declined-1',
					cardExpirationMonth: '12',
					cardExpirationYear: '34',
				},
				/Gen answered 422: Transação não autorizada/,
			],
			[{ resource: 'payment', operation: 'capture', paymentId: 'unknown' }, /Gen answered 404/],
			[{ resource: 'payment', operation: 'capture', paymentId }, /Gen answered 422/],
			[{ resource: 'payment', operation: 'capture', paymentId: '../tokens' }, /Gen answered 404/],
			[{ resource: 'payment', operation: 'refund', paymentId, amount: 1 }, /Gen answered 422/],
			[{ resource: 'payment', operation: 'refund', paymentId, amount: 0 }, /Amount is zero/],
			[
				{ resource: 'webhook', operation: 'delete', webhookId: 'unknown' },
				/no webhook with this ID/,
			],
			[
				{ resource: 'webhook', operation: 'create', target: 'nowhere' },
				/Target URL must be a web address/,
			],
		];
	};

	it('say what happened and what to do, and with "continue" the other items run', async () => {
		for (const [parameters, expected] of await failures()) {
			const { error, execution } = await runNode(n8n, node(parameters));
			expect(error).toMatch(expected);
			expect(execution.status).toBe('error');
			const continued = await runNode(n8n, node(parameters, { continueOnFail: true }));
			expect(continued.execution.status).toBe('success');
			expect(continued.items).toEqual([{ error: expect.stringMatching(expected) }]);
		}
	});

	it('of one item leave the others their results, each with its origin', async () => {
		const orderId = await newOrder();
		const { output } = await runNode(
			n8n,
			node(
				{ ...pix('={{ $json.order }}'), additionalFields: { externalId: '={{ $json.name }}' } },
				{
					items: [
						{ order: orderId, name: 'one' },
						{ order: 'unknown', name: 'two' },
						{ order: orderId, name: 'three' },
					],
					continueOnFail: true,
				},
			),
		);
		expect(output).toMatchObject([
			{ json: { payment: { externalId: 'one' } }, pairedItem: { item: 0 } },
			{ json: { error: expect.stringContaining('404') }, pairedItem: { item: 1 } },
			{ json: { payment: { externalId: 'three' } }, pairedItem: { item: 2 } },
		]);
	});

	it('of a server that fails, or does not answer, are told apart', async () => {
		const list = node({ resource: 'event', operation: 'getAll' });
		await itemsOf(n8n, list);
		gen.failWith(503);
		expect((await runNode(n8n, list)).error).toMatch(/Gen answered 503.*Try again later/);
		gen.failWith('hangUp');
		expect((await runNode(n8n, list)).error).toMatch(
			/cannot be reached.*credential "Gen .*\(connection reset\)/,
		);
		gen.failWith(undefined);
		await gen.pause();
		expect((await runNode(n8n, list)).error).toMatch(
			/cannot be reached.*credential "Gen .*\(connection refused\)/,
		);
	});
});

describe('tokens', () => {
	const list = () => node({ resource: 'event', operation: 'getAll' });
	const renewals = () => gen.requests.filter(({ path }) => path.endsWith('/tokens')).length;

	it('are got once, kept, and renewed once when they have expired midway', async () => {
		await itemsOf(n8n, list());
		await itemsOf(n8n, list());
		expect(renewals()).toBe(1);
		gen.expireAccessTokens();
		gen.clearRequests();
		await gen.emit('PAYMENT.CREATED', { id: 'payment-1' });
		const result = await itemsOf(n8n, list());
		expect(result).toHaveLength(1);
		expect(renewals()).toBe(1);
		expect(gen.requests.map(({ path, status }) => [path.split('/').at(-1), status])).toEqual([
			['events', 401],
			['tokens', 200],
			['events', 200],
		]);
	});

	it('of another account are not sent when the credential was edited', async () => {
		await itemsOf(n8n, list());
		const other = await startGen(n8n);
		try {
			// The editor sends back what n8n showed it, with the secrets blanked out: n8n puts the old ones in.
			const { data } = await n8n.rest<{ data: Record<string, string> }>(
				'GET',
				`/credentials/${credential.id}?includeData=true`,
			);
			expect(data.accessToken).not.toContain('SFMyNTY');
			await n8n.updateCredential(credential.id, 'genApi', credential.name, {
				...data,
				baseUrl: other.url,
				sellerId: other.sellerId,
				refreshToken: other.refreshToken,
			});
			await itemsOf(n8n, list());
			const sent = other.requests.map(({ headers }) => headers.authorization);
			expect(sent.map((header) => header?.slice(0, 14))).toEqual([
				undefined,
				`Bearer ${other.refreshToken.slice(0, 7)}`,
				'Bearer SFMyNTY',
			]);
			expect(other.requests.map(({ path, status }) => [path.split('/').at(-1), status])).toEqual([
				['events', 401],
				['tokens', 200],
				['events', 200],
			]);
		} finally {
			await other.stop();
		}
	});

	it('that cannot be renewed end in one error that names the credential to correct', async () => {
		await itemsOf(n8n, list());
		gen.expireAccessTokens();
		gen.revokeRefreshToken();
		const { error } = await runNode(n8n, list());
		expect(error).toMatch(/Gen refused the refresh token\. Make a new one/);
		expect(error).toContain(`the Gen API credential "${credential.name}"`);
	});

	it('are tried by the credential test', async () => {
		const test = (changes: JsonObject) =>
			n8n.testCredential(credential.id, 'genApi', credential.name, {
				...credential.data,
				...changes,
			});
		expect(await test({})).toMatchObject({ status: 'OK' });
		expect(await test({ refreshToken: 'wrong-0123456789' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/refused the refresh token/),
		});
		expect(await test({ sellerId: 'unknown' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/refused|no access token/),
		});
		expect(await test({ baseUrl: 'http://api.example.com' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/does not begin with https/),
		});
		expect(await test({ baseUrl: '' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/no base URL/),
		});
	});

	it('are nowhere in the database, but for the encrypted credential', async () => {
		const access = () =>
			gen.requests
				.map(({ headers }) => /SFMyNTY\.\S+/.exec(String(headers.authorization))?.[0])
				.filter((token) => token !== undefined);
		gen.variants.errorBody = (_status, message) => ({
			error: { message: `${message} ${credential.webhookToken} ${access().at(-1) ?? ''}` },
		});
		gen.addRegistration({
			events: ['X.*'],
			target: 'https://other.example.com/',
			authorization: credential.webhookToken,
		});
		await gen.emit('PAYMENT.CREATED', { id: 'payment-1', note: credential.webhookToken });
		for (const resource of ['webhook', 'event', 'notification']) {
			await itemsOf(n8n, node({ resource, operation: 'getAll', simplify: false }));
		}
		for (const continueOnFail of [true, false]) {
			await runNode(n8n, node(pix('unknown'), { continueOnFail }));
			gen.failNext(1, 500);
			await runNode(n8n, node({ resource: 'event', operation: 'getAll' }, { continueOnFail }));
		}
		const database = await openDatabase();
		const rows = JSON.stringify([
			await database.run('SELECT * FROM execution_data'),
			await database.run('SELECT * FROM workflow_entity'),
			await database.run('SELECT * FROM credentials_entity'),
		]);
		database.close();
		const secrets = [gen.refreshToken, credential.webhookToken, ...access()];
		expect(secrets.length).toBeGreaterThan(2);
		expect(secrets.filter((secret) => rows.includes(secret))).toEqual([]);
	});
});
