import { DateTime } from 'luxon';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Json } from '../../../nodes/core/json';
import { Gen } from '../../../nodes/Gen/Gen.node';
import { httpError, operationRunner } from '../../../testkit/fakes/fakeExecute.mts';
import { TOKEN } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import { comparable, expectedItem } from '../../../testkit/providers/items.mts';

const API = 'https://api-sandbox.genpag.com.br/api';
const credential = {
	environment: 'sandbox',
	baseUrl: 'https://api.example.com',
	sellerId: 'seller/1',
	refreshToken: 'refresh-0123456789',
	webhookToken: TOKEN,
	previousToken: 'an-older-token-0123456789',
};

const CUSTOMER_ID = 'e035c42f-1ad9-4edd-db73-ebc0a2b227cc';
const ORDER_ID = '6c48f2e3-722a-8198-fffc-73b458502665';
const PAYMENT_ID = '12ac0bcb-397b-776d-a621-fce33ec302e9';

const { run, refusal } = operationRunner(new Gen(), credential);

/** The customer of the documents' requests. */
const customer = objectAt(
	objectAt(readFixture('Gen', 'variation-order-event'), 'data'),
	'customer',
);

/** The same as the parameters hold it. */
const address = objectAt(customer, 'address');
const newCustomer = {
	customerSource: 'new',
	customer: {
		...customer,
		cpf: '012.345.678-91',
		birthDate: customer.birth_date,
		cnpj: '12.345.678/0001-66',
		address: {
			fields: { ...address, countryCode: address.country_code, postalCode: address.postal_code },
		},
	},
};

