import { DateTime } from 'luxon';
import { NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import type { Json } from '../../../nodes/core/json';
import { Gen } from '../../../nodes/Gen/Gen.node';
import {
	readEntries,
	simplifySubject,
	withoutAuthorization,
} from '../../../nodes/Gen/actions/answer';
import { readCustomer } from '../../../nodes/Gen/actions/customer';
import { eventItem } from '../../../nodes/Gen/actions/event/getAll';
import {
	getCheckoutPage,
	buildCheckoutUrl,
	orderBody,
	orderItem,
} from '../../../nodes/Gen/actions/order/create';
import { paymentBody } from '../../../nodes/Gen/actions/payment/create';
import { paymentItem } from '../../../nodes/Gen/actions/payment/payment';
import { refundBody } from '../../../nodes/Gen/actions/payment/refund';
import { webhookBody } from '../../../nodes/Gen/actions/webhook/create';
import { redactor } from '../../../nodes/core/redact';
import { fakeExecute, httpError, type Run } from '../../../testkit/fakes/fakeExecute.mts';
import { TOKEN } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import { comparable, expectedItem } from '../../../testkit/providers/items.mts';

const ZONE = 'America/Sao_Paulo';

/** The customer of the documents' samples, as the parameters hold it. */
const newCustomer = {
	customerSource: 'new',
	customer: {
		name: 'Jhon Trevor',
		email: 'customer@email.com',
		cpf: '012.345.678-91',
		phone: '+5562992929292',
		birthDate: '1965-08-10',
		cnpj: '12.345.678/0001-66',
		address: {
			fields: {
				line1: 'Rua tal',
				line2: '0',
				line3: 'QD 2, LT 1, Ed. Sala 100',
				neighborhood: 'Centro',
				city: 'São Paulo',
				state: 'SP',
				countryCode: 'BR',
				postalCode: '01153-000',
			},
		},
	},
};

/** The same as the documents' requests have it. */
const customer = {
	name: 'Jhon Trevor',
	email: 'customer@email.com',
	cpf: '01234567891',
	phone: '+5562992929292',
	birth_date: '1965-08-10',
	cnpj: '12345678000166',
	address: {
		line1: 'Rua tal',
		line2: '0',
		line3: 'QD 2, LT 1, Ed. Sala 100',
		neighborhood: 'Centro',
		city: 'São Paulo',
		state: 'SP',
		country_code: 'BR',
		postal_code: '01153-000',
	},
};

const CUSTOMER_ID = 'e035c42f-1ad9-4edd-db73-ebc0a2b227cc';
const ORDER_ID = '6c48f2e3-722a-8198-fffc-73b458502665';
const PAYMENT_ID = '12ac0bcb-397b-776d-a621-fce33ec302e9';

describe('the request of an order', () => {
	const product = { description: 'Produto 1', quantity: 2, unitPrice: 22.9 };
	const documentedItem = { description: 'Produto 1', quantity: 2, unit_price_cents: 2290 };
	const parameters = (changes: object = {}) => ({
		items: { item: [product] },
		customerSource: 'none',
		additionalFields: {},
		...changes,
	});

	it('is the one of "Gerando pedidos"', () => {
		const body = orderBody(
			parameters({ ...newCustomer, additionalFields: { externalId: 'id-sua-plataforma-123' } }),
		);
		const documented = {
			order: { items: [documentedItem], customer, external_id: 'id-sua-plataforma-123' },
		};
		expect(body).toEqual(documented);
		expect(Object.keys(objectAt(body, 'order'))).toEqual(Object.keys(documented.order));
	});

	it('may restrict methods and installments', () => {
		const additionalFields = { methods: ['BANK_SLIP', 'PIX'], maxInstallments: 3 };
		expect(orderBody(parameters({ additionalFields }))).toEqual({
			order: { items: [documentedItem], methods: ['BANK_SLIP', 'PIX'], max_installments: 3 },
		});
	});

	it('has nothing that was left empty', () => {
		const additionalFields = {
			externalId: '  ',
			methods: [],
			maxInstallments: '',
			extraFields: '{}',
			redirectUrl: 'https://example.com',
			checkout: 'production',
		};
		expect(orderBody(parameters({ additionalFields }))).toEqual({
			order: { items: [documentedItem] },
		});
	});

	it.each([
		[0.1 + 0.2, 30],
		[19.99, 1999],
		[1234567.89, 123456789],
		['19.99', 1999],
		[0, 0],
	])('has the price %p in cents', (unitPrice, cents) => {
		const body = orderBody(parameters({ items: { item: [{ ...product, unitPrice }] } }));
		expect(body).toMatchObject({ order: { items: [{ unit_price_cents: cents }] } });
	});

	it('has the extra fields, which win', () => {
		const extra = { fees: [{ seller_id: '7' }], external_id: 'b', customer: { gender: 'F' } };
		const additionalFields = { externalId: 'a', extraFields: JSON.stringify(extra) };
		expect(orderBody(parameters({ ...newCustomer, additionalFields }))).toEqual({
			order: {
				items: [documentedItem],
				customer: { ...customer, gender: 'F' },
				external_id: 'b',
				fees: [{ seller_id: '7' }],
			},
		});
	});

	it('may have its items from the extra fields', () => {
		const extraFields = { items: [documentedItem] };
		expect(orderBody(parameters({ items: {}, additionalFields: { extraFields } }))).toEqual({
			order: { items: [documentedItem] },
		});
	});

	it.each<[object, RegExp]>([
		[{ items: {} }, /^Items is empty\. Add one\.$/],
		[{ items: '' }, /^Items is empty/],
		[{ items: { item: [product, {}] } }, /^Description of item 2 is empty/],
		[{ items: { item: ['Produto 1'] } }, /^Description of item 1 is empty/],
		[
			{ items: { item: [{ ...product, quantity: 0 }] } },
			/^Quantity of item 1 must be an integer of at least 1/,
		],
		[{ items: { item: [{ ...product, quantity: 1.5 }] } }, /^Quantity of item 1/],
		[
			{ items: { item: [{ ...product, unitPrice: '' }] } },
			/^Unit Price of item 1 must be an amount/,
		],
		[{ items: { item: [{ ...product, unitPrice: 1.999 }] } }, /^Unit Price of item 1 has parts/],
		[{ additionalFields: { maxInstallments: 13 } }, /^Max Installments must be an integer from 1/],
		[{ additionalFields: { extraFields: '[1]' } }, /^Extra Fields must be a valid JSON object/],
		[{ additionalFields: { externalId: { a: 1 } } }, /^The field externalId must be text/],
		[{ customerSource: 'id', customerId: ' ' }, /^Customer ID is empty/],
		[{ customerSource: 'new', customer: {} }, /^The new customer has no data/],
		[{ customerSource: 'New' }, /^Customer must be one of the choices/],
	])('is refused with %j', (changes, message) => {
		expect(() => orderBody(parameters(changes))).toThrow(message);
	});
});

describe('a customer', () => {
	it('may be known already', () => {
		const parameters = { customerSource: 'id', customerId: ` ${CUSTOMER_ID} `, customer };
		expect(readCustomer(parameters)).toEqual({ customer_id: CUSTOMER_ID });
	});

	it.each(['none', 'order'])('may be %s', (customerSource) => {
		expect(readCustomer({ customerSource, customerId: 'x', customer: { name: 'x' } })).toEqual({});
	});

	it('has only what was entered, in the form of the documents', () => {
		const fields = {
			name: ' Ana ',
			email: '',
			phone: '(62) 99292-9292',
			cnpj: '12.abc.345/01de-35',
			birthDate: '1965-08-10T00:00:00',
			address: { fields: { city: 'Recife', state: '' } },
		};
		expect(readCustomer({ customerSource: 'new', customer: fields })).toEqual({
			customer: {
				name: 'Ana',
				phone: '+5562992929292',
				cnpj: '12ABC34501DE35',
				birth_date: '1965-08-10',
				address: { city: 'Recife', country_code: 'BR' },
			},
		});
	});

	it('may live in another country, or in none that is known', () => {
		const country = (countryCode: string) =>
			readCustomer({
				customerSource: 'new',
				customer: {
					phone: '+351 912 345 678',
					address: { fields: { city: 'Porto', countryCode } },
				},
			});
		expect(country('PT')).toEqual({
			customer: { phone: '+351 912 345 678', address: { city: 'Porto', country_code: 'PT' } },
		});
		expect(country('')).toMatchObject({ customer: { address: { city: 'Porto' } } });
	});

	it.each(['10/08/1965', '1965-02-30', '1965-08', '1965-08-101'])(
		'was not born on %s',
		(birthDate) => {
			expect(() => readCustomer({ customerSource: 'new', customer: { birthDate } })).toThrow(
				/^Birth Date must be a date as YYYY-MM-DD/,
			);
		},
	);
});

describe('the request of a payment', () => {
	const common = {
		sessionId: '123',
		orderId: ORDER_ID,
		customerSource: 'order',
		additionalFields: {},
	};
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
	const savedCard = { ...common, method: 'CREDIT_CARD', cardSource: 'saved' };

	it.each<[string, object, object]>([
		[
			'"Gerando um PIX"',
			{ ...pix, ...newCustomer, additionalFields: { externalId: 'id_do_seu_sistema' } },
			{
				session_id: '123',
				order_id: ORDER_ID,
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
				session_id: '123',
				order_id: ORDER_ID,
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
				additionalFields: {
					installments: 2,
					delayCapture: false,
					saveCard: false,
					externalId: 'id_do_seu_sistema',
				},
			},
			{
				session_id: '123',
				order_id: ORDER_ID,
				method: 'CREDIT_CARD',
				credit: {
					installments: 2,
					delay_capture: false,
					save_card: false,
					credit_card: {
						token: 'token-do-cartao',
						holder_name: 'Nome do portador',
						expiration_month: 12,
						expiration_year: 24,
					},
				},
				customer,
				external_id: 'id_do_seu_sistema',
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
				session_id: '123',
				order_id: ORDER_ID,
				method: 'CREDIT_CARD',
				credit: { installments: 2, delay_capture: true, credit_card_id: CUSTOMER_ID },
			},
		],
	])('is the one of %s', (_page, parameters, documented) => {
		const { payment } = paymentBody({ ...parameters }, ZONE);
		expect(payment).toEqual(documented);
		expect(Object.keys(payment ?? {})).toEqual(Object.keys(documented));
	});

	it('has nothing that was left empty, and nothing of another method', () => {
		const empty = { cardHolderName: ' ', additionalFields: { installments: '', saveCard: '' } };
		expect(paymentBody({ ...pix, ...bankSlip, ...card, ...empty }, ZONE)).toEqual({
			payment: {
				session_id: '123',
				order_id: ORDER_ID,
				method: 'CREDIT_CARD',
				credit: {
					credit_card: { token: 'token-do-cartao', expiration_month: 12, expiration_year: 24 },
				},
			},
		});
	});

	it.each<[unknown, string]>([
		['2022-04-01T00:05:00', '2022-04-01T00:05:00'],
		[' 2022-04-01T00:05:00-03:00 ', '2022-04-01T00:05:00-03:00'],
		[
			DateTime.fromISO('2022-04-01T00:05:00', { zone: 'America/Manaus' }),
			'2022-04-01T00:05:00.000-04:00',
		],
		[new Date('2022-04-01T03:05:00Z'), '2022-04-01T00:05:00.000-03:00'],
	])('has the expiration %p of a PIX', (pixExpiration, expiration) => {
		const body = paymentBody({ ...pix, pixExpiration }, ZONE);
		expect(body).toMatchObject({ payment: { pix: { expiration } } });
	});

	it.each<[unknown, string]>([
		['2022-04-01', '2022-04-01'],
		['2022-04-01T23:59:00.000-03:00', '2022-04-01'],
		['2022-04-01 10:00', '2022-04-01'],
		[DateTime.fromISO('2022-04-01T23:00:00', { zone: 'America/Manaus' }), '2022-04-01'],
		[new Date('2022-04-02T02:00:00Z'), '2022-04-01'],
	])('has the due date %p of a bank slip', (bankSlipDueDate, date) => {
		const body = paymentBody({ ...bankSlip, bankSlipDueDate }, ZONE);
		expect(body).toMatchObject({ payment: { bank_slip: { expiration_date: date } } });
	});

	it.each([
		['01', '2027', 1, 27],
		['9', '09', 9, 9],
		[12, 2031, 12, 31],
	])('has the expiration %p / %p of a card', (month, year, sentMonth, sentYear) => {
		const changes = { cardExpirationMonth: month, cardExpirationYear: year };
		expect(paymentBody({ ...card, ...changes }, ZONE)).toMatchObject({
			payment: {
				credit: { credit_card: { expiration_month: sentMonth, expiration_year: sentYear } },
			},
		});
	});

	it('has the extra fields, also inside its objects', () => {
		const extraFields = '{"device": {"ip": "203.0.113.7"}, "pix": {"note": "x"}}';
		expect(paymentBody({ ...pix, additionalFields: { extraFields } }, ZONE)).toMatchObject({
			payment: {
				pix: { expiration: '2022-04-01T00:05:00', note: 'x' },
				device: { ip: '203.0.113.7' },
			},
		});
	});

	it.each<[string, object]>([
		['as the token', { ...card, cardToken: '4012001037141112' }],
		['with spaces', { ...card, cardToken: '4012 0010 3714 1112' }],
		['with hyphens', { ...card, cardToken: '4012-0010-3714-1112' }],
		['as a number', { ...card, cardToken: 4012001037141112 }],
		['of 12 digits', { ...card, cardToken: '501200103714' }],
		['of 19 digits', { ...card, cardToken: '4012001037141112123' }],
		['as the ID of a saved card', { ...savedCard, creditCardId: '4012001037141112' }],
		[
			'in the extra fields',
			{
				...card,
				additionalFields: {
					extraFields: '{"credit": {"credit_card": {"number": 4012001037141112}}}',
				},
			},
		],
		[
			'in extra fields of another name',
			{ ...pix, additionalFields: { extraFields: { card_number: ['4012001037141112'] } } },
		],
	])('is refused with a card number %s, which the error does not repeat', (_how, parameters) => {
		const build = () => paymentBody({ ...parameters }, ZONE);
		expect(build).toThrow(/^A card number must not pass .* tokenize it in the customer's browser/);
		expect(build).not.toThrow(/\d{4}/);
	});

	it('may have long numbers that are no card', () => {
		const additionalFields = { externalId: '4012001037141112', extraFields: { nsu: 123456789012 } };
		expect(paymentBody({ ...card, additionalFields }, ZONE)).toMatchObject({
			payment: { external_id: '4012001037141112', nsu: 123456789012 },
		});
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
		[{ ...bankSlip, bankSlipDueDate: '01/04/2022' }, /^Bank Slip Due Date must be a date/],
		[{ ...bankSlip, bankSlipDueDate: '2022-02-30T00:00:00' }, /^Bank Slip Due Date must be a date/],
		[{ ...bankSlip, bankSlipDueDate: 1648771200000 }, /^Bank Slip Due Date must be a date/],
		[{ ...card, cardToken: '' }, /^Card Token is empty/],
		[{ ...card, cardExpirationMonth: '' }, /^Card Expiration Month is empty/],
		[{ ...card, cardExpirationMonth: '13' }, /^Card Expiration Month must be an integer from 1/],
		[{ ...card, cardExpirationYear: '' }, /^Card Expiration Year is empty/],
		[{ ...card, cardExpirationYear: '1999' }, /^Card Expiration Year must be a year/],
		[{ ...savedCard, creditCardId: '' }, /^Saved Card ID is empty/],
		[
			{ ...card, additionalFields: { installments: 0 } },
			/^Installments must be an integer from 1 to 12/,
		],
		[
			{ ...card, additionalFields: { installments: 13 } },
			/^Installments must be an integer from 1 to 12/,
		],
		[
			{ ...card, additionalFields: { delayCapture: 'yes' } },
			/^The field delayCapture must be true or false/,
		],
	])('is refused with %j', (parameters, message) => {
		expect(() => paymentBody({ ...parameters }, ZONE)).toThrow(message);
	});
});

describe('the request of a refund', () => {
	it.each([
		[22.9, 2290],
		[0.1 + 0.2, 30],
		[19.99, 1999],
		[1234567.89, 123456789],
		['0.01', 1],
	])('of %p has cents', (amount, cents) => {
		expect(refundBody(amount)).toEqual({ amount: cents });
	});

	it.each<[unknown, RegExp]>([
		[0, /^Amount is zero\. Enter/],
		['', /^Amount must be an amount/],
		[-1, /^Amount is below zero/],
		[0.001, /^Amount has parts of a cent/],
		['22,90', /^Amount must be an amount/],
	])('of %p is refused', (amount, message) => {
		expect(() => refundBody(amount)).toThrow(message);
	});
});

describe('the request of a webhook', () => {
	const credential = { webhookToken: TOKEN };
	const parameters = {
		events: ['PAYMENT.*', 'ORDER.*'],
		customEvents: '',
		target: 'https://meusistema.com.br/webhooks',
	};

	it('is the one of "Webhooks e Eventos", with the token of the credential', () => {
		const documented = {
			webhook: {
				events: ['PAYMENT.*', 'ORDER.*'],
				target: 'https://meusistema.com.br/webhooks',
				authorization: TOKEN,
			},
		};
		expect(webhookBody({ ...parameters, authorization: 'typed' }, credential)).toEqual(documented);
	});

	it('has typed events beside the chosen ones', () => {
		const customEvents = ' PAYMENT.PAID, ,charge-in,PAYMENT.PAID';
		const body = webhookBody({ ...parameters, events: ['charge-in'], customEvents }, credential);
		expect(body).toMatchObject({ webhook: { events: ['charge-in', 'PAYMENT.PAID'] } });
	});

	it.each<[object, object, RegExp]>([
		[{}, {}, /^The Gen API credential has no webhook token\. Enter a secret of 16 characters/],
		[{}, { webhookToken: '  ' }, /has no webhook token/],
		[{}, { previousToken: TOKEN }, /has no webhook token/],
		[{}, { webhookToken: 'x' }, /webhook token of the Gen API credential is too short/],
		[{}, { webhookToken: `${TOKEN} ` }, /has spaces at its ends/],
		[{ events: [] }, credential, /^Events is empty/],
		[{ target: 'meusistema.com.br' }, credential, /^Target URL must be a web address/],
		[{ target: 'ftp://meusistema.com.br' }, credential, /^Target URL must be a web address/],
	])('is refused with %j and %j', (changes, held, message) => {
		expect(() => webhookBody({ ...parameters, ...changes }, { ...held })).toThrow(message);
	});
});

it('what is said of webhooks never has an authorization that can be read', () => {
	const webhook = {
		id: 1,
		authorization: 'a',
		headers: [{ Authorization: { scheme: 'Bearer', token: 'b' }, name: 'x' }],
		nested: { AUTHORIZATION: null, authorizations: 2 },
	};
	expect(withoutAuthorization(webhook)).toEqual({
		id: 1,
		authorization: '[redacted]',
		headers: [{ Authorization: '[redacted]', name: 'x' }],
		nested: { AUTHORIZATION: '[redacted]', authorizations: 2 },
	});
});

describe('the list of an answer', () => {
	it.each<[Json, Json]>([
		[[], []],
		[{ data: [] }, []],
		[[{ a: 1 }], [{ a: 1 }]],
		[{ data: [{ a: 1 }], total: 9 }, [{ a: 1 }]],
	])('%j is read', (answer, entries) => {
		expect(readEntries(answer)).toEqual(entries);
	});

	it.each<[Json]>([[null], [''], [{}], [{ data: {} }], [{ data: null }], [{ events: [] }], ['ok']])(
		'%j is none',
		(answer) => {
			expect(() => readEntries(answer)).toThrow(
				/^Gen answered with something other than a list\. /,
			);
		},
	);

	it.each<[Json]>([[[{}, null]], [[{}, 'x']], [{ data: [{}, []] }]])(
		'%j has an entry that is no object',
		(answer) => {
			expect(() => readEntries(answer)).toThrow(
				/^Gen answered with a list whose entry 2 is not an object\. /,
			);
		},
	);
});

it('an event of the log is the item of the trigger', () => {
	for (const name of ['PAYMENT.CREATED', 'variation-order-event', 'variation-payment-credit']) {
		const body = readFixture('Gen', name);
		expect(comparable(eventItem(body, redactor([])))).toEqual(expectedItem('Gen', name));
	}
	const echoed = { ...readFixture('Gen', 'PAYMENT.CREATED'), event: `PAYMENT.${TOKEN}` };
	expect(JSON.stringify(eventItem(echoed, redactor([TOKEN])))).not.toContain(TOKEN);
});

describe('the page to pay on', () => {
	const url = (environment: string, additional: Record<string, string> = {}) =>
		buildCheckoutUrl(ORDER_ID, getCheckoutPage(environment, additional));
	const production = `https://checkout.gen.com.br/external/order/${ORDER_ID}`;
	const homologation = `https://checkout.dev.gen.com.br/external/order/${ORDER_ID}`;

	it.each([
		['sandbox', {}, homologation],
		['production', {}, production],
		['custom', {}, production],
		['sandbox', { checkout: 'automatic', redirectUrl: ' ' }, homologation],
		['sandbox', { checkout: 'production' }, production],
		['production', { checkout: 'homologation' }, homologation],
		[
			'production',
			{ redirectUrl: 'https://example.com/obrigado?a=1&b=ç' },
			`${production}?redirectTo=https%3A%2F%2Fexample.com%2Fobrigado%3Fa%3D1%26b%3D%C3%A7`,
		],
	])('of %s with %j', (environment, additional, expected) => {
		expect(url(environment, additional)).toBe(expected);
	});

	it.each([
		[7, 'https://checkout.gen.com.br/external/order/7'],
		['a/b?c', 'https://checkout.gen.com.br/external/order/a%2Fb%3Fc'],
		['', null],
		[null, null],
		[undefined, null],
		[['7'], null],
	])('of the order %j', (id, expected) => {
		expect(buildCheckoutUrl(id, getCheckoutPage('production', {}))).toBe(expected);
	});
});

describe('the item of an order', () => {
	const page = getCheckoutPage('sandbox', {});
	const data = objectAt(readFixture('Gen', 'variation-order-event'), 'data');
	const order = { ...data, id: ORDER_ID };
	const checkoutUrl = `https://checkout.dev.gen.com.br/external/order/${ORDER_ID}`;

	it('is in the form of the items of the trigger', () => {
		const item = orderItem({ data: order }, true, page);
		const { customer: buyer, createdAt, updatedAt } = expectedItem('Gen', 'variation-order-event');
		expect(item).toEqual({
			id: ORDER_ID,
			status: null,
			createdAt,
			updatedAt,
			customer: buyer,
			order: { id: ORDER_ID, externalId: 'id-sua-plataforma-123', total: 45.8 },
			checkoutUrl,
			warning: null,
		});
		expect(Object.keys(item).at(-1)).toBe('warning');
	});

	it('is the answer and the page, without Simplify', () => {
		expect(orderItem({ data: order }, false, page)).toEqual({ ...order, checkoutUrl });
		expect(orderItem(order, false, page)).toEqual({ ...order, checkoutUrl });
	});

	it.each<[Json]>([[{}], [{ data: {} }], [null], ['']])('has all its keys for %j', (answer) => {
		const warning = expect.stringMatching(/^Gen accepted the request, but its answer is empty\./);
		expect(orderItem(answer, true, page)).toEqual({
			id: null,
			status: null,
			createdAt: null,
			updatedAt: null,
			customer: expect.objectContaining({ id: null, name: null }),
			order: { id: null, externalId: null, total: null },
			checkoutUrl: null,
			warning,
		});
	});

	it('carries the answer where it has no ID', () => {
		const answer = { data: { order_id: 7 }, request: 'r-1' };
		expect(orderItem(answer, true, page)).toMatchObject({
			id: null,
			checkoutUrl: null,
			warning:
				'Gen accepted the request, but its answer has no order ID. Read the answer under payload, and check the order at Gen before you repeat the request.',
			payload: { order: { order_id: 7 }, request: 'r-1' },
		});
	});

	it('is not lost where a list is answered', () => {
		const answer = { data: [order] };
		expect(orderItem(answer, true, page)).toMatchObject({
			id: null,
			checkoutUrl: null,
			warning: 'Unreadable: order.',
			payload: { order: [order] },
		});
		expect(orderItem(answer, false, page)).toEqual({ data: [order], checkoutUrl: null });
		expect(orderItem([order], false, page)).toEqual({ data: [order], checkoutUrl: null });
	});
});

describe('the item of a payment', () => {
	const fixture = 'variation-payment-bank-slip-as-documented';
	const payment = objectAt(readFixture('Gen', fixture), 'data');

	it('is in the form of the items of the trigger', () => {
		const { provider: _p, event: _e, delivery: _d, ...expected } = expectedItem('Gen', fixture);
		const item = paymentItem({ data: payment }, true);
		expect(item).toEqual({ ...expected, warning: null });
		expect(Object.keys(item)).toEqual([...Object.keys(expected), 'warning']);
	});

	it('is the answer, without Simplify', () => {
		expect(paymentItem({ data: payment }, false)).toEqual(payment);
		expect(paymentItem([payment], false)).toEqual({ data: [payment] });
	});

	it('is there when half of it is missing', () => {
		const half = Object.fromEntries(
			Object.entries(payment).filter((_entry, index) => index % 2 === 0),
		);
		expect(paymentItem({ data: half }, true)).toMatchObject({
			id: PAYMENT_ID,
			payment: { id: PAYMENT_ID, pixCode: null },
			warning: null,
		});
		expect(paymentItem({ data: { id: 7, status: 'PAID' } }, true)).toMatchObject({
			id: '7',
			status: 'PAID',
			payment: { id: '7', total: null },
			warning: null,
		});
	});

	it('says what is unreadable, and keeps it', () => {
		const odd = { ...payment, total_cents: 'R$ 10', bank_slip: 'https://example.com' };
		expect(paymentItem({ data: odd }, true)).toMatchObject({
			id: PAYMENT_ID,
			payment: { total: null, bankSlipLine: null },
			warning: 'Unreadable: payment.total_cents, payment.bank_slip.',
			payload: { payment: odd },
		});
	});

	it.each<[Json, object]>([
		[{ data: { refund_id: 'r-1', amount: 580 } }, { payment: { refund_id: 'r-1', amount: 580 } }],
		[{ refund_id: 'r-1' }, { payment: { refund_id: 'r-1' } }],
		[
			{ data: {}, refund_id: 'r-1' },
			{ payment: {}, refund_id: 'r-1' },
		],
		[
			{ data: 'ok', refund_id: 'r-1' },
			{ payment: 'ok', refund_id: 'r-1' },
		],
		[{ data: { payment: { id: 7 } } }, { payment: { payment: { id: 7 } } }],
		[{ data: { id: { of: 7 } } }, { payment: { id: { of: 7 } } }],
		[
			{ data: null, payment: { refund_id: 7 } },
			{ payment: { data: null, payment: { refund_id: 7 } } },
		],
		[{ data: {}, payment: { refund_id: 7 } }, { payment: { data: {}, payment: { refund_id: 7 } } }],
	])('carries the answer %j, which has no ID', (answer, payload) => {
		const item = paymentItem(answer, true);
		expect(item).toMatchObject({ id: null, payload });
		expect(item.warning).toMatch(
			/(but its answer has no payment ID\. Read the answer under payload|^Unreadable: payment)/,
		);
	});

	it('says that an answer without an ID is empty', () => {
		const item = paymentItem('', true);
		expect(item.warning).toBe(
			'Gen accepted the request, but its answer is empty. Check the payment at Gen before you repeat the request.',
		);
		expect(item).not.toHaveProperty('payload');
	});

	it.each<[Json]>([[[payment]], [{ data: [payment] }], ['PAID'], [7], [false]])(
		'is not lost where %j is answered',
		(answer) => {
			const { values, problem } = simplifySubject('payment', answer);
			expect(values).toMatchObject({ id: null, payment: { id: null } });
			expect(problem.warning).toBe('Unreadable: payment.');
			expect(problem.payload).toEqual({
				payment: objectAt({ data: answer }, 'data').data ?? answer,
			});
		},
	);
});

describe('the node', () => {
	const credential = {
		environment: 'sandbox',
		sellerId: 'seller/1',
		refreshToken: 'refresh-0123456789',
		webhookToken: TOKEN,
		previousToken: 'an-older-token-0123456789',
	};
	const API = 'https://api-sandbox.genpag.com.br/api';

	async function run(parameters: Record<string, unknown>, more: Run = {}) {
		const { context, calls } = fakeExecute({ items: [parameters], credential, ...more });
		const [items = []]: INodeExecutionData[][] = await new Gen().execute.call(context);
		return { calls, items: items.map(({ json }) => json) };
	}

	it('creates an order', async () => {
		const { calls, items } = await run(
			{
				resource: 'order',
				operation: 'create',
				items: { item: [{ description: 'Produto 1', quantity: 2, unitPrice: 22.9 }] },
				customerSource: 'none',
				additionalFields: { redirectUrl: 'https://example.com' },
			},
			{ answer: { data: { id: ORDER_ID, total_cents: 4580, note: TOKEN } } },
		);
		expect(calls).toMatchObject([
			{
				method: 'POST',
				url: `${API}/sellers/seller%2F1/orders`,
				body: {
					order: { items: [{ description: 'Produto 1', quantity: 2, unit_price_cents: 2290 }] },
				},
			},
		]);
		expect(items).toMatchObject([
			{
				id: ORDER_ID,
				order: { total: 45.8 },
				checkoutUrl: `https://checkout.dev.gen.com.br/external/order/${ORDER_ID}?redirectTo=https%3A%2F%2Fexample.com`,
			},
		]);
	});

	const payment = { resource: 'payment', paymentId: PAYMENT_ID };
	it.each([
		[
			{
				...payment,
				operation: 'create',
				method: 'PIX',
				orderId: ORDER_ID,
				sessionId: '1',
				pixExpiration: '2027-01-01T00:00:00',
				customerSource: 'order',
			},
			'/sellers/seller%2F1/payments',
			{
				payment: {
					session_id: '1',
					order_id: ORDER_ID,
					method: 'PIX',
					pix: { expiration: '2027-01-01T00:00:00' },
				},
			},
		],
		[
			{ ...payment, operation: 'capture' },
			`/sellers/seller%2F1/payments/${PAYMENT_ID}/capture`,
			// As text: n8n would leave an empty object out.
			'{}',
		],
		[
			{ ...payment, operation: 'refund', amount: 22.9 },
			`/sellers/seller%2F1/pix/refund/${PAYMENT_ID}`,
			{ amount: 2290 },
		],
	])('does %j', async (parameters, path, body) => {
		const data = { id: PAYMENT_ID, status: 'PAID', total_cents: 2290, secret: TOKEN };
		const simple = await run(parameters, { answer: { data } });
		expect(simple.calls).toMatchObject([{ method: 'POST', url: `${API}${path}` }]);
		expect(simple.calls[0]?.body).toEqual(body);
		expect(simple.items).toMatchObject([
			{ id: PAYMENT_ID, status: 'PAID', payment: { total: 22.9 }, warning: null },
		]);
		const raw = await run({ ...parameters, simplify: false }, { answer: { data } });
		expect(raw.items).toEqual([{ ...data, secret: '[redacted]' }]);
	});

	it('asks for nothing when a parameter is wrong', async () => {
		const { context, calls } = fakeExecute({
			items: [{ ...payment, operation: 'refund', amount: 0 }],
			credential,
		});
		await expect(new Gen().execute.call(context)).rejects.toThrow(/^Amount is zero/);
		expect(calls).toEqual([]);
	});

	const log = { resource: 'event', operation: 'getAll' };
	const event = readFixture('Gen', 'PAYMENT.CREATED');

	it('reads the event log', async () => {
		const answer = { data: [event, { ...event, echo: TOKEN }, event] };
		const simple = await run({ ...log, limit: 2 }, { answer });
		expect(simple.calls).toMatchObject([{ method: 'GET', url: `${API}/events` }]);
		expect(simple.calls[0]?.qs).toBeUndefined();
		expect(simple.items).toHaveLength(2);
		expect(comparable(simple.items[0] ?? {})).toEqual(expectedItem('Gen', 'PAYMENT.CREATED'));
		const raw = await run({ ...log, returnAll: true, simplify: false }, { answer });
		expect(raw.items).toEqual([event, { ...event, echo: '[redacted]' }, event]);
	});

	it.each([{ data: {} }, [event, null]])('does not skip what is no event in %j', async (answer) => {
		await expect(run({ ...log, simplify: false }, { answer })).rejects.toThrow(/^Gen answered/);
	});

	it('reads the notifications', async () => {
		const { previousToken } = credential;
		const answer = [{ id: 1, request: { headers: { Authorization: 'x' } } }, { id: previousToken }];
		const { calls, items } = await run(
			{ resource: 'notification', operation: 'getAll' },
			{ answer },
		);
		expect(calls).toMatchObject([{ method: 'GET', url: `${API}/notifications` }]);
		expect(items).toEqual([
			{ id: 1, request: { headers: { Authorization: '[redacted]' } } },
			{ id: '[redacted]' },
		]);
	});

	const webhook = { resource: 'webhook', webhookId: 'a/b' };

	it('creates a webhook, and does not show its secret', async () => {
		const target = 'https://meusistema.com.br/webhooks';
		const events = ['PAYMENT.*'];
		const { calls, items } = await run(
			{ ...webhook, operation: 'create', target, events },
			{ answer: { data: { id: 1, events, target, authorization: TOKEN, key: `x${TOKEN}` } } },
		);
		expect(calls[0]?.body).toEqual({ webhook: { events, target, authorization: TOKEN } });
		expect(items).toEqual([
			{ id: 1, events, target, authorization: '[redacted]', key: 'x[redacted]' },
		]);
	});

	it.each<[Json, object]>([
		[
			{ webhook: { id: 1, authorization: TOKEN } },
			{ payload: { webhook: { id: 1, authorization: '[redacted]' } } },
		],
		[{ data: { uuid: 'w-1' }, request: 7 }, { payload: { data: { uuid: 'w-1' }, request: 7 } }],
		[['w-1'], { payload: { answer: ['w-1'] } }],
		['', {}],
	])('creates a webhook, and carries the answer %j, which has no ID', async (answer, carried) => {
		const { items } = await run(
			{ ...webhook, operation: 'create', target: 'https://meusistema.com.br', events: ['ORDER.*'] },
			{ answer },
		);
		expect(items).toEqual([
			{
				id: null,
				warning: expect.stringMatching(
					/^Gen accepted the request, but its answer (has no webhook ID|is empty)\./,
				),
				...carried,
			},
		]);
	});

	it('lists the webhooks without their secrets', async () => {
		const { calls, items } = await run(
			{ ...webhook, operation: 'getAll' },
			{ answer: [{ id: 1, authorization: 'of another' }, { id: 2 }] },
		);
		expect(calls).toMatchObject([{ method: 'GET', url: `${API}/webhooks` }]);
		expect(items).toEqual([{ id: 1, authorization: '[redacted]' }, { id: 2 }]);
	});

	it('deletes a webhook', async () => {
		const { calls, items } = await run({ ...webhook, operation: 'delete' }, { answer: '' });
		expect(calls).toMatchObject([{ method: 'DELETE', url: `${API}/webhooks/a%2Fb` }]);
		expect(items).toEqual([{ id: 'a/b', deleted: true }]);
	});

	it.each([
		['getAll', 404, /^The API of this Gen account does not offer the list of webhooks$/],
		['getAll', 405, /^The API of this Gen account does not offer the list of webhooks$/],
		['delete', 404, /^Gen has no webhook with this ID, or does not offer to delete webhooks$/],
		['delete', 405, /^The API of this Gen account does not offer to delete webhooks$/],
	])('explains that %s of webhooks is answered %i', async (operation, status, message) => {
		const error: unknown = await run(
			{ ...webhook, operation },
			{ answer: httpError(status) },
		).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: expect.stringMatching(message),
			description: 'Manage webhooks in Gen under Perfil e preferências > Notificações.',
			context: { itemIndex: 0 },
		});
	});

	it.each([
		['getAll', 500],
		['delete', 403],
		['create', 404],
	])('leaves %s answered %i as it is', async (operation, status) => {
		const parameters = { target: 'https://example.com', events: ['ORDER.*'] };
		const error: unknown = await run(
			{ ...webhook, ...parameters, operation },
			{ answer: httpError(status) },
		).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ message: `Gen answered ${status}` });
	});
});