describe('order: create', () => {
	const product = { description: 'Produto 1', quantity: 2, unitPrice: 22.9 };
	const items = [{ description: 'Produto 1', quantity: 2, unit_price_cents: 2290 }];
	const order = { items: { item: [product] }, customerSource: 'none' };
	const withCustomer = (fields: object) => ({ customerSource: 'new', customer: fields });
	const empty = {
		externalId: '  ',
		methods: [],
		maxInstallments: '',
		extraFields: '{}',
		redirectUrl: 'https://example.com',
		checkout: 'production',
	};

	it.each<[string, object, object]>([
		[
			'the request of "Gerando pedidos"',
			{ ...newCustomer, additionalFields: { externalId: 'id-sua-plataforma-123' } },
			{ items, customer, external_id: 'id-sua-plataforma-123' },
		],
		[
			'methods and installments',
			{ additionalFields: { methods: ['BANK_SLIP', 'PIX'], maxInstallments: 3 } },
			{ items, methods: ['BANK_SLIP', 'PIX'], max_installments: 3 },
		],
		['nothing that was left empty', { additionalFields: empty }, { items }],
		[
			'extra fields, which win',
			{
				...newCustomer,
				additionalFields: {
					externalId: 'a',
					extraFields: '{"fees": [{"id": 7}], "external_id": "b", "customer": {"gender": "F"}}',
				},
			},
			{ items, customer: { ...customer, gender: 'F' }, external_id: 'b', fees: [{ id: 7 }] },
		],
		[
			'items from the extra fields',
			{ items: {}, additionalFields: { extraFields: { items } } },
			{ items },
		],
		[
			'a known customer',
			{ ...newCustomer, customerSource: 'id', customerId: ` ${CUSTOMER_ID} ` },
			{ items, customer_id: CUSTOMER_ID },
		],
		[
			'only what was entered of a customer, in the form of the documents',
			withCustomer({
				name: ' Ana ',
				email: '',
				phone: '(62) 99292-9292',
				address: { fields: { city: 'Recife', state: '' } },
			}),
			{
				items,
				customer: {
					name: 'Ana',
					phone: '+5562992929292',
					address: { city: 'Recife', country_code: 'BR' },
				},
			},
		],
		[
			'a customer abroad',
			withCustomer({ address: { fields: { countryCode: 'PT' } } }),
			{ items, customer: { address: { country_code: 'PT' } } },
		],
		[
			'an address without a country',
			withCustomer({ address: { fields: { city: 'Porto', countryCode: '' } } }),
			{ items, customer: { address: { city: 'Porto' } } },
		],
	])('sends %s', async (_what, parameters, sent) => {
		const { call } = await run('order.create', { ...order, ...parameters });
		expect(call).toMatchObject({ method: 'POST', url: `${API}/sellers/seller%2F1/orders` });
		expect(call?.body).toEqual({ order: sent });
		expect(JSON.stringify(call?.body)).toBe(JSON.stringify({ order: sent }));
	});

	it.each<[object, RegExp]>([
		[{ items: {} }, /^Items is empty\. Add one\.$/],
		[{ items: { item: [product, {}] } }, /^Description of item 2 is empty/],
		[{ items: { item: ['Produto 1'] } }, /^Description of item 1 is empty/],
		[
			{ items: { item: [{ ...product, quantity: 0 }] } },
			/^Quantity of item 1 must be an integer of at least 1/,
		],
		[
			{ items: { item: [{ ...product, unitPrice: '' }] } },
			/^Unit Price of item 1 must be an amount/,
		],
		[{ additionalFields: { maxInstallments: 13 } }, /^Max Installments must be an integer from 1/],
		[{ additionalFields: { extraFields: '[1]' } }, /^Extra Fields must be a valid JSON object/],
		[{ additionalFields: { redirectUrl: ['x'] } }, /^The field redirectUrl must be text/],
		[{ customerSource: 'id', customerId: ' ' }, /^Customer ID is empty/],
		[withCustomer({}), /^The new customer has no data/],
		[{ customerSource: 'New' }, /^Customer must be one of the choices/],
		[withCustomer({ birthDate: '10/08/1965' }), /^Birth Date must be a date as YYYY-MM-DD/],
	])('refuses %j', async (parameters, message) => {
		expect(await refusal('order.create', { ...order, ...parameters })).toMatch(message);
	});

	const page = `https://checkout.gen.com.br/external/order/${ORDER_ID}`;
	const homologation = `https://checkout.dev.gen.com.br/external/order/${ORDER_ID}`;
	it.each<[string, object, Json, string | null]>([
		['sandbox', {}, ORDER_ID, homologation],
		['production', {}, ORDER_ID, page],
		['sandbox', { checkout: 'automatic', redirectUrl: ' ' }, ORDER_ID, homologation],
		['sandbox', { checkout: 'production' }, ORDER_ID, page],
		['production', { checkout: 'homologation' }, ORDER_ID, homologation],
		[
			'production',
			{ redirectUrl: 'https://example.com/?a=1&b=ç' },
			ORDER_ID,
			`${page}?redirectTo=https%3A%2F%2Fexample.com%2F%3Fa%3D1%26b%3D%C3%A7`,
		],
		['production', {}, 7, 'https://checkout.gen.com.br/external/order/7'],
		['production', {}, 'a/b?c', 'https://checkout.gen.com.br/external/order/a%2Fb%3Fc'],
		['production', {}, '', null],
		['production', {}, ['7'], null],
	])('%s with %j makes the checkout URL of %j', async (environment, fields, id, checkoutUrl) => {
		const parameters = { ...order, additionalFields: fields, simplify: false };
		const { item } = await run('order.create', parameters, { id, a: 1 }, { environment });
		expect(item).toEqual({ id, a: 1, checkoutUrl });
	});

	const name = 'variation-order-event';
	const answered = objectAt(readFixture('Gen', name), 'data');

	it("returns an item in the form of the trigger's", async () => {
		const { item } = await run('order.create', order, { data: { ...answered, note: TOKEN } });
		const {
			provider: _p,
			event: _e,
			payment: _y,
			delivery: _d,
			...expected
		} = expectedItem('Gen', name);
		const clean = { ...expected, checkoutUrl: homologation, warning: null };
		expect(item).toEqual(clean);
		expect(Object.keys(item)).toEqual(Object.keys(clean));
	});

	it.each<[Json, object]>([
		[{ data: answered }, { ...answered, checkoutUrl: homologation }],
		[answered, { ...answered, checkoutUrl: homologation }],
		[{ data: [answered] }, { data: [answered], checkoutUrl: null }],
		[[answered], { data: [answered], checkoutUrl: null }],
	])('returns the answer and the page without Simplify', async (answer, item) => {
		expect(await run('order.create', { ...order, simplify: false }, answer)).toMatchObject({
			items: [item],
		});
	});

	it('never loses an answer that is not as expected', async () => {
		const odd = await run('order.create', order, { data: { order_id: 7 }, request: 'r-1' });
		expect(odd.item).toMatchObject({
			id: null,
			customer: expect.objectContaining({ id: null, name: null }),
			order: { id: '7', externalId: null, total: null },
			checkoutUrl: null,
			warning:
				'Gen accepted the request, but its answer has no order ID. Read the answer under payload, and check the order at Gen before you repeat the request.',
			payload: { order: { order_id: 7 }, request: 'r-1' },
		});
	});
});

describe('payment: create', () => {
	const common = { sessionId: '123', orderId: ORDER_ID, customerSource: 'order' };
	const sent = { session_id: '123', order_id: ORDER_ID };
	const pix = { ...common, method: 'PIX', pixExpiration: '2022-04-01T00:05:00' };
	const bankSlip = { ...common, method: 'BANK_SLIP', bankSlipDueDate: '2022-04-01T00:00:00' };
	const card = {
		...common,
		method: 'CREDIT_CARD',
		cardSource: 'token',
		cardToken: 'token-do-cartao',
		cardHolderName: 'Nome do portador',
		cardExpirationMonth: '12',
		cardExpirationYear: '24',
	};
	const sentCard = {
		token: 'token-do-cartao',
		holder_name: 'Nome do portador',
		expiration_month: 12,
		expiration_year: 24,
	};
	const savedCard = { ...common, method: 'CREDIT_CARD', cardSource: 'saved' };

	it.each<[string, object, object]>([
		[
			'"Gerando um PIX"',
			{ ...pix, ...newCustomer, additionalFields: { externalId: 'id_do_seu_sistema' } },
			{
				...sent,
				method: 'PIX',
				pix: { expiration: '2022-04-01T00:05:00' },
				customer,
				external_id: 'id_do_seu_sistema',
			},
		],
		[
			'"Gerando um Boleto"',
			{
				...bankSlip,
				customerSource: 'id',
				customerId: CUSTOMER_ID,
				additionalFields: { instructions: 'Não receber após o vencimento' },
			},
			{
				...sent,
				method: 'BANK_SLIP',
				bank_slip: {
					expiration_date: '2022-04-01',
					instructions: 'Não receber após o vencimento',
				},
				customer_id: CUSTOMER_ID,
			},
		],
		[
			'"Cobrando no Crédito" with a new card',
			{
				...card,
				...newCustomer,
				additionalFields: { installments: 2, delayCapture: false, saveCard: 'true' },
			},
			{
				...sent,
				method: 'CREDIT_CARD',
				credit: { installments: 2, delay_capture: false, save_card: true, credit_card: sentCard },
				customer,
			},
		],
		[
			'"Cobrando no Crédito" with a saved card',
			{
				...savedCard,
				creditCardId: CUSTOMER_ID,
				additionalFields: { installments: 2, delayCapture: true, saveCard: true },
			},
			{
				...sent,
				method: 'CREDIT_CARD',
				credit: { installments: 2, delay_capture: true, credit_card_id: CUSTOMER_ID },
			},
		],
		[
			'a card alone, where other methods were filled in and fields left empty',
			{
				...pix,
				...bankSlip,
				...card,
				cardHolderName: ' ',
				additionalFields: { installments: '', saveCard: '' },
			},
			{
				...sent,
				method: 'CREDIT_CARD',
				credit: {
					credit_card: { token: 'token-do-cartao', expiration_month: 12, expiration_year: 24 },
				},
			},
		],
		[
			'extra fields, also inside its objects, and long numbers that belong to no card',
			{
				...pix,
				additionalFields: {
					externalId: '4012001037141112',
					extraFields: '{"nsu": 100000000000000, "pix": {"note": "x"}}',
				},
			},
			{
				...sent,
				method: 'PIX',
				pix: { expiration: '2022-04-01T00:05:00', note: 'x' },
				external_id: '4012001037141112',
				nsu: 1e14,
			},
		],
	])('sends %s', async (_what, parameters, payment) => {
		const { call } = await run('payment.create', parameters);
		expect(call).toMatchObject({ method: 'POST', url: `${API}/sellers/seller%2F1/payments` });
		expect(call?.body).toEqual({ payment });
		expect(JSON.stringify(call?.body)).toBe(JSON.stringify({ payment }));
	});

	const inManaus = (time: string) => DateTime.fromISO(time, { zone: 'America/Manaus' });
	it.each<[object, object]>([
		[
			{ ...pix, pixExpiration: ' 2022-04-01T00:05:00-03:00 ' },
			{ pix: { expiration: '2022-04-01T00:05:00-03:00' } },
		],
		[
			{ ...pix, pixExpiration: inManaus('2022-04-01T00:05:00') },
			{ pix: { expiration: '2022-04-01T00:05:00.000-04:00' } },
		],
		[
			{ ...pix, pixExpiration: new Date('2022-04-01T03:05:00Z') },
			{ pix: { expiration: '2022-04-01T00:05:00.000-03:00' } },
		],
		...['2022-04-01 10:00', new Date(1648864800000)].map((bankSlipDueDate): [object, object] => [
			{ ...bankSlip, bankSlipDueDate },
			{ bank_slip: { expiration_date: '2022-04-01' } },
		]),
		[
			{ ...card, cardExpirationMonth: 9, cardExpirationYear: '2027' },
			{ credit: { credit_card: { expiration_month: 9, expiration_year: 27 } } },
		],
	])('reads the dates in %p', async (parameters, payment) => {
		expect((await run('payment.create', parameters)).call?.body).toMatchObject({ payment });
	});

	it.each<[object]>([
		[{ ...card, cardToken: '4012 0010-3714.1112' }],
		[{ ...card, cardToken: 4012001037141112 }],
		[{ ...card, cardToken: '4012001037141112123' }],
		[{ ...savedCard, creditCardId: '501200103714' }],
		[
			{
				...card,
				additionalFields: { extraFields: '{"credit": {"more": {"number": 4012001037141112}}}' },
			},
		],
		[{ ...pix, additionalFields: { extraFields: { CARD_number: ['4012001037141112'] } } }],
	])('refuses the card number in %j without repeating it', async (parameters) => {
		const message = await refusal('payment.create', parameters);
		expect(message).toMatch(
			/^A card number must not pass .* tokenize it in the customer's browser/,
		);
		expect(message).not.toMatch(/\d{4}/);
	});

	it.each<[object, RegExp]>([
		[{ ...pix, orderId: '' }, /^Order ID is empty\. Enter one\.$/],
		[{ ...pix, sessionId: ' ' }, /^Session ID is empty/],
		[
			{ ...pix, method: 'CREDIT' },
			/^Payment Method must be PIX, BANK_SLIP or CREDIT_CARD, not "CREDIT"/,
		],
		[{ ...pix, method: '' }, /^Payment Method is empty/],
		[{ ...pix, pixExpiration: '' }, /^PIX Expiration is empty/],
		[{ ...pix, pixExpiration: DateTime.invalid('x') }, /^PIX Expiration is empty/],
		[{ ...bankSlip, bankSlipDueDate: '' }, /^Bank Slip Due Date is empty/],
		[{ ...bankSlip, bankSlipDueDate: '2022-04-011' }, /^Bank Slip Due Date must be a date/],
		[{ ...bankSlip, bankSlipDueDate: '2022-02-30T00:00' }, /^Bank Slip Due Date must be a date/],
		[{ ...card, cardToken: '' }, /^Card Token is empty/],
		[{ ...card, cardExpirationMonth: '' }, /^Card Expiration Month is empty/],
		[{ ...card, cardExpirationMonth: '13' }, /^Card Expiration Month must be an integer from 1/],
		[{ ...card, cardExpirationYear: '' }, /^Card Expiration Year is empty/],
		[{ ...card, cardExpirationYear: '1999' }, /^Card Expiration Year must be a year/],
		[{ ...savedCard, creditCardId: '' }, /^Saved Card ID is empty/],
		[{ ...card, additionalFields: { installments: 13 } }, /^Installments .* from 1 to 12/],
		[
			{ ...card, additionalFields: { delayCapture: 'yes' } },
			/^The field delayCapture must be true or false/,
		],
	])('refuses %j', async (parameters, message) => {
		expect(await refusal('payment.create', parameters)).toMatch(message);
	});
});

describe('payment: capture and refund', () => {
	const capture = { paymentId: PAYMENT_ID };
	const refund = { paymentId: 'a/b', amount: 0.1 + 0.2 };

	it.each<[string, object, string, unknown]>([
		// As text: n8n would leave an empty object out.
		['payment.capture', capture, `payments/${PAYMENT_ID}/capture`, '{}'],
		['payment.refund', refund, 'pix/refund/a%2Fb', { amount: 30 }],
	])('%s posts %j', async (name, parameters, path, body) => {
		const { call } = await run(name, parameters);
		expect(call).toMatchObject({ method: 'POST', url: `${API}/sellers/seller%2F1/${path}`, body });
	});

	it.each<[string, object, RegExp]>([
		['payment.capture', { paymentId: ' ' }, /^Payment ID is empty/],
		['payment.refund', { ...refund, paymentId: '' }, /^Payment ID is empty/],
		['payment.refund', { ...refund, amount: 0 }, /^Amount is zero\. Enter/],
	])('%s refuses %j', async (name, parameters, message) => {
		expect(await refusal(name, parameters)).toMatch(message);
	});

	const fixture = 'variation-payment-bank-slip-as-documented';
	const payment = objectAt(readFixture('Gen', fixture), 'data');

	it("returns an item in the form of the trigger's", async () => {
		const { provider: _p, event: _e, delivery: _d, ...expected } = expectedItem('Gen', fixture);
		const { item } = await run('payment.capture', capture, { data: payment });
		expect(item).toEqual({ ...expected, warning: null });
		expect(Object.keys(item)).toEqual([...Object.keys(expected), 'warning']);
	});

	it.each<[Json, object]>([
		[{ data: { ...payment, note: TOKEN } }, { ...payment, note: '[redacted]' }],
		[[payment], { data: [payment] }],
	])('returns the answer without Simplify', async (answer, item) => {
		const { items } = await run('payment.capture', { ...capture, simplify: false }, answer);
		expect(items).toEqual([item]);
	});

	const NO_ID =
		'Gen accepted the request, but its answer has no payment ID. Read the answer under payload, and check the payment at Gen before you repeat the request.';
	const EMPTY =
		'Gen accepted the request, but its answer is empty. Check the payment at Gen before you repeat the request.';
	it.each<[Json, string | null, unknown]>([
		[{ data: { id: 7, status: 'PAID' } }, null, undefined],
		[{ data: { refund_id: 7 } }, NO_ID, { payment: { refund_id: 7 } }],
		[{ refund_id: 7 }, NO_ID, { payment: { refund_id: 7 } }],
		[{ data: {}, refund_id: 7 }, NO_ID, { payment: {}, refund_id: 7 }],
		[{ data: null, payment: 7 }, NO_ID, { payment: { data: null, payment: 7 } }],
		[{ data: { a: 1 }, payment: 7 }, NO_ID, { payment: { data: { a: 1 }, payment: 7 } }],
		[
			{ data: { id: { of: 7 } } },
			`Unreadable: payment.id. ${NO_ID}`,
			{ payment: { id: { of: 7 } } },
		],
		[
			{ data: { id: 7, total_cents: 'R$ 10', bank_slip: 'x' } },
			'Unreadable: payment.total_cents, payment.bank_slip.',
			{ payment: { id: 7, total_cents: 'R$ 10', bank_slip: 'x' } },
		],
		[{ data: 'ok', refund_id: 7 }, 'Unreadable: payment.', { payment: 'ok', refund_id: 7 }],
		[[payment], 'Unreadable: payment.', { payment: [payment] }],
		['', EMPTY, undefined],
		[null, EMPTY, undefined],
		[{ data: { a: '' } }, EMPTY, undefined],
	])('never loses the answer %j', async (answer, warning, payload) => {
		const { item } = await run('payment.refund', refund, answer);
		const { id } = item;
		expect(item).toMatchObject({ id, warning, payment: { id, pixCode: null } });
		expect(id).toBe(JSON.stringify(answer).includes('"id":7,') ? '7' : null);
		expect(item.payload).toEqual(payload);
	});
});

describe('event: get many', () => {
	const names = ['PAYMENT.CREATED', 'variation-order-event', 'variation-payment-credit'];
	const events = names.map((name) => readFixture('Gen', name));

	it("returns the trigger's items", async () => {
		const { call, items } = await run('event.getAll', { limit: 3 }, { data: [...events, {}] });
		expect(call).toMatchObject({ method: 'GET', url: `${API}/events` });
		expect(call?.qs).toBeUndefined();
		expect(items.map(comparable)).toEqual(names.map((name) => expectedItem('Gen', name)));
	});

	it('returns all events as answered without Simplify, and never the token', async () => {
		const answer = [...events, { ...events[0], event: `PAYMENT.${TOKEN}` }];
		const raw = await run('event.getAll', { returnAll: true, simplify: false }, answer);
		expect(raw.items).toEqual([...events, { ...events[0], event: 'PAYMENT.[redacted]' }]);
		const simple = await run('event.getAll', { returnAll: true }, answer);
		expect(JSON.stringify(simple.items)).not.toContain(TOKEN);
	});
});

describe('notification: get many', () => {
	it('returns the notifications without secrets', async () => {
		const { previousToken } = credential;
		const request = { headers: [{ Authorization: { scheme: 'x' }, authorizations: 2 }] };
		const { call, items } = await run('notification.getAll', { limit: 2 }, [
			{ id: 1, request },
			{ id: previousToken },
			{ id: 3 },
		]);
		expect(call).toMatchObject({ method: 'GET', url: `${API}/notifications` });
		expect(items).toEqual([
			{ id: 1, request: { headers: [{ Authorization: '[redacted]', authorizations: 2 }] } },
			{ id: '[redacted]' },
		]);
	});

	it.each<[Json, RegExp]>([
		[{ data: {} }, /^Gen answered with something other than a list\. /],
		[[{}, null], /^Gen answered with a list whose entry 2 is not an object\. /],
	])('throws for %j', async (answer, message) => {
		await expect(run('notification.getAll', {}, answer)).rejects.toThrow(message);
	});
});

describe('webhook', () => {
	const webhook = {
		target: 'https://meusistema.com.br/webhooks',
		events: ['PAYMENT.*', 'ORDER.*'],
		webhookId: 'a/b',
	};

	it.each([
		[{ authorization: 'typed' }, webhook.events],
		[
			{ events: ['charge-in'], customEvents: ' PAYMENT.PAID, ,charge-in,PAYMENT.PAID' },
			['charge-in', 'PAYMENT.PAID'],
		],
	])('creates one with %j and the token of the credential', async (changes, events) => {
		const { target } = webhook;
		const answer = { data: { id: 1, events, target, AUTHORIZATION: null, key: `x${TOKEN}` } };
		const { call, items } = await run('webhook.create', { ...webhook, ...changes }, answer);
		expect(call).toMatchObject({ method: 'POST', url: `${API}/webhooks` });
		expect(call?.body).toEqual({ webhook: { events, target, authorization: TOKEN } });
		expect(items).toEqual([
			{ id: 1, events, target, AUTHORIZATION: '[redacted]', key: 'x[redacted]' },
		]);
	});

	it.each<[object, object, RegExp]>([
		[{}, { webhookToken: undefined }, /^The Gen API credential has no webhook token\. Enter/],
		[{}, { webhookToken: 'x'.repeat(15) }, /webhook token of the Gen API credential is too short/],
		[{ events: [] }, {}, /^Events is empty/],
		[{ target: ' ' }, {}, /^Target URL is empty/],
		[{ target: 'meusistema.com.br' }, {}, /^Target URL must be a web address/],
		[{ target: 'ftp://meusistema.com.br' }, {}, /^Target URL must be a web address/],
	])('refuses to create one with %j and %j', async (parameters, changes, message) => {
		const refused = refusal('webhook.create', { ...webhook, ...parameters }, changes);
		expect(await refused).toMatch(message);
	});

	it.each<[Json, object]>([
		[
			{ webhook: { id: 1, authorization: TOKEN } },
			{ webhook: { id: 1, authorization: '[redacted]' } },
		],
		[['w-1'], { answer: ['w-1'] }],
	])('never loses the answer %j to a new one', async (answer, payload) => {
		const { items } = await run('webhook.create', webhook, answer);
		const warning = expect.stringMatching(/its answer has no webhook ID\./);
		expect(items).toEqual([{ id: null, warning, payload }]);
	});

	it('lists them without their tokens', async () => {
		const answer = [{ id: 1, authorization: 'of another' }, { id: 2 }, { id: 3 }];
		const { call, items } = await run('webhook.getAll', { limit: 2 }, answer);
		expect(call).toMatchObject({ method: 'GET', url: `${API}/webhooks` });
		expect(items).toEqual([{ id: 1, authorization: '[redacted]' }, { id: 2 }]);
	});

	it('deletes one', async () => {
		const { call, items } = await run('webhook.delete', webhook, '');
		expect(call).toMatchObject({ method: 'DELETE', url: `${API}/webhooks/a%2Fb` });
		expect(items).toEqual([{ id: 'a/b', deleted: true }]);
		expect(await refusal('webhook.delete', { webhookId: '' })).toMatch(/^Webhook ID is empty/);
	});

	const NOT_OFFERED = 'The API of this Gen account does not offer';
	const UNKNOWN = 'Gen has no webhook with this ID, or does not offer to delete webhooks';
	it.each<[string, number, string]>([
		['webhook.getAll', 404, `${NOT_OFFERED} the list of webhooks`],
		['webhook.getAll', 405, `${NOT_OFFERED} the list of webhooks`],
		['webhook.delete', 404, UNKNOWN],
		['webhook.delete', 405, `${NOT_OFFERED} to delete webhooks`],
	])('explains that %s is answered %i', async (name, status, message) => {
		const error: unknown = await run(name, webhook, httpError(status)).catch(
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message,
			description: 'Manage webhooks in Gen under Perfil e preferências > Notificações.',
			context: { itemIndex: 0 },
		});
	});

	it.each<[string, Error, string]>([
		['webhook.getAll', httpError(500), 'Gen answered 500'],
		['webhook.create', httpError(404), 'Gen answered 404'],
		['webhook.delete', new Error('No credential'), 'No credential'],
	])('keeps other errors of %s', async (name, failure, message) => {
		const error: unknown = await run(name, webhook, failure).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ message });
	});
});
