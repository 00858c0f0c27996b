import type { Json, JsonObject } from '../../../nodes/core/json';
import { testKey } from '../../../nodes/GestaoOnline/gestaoOnlineApi';
import { cancelCall, canceledOrder } from '../../../nodes/GestaoOnline/actions/order/cancel';
import {
	createCall,
	createdOrder,
	type NewOrder,
} from '../../../nodes/GestaoOnline/actions/order/create';
import { cleanOrder, getCall, readOrder } from '../../../nodes/GestaoOnline/actions/order/get';

const utc = (date: string): JsonObject => ({ date, timezone_type: 3, timezone: 'UTC' });

/** The sample answer of "Listar Dados de Pedido"; only the long addresses of files are shortened. */
const answer: JsonObject = {
	data: {
		id: 593,
		type: 'V',
		code: '0000593098',
		date: utc('2021-03-02 21:02:53.000000'),
		status: 1,
		orderDiscount: 0,
		orderTotal: 150,
		statusPayment: 'CONCLUIDO',
		user: {
			id: 2,
			document: '123421341234',
			name: 'Solucoes Inteligentes Servicos EIRELI',
			stateRegistration: null,
			email: 'example@example.com',
			phone: null,
			cellphone: '123423434',
			state: 'PB',
			city: 'Joao Pessoa',
			address: 'Avenida Dom Pedro ii',
			neighborhood: 'Centro',
			number: 972,
			addressDetail: 'Sala 107',
			zipCode: '1232343',
		},
		orderItems: [
			{
				id: 483,
				quantity: 1,
				price: 150,
				description: 'CERTIFICADO PJ A1',
				image: {
					name: 'cert_soluti_a1_4_7.png',
					description: 'cert_soluti_a1_4_7.png',
					href: 'https://dev.gestao.plus/file?q={}==',
				},
			},
		],
		financialItems: [
			{
				id: 488,
				code: 'GOPAGHOM_708=============a',
				dueDate: utc('2021-03-02 00:00:00.000000'),
				installment: 1,
				amountPaid: 75,
				amount: 75,
				type: 'CARTAO_CREDITO',
				status: 'LIQUIDADO',
				payment: [],
			},
			{
				id: 489,
				code: 'GOPAGHOM_708f=============0b954a',
				dueDate: utc('2021-04-01 00:00:00.000000'),
				installment: 2,
				amountPaid: 75,
				amount: 75,
				type: 'CARTAO_CREDITO',
				status: 'LIQUIDADO',
				payment: [],
			},
		],
		attachmentItems: [
			{
				id: 140,
				description: 'Hello world',
				type: 0,
				typeDescription: 'Boleto',
				name: 'hello-world.pdf',
				href: 'https://dev.gestao.plus/file?forceDownload=false&q=e2dvb2Q==',
			},
		],
		negotiationType: {
			id: 22,
			description: 'E-commerce - Cartão de crédito 2x',
			paymentSettings: { paymentMethod: 'CARTAO_CREDITO', installments: 2 },
			installments: [
				{
					id: 38,
					paymentMethod: 'CARTAO_CREDITO',
					generatePaymentBoleto: null,
					generatePaymentCreditCard: true,
					installmentDueDate: 0,
					installmentPercent: 50,
					installmentsType: 2,
					installments: 2,
					installment: 1,
				},
				{
					id: 39,
					paymentMethod: 'CARTAO_CREDITO',
					generatePaymentBoleto: null,
					generatePaymentCreditCard: true,
					installmentDueDate: 30,
					installmentPercent: 50,
					installmentsType: 2,
					installments: 2,
					installment: 2,
				},
			],
		},
	},
	type: 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html',
	title: 'Unknown',
	status: 200,
	detail: 'Fetch successfully',
};
const order = readOrder(answer);

/** The item of the sample, reviewed. */
const item = {
	id: '593',
	status: '1',
	createdAt: '2021-03-02T21:02:53Z',
	customer: {
		id: '2',
		name: 'Solucoes Inteligentes Servicos EIRELI',
		email: 'example@example.com',
		phone: '123423434',
		landline: null,
		document: '123421341234',
		documentType: null,
		address: {
			street: 'Avenida Dom Pedro ii',
			number: '972',
			complement: 'Sala 107',
			neighborhood: 'Centro',
			city: 'Joao Pessoa',
			state: 'PB',
			postalCode: '1232343',
		},
	},
	order: {
		id: '593',
		code: '0000593098',
		utmId: null,
		type: 'V',
		total: 150,
		discount: 0,
		paymentStatus: 'CONCLUIDO',
	},
	items: [
		{
			id: '483',
			title: 'CERTIFICADO PJ A1',
			quantity: 1,
			price: 150,
			imageUrl: 'https://dev.gestao.plus/file?q={}==',
		},
	],
	installments: [
		{
			id: '488',
			code: 'GOPAGHOM_708=============a',
			number: 1,
			dueAt: '2021-03-02T00:00:00Z',
			amount: 75,
			amountPaid: 75,
			type: 'CARTAO_CREDITO',
			status: 'LIQUIDADO',
		},
		{
			id: '489',
			code: 'GOPAGHOM_708f=============0b954a',
			number: 2,
			dueAt: '2021-04-01T00:00:00Z',
			amount: 75,
			amountPaid: 75,
			type: 'CARTAO_CREDITO',
			status: 'LIQUIDADO',
		},
	],
	attachments: [
		{
			id: '140',
			title: 'Hello world',
			type: 'Boleto',
			url: 'https://dev.gestao.plus/file?forceDownload=false&q=e2dvb2Q==',
		},
	],
	payment: {
		method: 'CARTAO_CREDITO',
		installments: 2,
		description: 'E-commerce - Cartão de crédito 2x',
	},
	warning: null,
};

describe('an order that is got', () => {
	it('is asked for by its ID, which never leads elsewhere', () => {
		expect(getCall('593')).toEqual({ method: 'GET', path: '/order-external/593' });
		expect(getCall('../user?a=1').path).toBe('/order-external/..%2Fuser%3Fa%3D1');
		expect(() => getCall('..')).toThrow(
			'".." is not a valid ID. Enter the ID as the provider shows it.',
		);
	});

	it('becomes its reviewed item, with its keys in this order', () => {
		expect(cleanOrder(order)).toEqual(item);
		expect(JSON.stringify(cleanOrder(order))).toBe(JSON.stringify(item));
	});

	it('may have its amounts as texts, or none', () => {
		const amounts = {
			...order,
			orderTotal: '395.00',
			orderDiscount: null,
			orderItems: [{ price: '395.00', quantity: '2' }],
			financialItems: [{ amount: '197.50', amountPaid: null }],
		};
		expect(cleanOrder(amounts)).toMatchObject({
			order: { total: 395, discount: null },
			items: [{ price: 395, quantity: 2 }],
			installments: [{ amount: 197.5, amountPaid: null }],
			warning: null,
		});
	});

	it('has all its keys also where half of it is missing', () => {
		const half: JsonObject = {
			id: 593,
			status: 1,
			user: { name: 'Ana' },
			orderItems: [{ id: 483 }],
		};
		const clean = cleanOrder(half);
		expect(Object.keys(clean)).toEqual(Object.keys(item));
		expect(clean).toMatchObject({
			createdAt: null,
			customer: { name: 'Ana', document: null, address: { street: null, postalCode: null } },
			order: { id: '593', total: null },
			items: [{ id: '483', title: null, imageUrl: null }],
			installments: [],
			attachments: [],
			payment: { method: null, installments: null, description: null },
			warning: null,
		});
		expect(cleanOrder({})).toMatchObject({ id: null, items: [], warning: null });
	});

	it.each<[string, JsonObject, string]>([
		['a date without a zone', { date: { date: '2021-03-02 21:02:53.000000' } }, 'date'],
		['a date that is a text', { date: '2021-03-02' }, 'date'],
		['a list for an object', { user: ['Ana'] }, 'user'],
		['an object for a list', { orderItems: { 0: { id: 483 } } }, 'orderItems'],
		['an amount in words', { orderTotal: 'R$ 150,00' }, 'orderTotal'],
		[
			'a due date of nothing',
			{ financialItems: [{ id: 488, dueDate: {} }] },
			'financialItems[0].dueDate',
		],
	])('with %s names it, and has the order as sent beside it', (_, changes, path) => {
		const sent = { ...order, ...changes };
		const clean = cleanOrder(sent);
		expect(clean).toMatchObject({ id: '593', warning: `Unreadable: ${path}.`, payload: sent });
		expect(Object.keys(clean).slice(-2)).toEqual(['payload', 'warning']);
	});

	it.each<[JsonObject]>([[{}], [{ data: null }], [{ data: [] }], [{ detail: 'Fetch' }]])(
		'is missed in %j',
		(empty) => {
			expect(() => readOrder(empty)).toThrow(/holds no order\. Look the order up/);
		},
	);
});

describe('a new order', () => {
	const least: NewOrder = {
		name: 'Ana Souza',
		email: 'ana@example.com',
		document: '12345678909',
		items: { item: [{ product: 'CERT-A1', quantity: 1, price: '', discount: '' }] },
		additionalFields: {},
	};
	const bodyOf = (changes: Partial<NewOrder>) => createCall({ ...least, ...changes }).body;
	const itemsOf = (items: JsonObject) => bodyOf({ items })?.orderItems;

	it('sends no field that is empty', () => {
		expect(createCall(least)).toEqual({
			method: 'POST',
			path: '/order-external',
			body: {
				user: { name: 'Ana Souza', email: 'ana@example.com', document: '12345678909' },
				orderItems: [{ product: 'CERT-A1', quantity: 1 }],
			},
		});
		const additionalFields = { code: '', date: '', note: '  ', city: null, extraFields: '' };
		expect(bodyOf({ additionalFields })).toEqual(bodyOf({}));
	});

	it('sends each field where the document has it', () => {
		const customerFields = {
			nameLaw: 'Ana Souza ME',
			cellphone: '83987654321',
			phone: '8332101234',
			stateRegistration: '160000001',
			zipCode: '58013000',
			address: 'Avenida Dom Pedro II',
			number: '972',
			neighborhood: 'Centro',
			addressDetail: 'Sala 107',
			city: 'João Pessoa',
			state: 'PB',
		};
		const orderFields = {
			code: 'SALE-1',
			date: '2026-07-31 18:30:00',
			note: 'Call first',
			utmCampaign: 'winter',
			utmId: '42',
			utmMedium: 'email',
			utmSource: 'newsletter',
		};
		const { user, orderItems, ...rest } =
			bodyOf({ additionalFields: { ...customerFields, ...orderFields } }) ?? {};
		expect(rest).toEqual(orderFields);
		expect(user).toEqual({
			name: 'Ana Souza',
			email: 'ana@example.com',
			document: '12345678909',
			...customerFields,
		});
		expect(orderItems).toEqual([{ product: 'CERT-A1', quantity: 1 }]);
	});

	it('sends its amounts in reais, as typed', () => {
		const item = [
			{ product: 'A', quantity: 2, price: 19.9, discount: 0 },
			{ product: 7, quantity: '3', price: '150.00', discount: 0.05 },
		];
		expect(itemsOf({ item })).toEqual([
			{ product: 'A', quantity: 2, price: 19.9, discount: 0 },
			{ product: '7', quantity: 3, price: 150, discount: 0.05 },
		]);
	});

	it('sends amounts that an expression computed without what floating point adds', () => {
		const item = [{ product: 'A', quantity: 0.1 + 0.2, price: 0.1 + 0.2, discount: 1.1 * 3 }];
		expect(JSON.stringify(itemsOf({ item }))).toBe(
			'[{"product":"A","quantity":0.3,"price":0.3,"discount":3.3}]',
		);
	});

	it('may have one item that is no list', () => {
		expect(itemsOf({ item: { product: 'A', quantity: 1 } })).toEqual([
			{ product: 'A', quantity: 1 },
		]);
	});

	it.each<[JsonObject, string]>([
		[{}, 'Items is empty. Add one item or more.'],
		[{ item: [] }, 'Items is empty. Add one item or more.'],
		[{ item: ['A'] }, 'Item 1 must be an object with a product and a quantity.'],
		[{ item: [{ product: ' ', quantity: 1 }] }, 'SKU of item 1 is empty. Enter one.'],
		[{ item: [{ product: 'A', quantity: null }] }, 'Quantity of item 1 is empty. Enter one.'],
		[
			{ item: [{ product: 'A', quantity: 1, price: '19,90' }] },
			'Price of item 1 must be an amount in reais, as in 19.99.',
		],
		[
			{ item: [{ product: 'A', quantity: 1, price: -0.01 }] },
			'Price of item 1 is below zero. Enter an amount in reais, as in 19.99.',
		],
		[
			{ item: [{ product: 'A', quantity: 1, price: 1, discount: '-5' }] },
			'Discount of item 1 is below zero. Enter an amount in reais, as in 19.99.',
		],
		[
			{ item: [{ product: 'A', quantity: 1, price: 1.999 }] },
			'Price of item 1 has parts of a cent. Enter an amount in reais with two decimals at most.',
		],
		[{ item: [{ product: 'A', quantity: 0 }] }, 'Quantity of item 1 must be a number above 0.'],
		[{ item: [{ product: 'A', quantity: '-2' }] }, 'Quantity of item 1 must be a number above 0.'],
		[{ item: [{ product: 'A', quantity: 'two' }] }, 'Quantity of item 1 must be a number above 0.'],
		[{ item: [{ product: {}, quantity: 1 }] }, 'SKU of item 1 must be text. Correct it.'],
	])('with the items %j is refused', (items, message) => {
		expect(() => itemsOf(items)).toThrow(message);
	});

	it.each([
		['2026-07-31T18:30:00', '2026-07-31 18:30:00'],
		['2026-07-31T18:30:00.000-03:00', '2026-07-31 18:30:00'],
		['2026-07-31T18:30:00.000Z', '2026-07-31 18:30:00'],
		['2026-07-31', '2026-07-31 00:00:00'],
	])('of %s is sent with the time as entered', (date, sent) => {
		expect(bodyOf({ additionalFields: { date } })?.date).toBe(sent);
	});

	it.each(['31/07/2026', 'today', '2026-02-30'])('of %s is refused', (date) => {
		expect(() => bodyOf({ additionalFields: { date } })).toThrow(
			'Date must be a date and time such as',
		);
	});

	it('takes numbers for texts, and names the field that is neither', () => {
		expect(bodyOf({ additionalFields: { number: 972 } })).toMatchObject({
			user: { number: '972' },
		});
		expect(() => bodyOf({ additionalFields: { zipCode: ['1'] } })).toThrow(
			'Postal Code must be text. Correct it.',
		);
	});

	it.each(['{"channel": "n8n", "user": {"vip": true}}', { channel: 'n8n', user: { vip: true } }])(
		'may have fields that no document names: %j',
		(extraFields) => {
			const body = bodyOf({ additionalFields: { city: 'Recife', extraFields } });
			expect(body).toEqual({
				user: {
					name: 'Ana Souza',
					email: 'ana@example.com',
					document: '12345678909',
					city: 'Recife',
					vip: true,
				},
				orderItems: [{ product: 'CERT-A1', quantity: 1 }],
				channel: 'n8n',
			});
		},
	);

	it.each([
		['{"a": ', /^Extra Fields \(JSON\) must be a valid JSON object/],
		['[1]', /^Extra Fields \(JSON\) must be a valid JSON object/],
		['{"user": [1]}', /^"user" in Extra Fields \(JSON\) must be a valid JSON object/],
	])('with the extra fields %s is refused', (extraFields, message) => {
		expect(() => bodyOf({ additionalFields: { extraFields } })).toThrow(message);
	});

	it('is answered with its ID, code and public token', () => {
		const data = { publicToken: 'OMzMyMQ_MTY', orderCode: 'SALE-1', orderId: 593 };
		const clean = { id: '593', code: 'SALE-1', publicToken: 'OMzMyMQ_MTY', warning: null };
		expect(JSON.stringify(createdOrder({ code: 'SUCCESS_ORDER_CREATED', data }))).toBe(
			JSON.stringify(clean),
		);
	});

	it('never loses an answer that is not as documented: the order exists', () => {
		const nothing = { id: null, code: null, publicToken: null };
		for (const odd of [{ data: { id: 593 } }, [593], 593, 'created']) {
			expect(createdOrder(odd)).toEqual({
				...nothing,
				warning:
					'Gestão Online accepted the request, but its answer has no order ID. Read the answer under payload, and check the order at Gestão Online before you repeat the request.',
				payload: typeof odd === 'object' && !Array.isArray(odd) ? odd : { answer: odd },
			});
		}
		const emptyAnswers: Json[] = [{}, '', null, { data: {} }];
		for (const empty of emptyAnswers) {
			expect(createdOrder(empty)).toEqual({
				...nothing,
				warning: expect.stringMatching(
					/^Gestão Online accepted the request, but its answer is empty/,
				),
			});
		}
	});
});

describe('an order that is canceled', () => {
	it('is named in the path, and the reason in the query', () => {
		expect(cancelCall('593', 'Out of stock')).toEqual({
			method: 'DELETE',
			path: '/order-external/593',
			query: { q: 'Out of stock' },
		});
		expect(cancelCall('593', '').query).toBeUndefined();
	});

	it('becomes an item with the words of the API', () => {
		const detail = 'Order successfully canceled';
		const clean = { id: '593', canceled: true, message: detail, warning: null };
		expect(canceledOrder('593', { title: 'Unknown', status: 200, detail })).toEqual(clean);
	});

	it('never loses an answer that is not as documented', () => {
		const clean = { id: '593', canceled: true, message: null };
		expect(canceledOrder('593', { protocol: 7 })).toEqual({
			...clean,
			warning:
				'Gestão Online accepted the request, but its answer has no confirmation. Read the answer under payload, and check the order at Gestão Online before you repeat the request.',
			payload: { protocol: 7 },
		});
		expect(canceledOrder('593', '')).toEqual({
			...clean,
			warning: expect.stringMatching(/its answer is empty\. Check the order at Gestão Online/),
		});
	});
});

describe('the test of a credential', () => {
	const KEY = 'erp-key-0123456789';
	const credential = {
		apiKey: KEY,
		origin: 'https://www.example.com',
		baseUrl: 'https://api.gestao.plus',
	};
	const documented = { type: 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html' };
	const refusal = (detail: string) => ({ title: 'Forbidden', status: 403, detail });

	/** What n8n shows when the API answers so, and what was asked of the API. */
	async function tested(reply: object | Error, changes: Record<string, unknown> = {}) {
		const asked: unknown[] = [];
		const request = async (options: unknown) => {
			asked.push(options);
			if (reply instanceof Error) throw reply;
			return reply;
		};
		const result = await testKey(request, { ...credential, ...changes });
		expect(result.message).not.toContain(KEY);
		return { ...result, asked };
	}

	it('asks for an order that should not exist, and follows no redirect', async () => {
		const { asked } = await tested({ statusCode: 404, body: { detail: 'Order not found' } });
		expect(asked).toEqual([
			expect.objectContaining({
				method: 'GET',
				uri: 'https://api.gestao.plus/order-external/0',
				headers: { 'x-api-key': KEY, Origin: 'https://www.example.com' },
				simple: false,
				resolveWithFullResponse: true,
				followRedirect: false,
			}),
		]);
	});

	it.each([
		{
			statusCode: 404,
			body: { ...documented, title: 'Not Found', status: 404, detail: 'Order not found' },
		},
		{ statusCode: 200, body: answer },
	])('is passed when the key lets it in: $statusCode', async (reply) => {
		expect(await tested(reply)).toMatchObject({
			status: 'OK',
			message: 'Gestão Online accepted the API key and the origin.',
		});
	});

	it.each<[string, object | Error, string]>([
		[
			'a wrong key',
			{ statusCode: 403, body: refusal('Forbidden, invalid key (x-api-key)') },
			'Gestão Online refused the API key or the origin (403): Forbidden, invalid key (x-api-key). Correct them in the credential.',
		],
		[
			'a refusal that repeats the key',
			{ statusCode: 403, body: refusal(`Invalid key ${KEY}`) },
			'Gestão Online refused the API key or the origin (403): Invalid key [redacted]. Correct them in the credential.',
		],
		[
			'a page of another server',
			{ statusCode: 404, body: '<html></html>' },
			'Gestão Online answered 404. Check the base URL, the API key and the origin.',
		],
		...[
			{ message: 'no such route' },
			{ status: 404, detail: 'Order not found' },
			{ ...documented, title: 'Not Found', status: 200, detail: '' },
			{ ...documented, title: 'Not Found', status: 403, detail: 'Order not found' },
		].map((body): [string, object, string] => [
			`another server's 404 ${JSON.stringify(body)}`,
			{ statusCode: 404, body },
			`Gestão Online answered 404${body.detail ? ': Order not found' : ''}. Check the base URL, the API key and the origin.`,
		]),
		...[{}, { data: {} }, { ok: true }, { ...answer, data: null }, { ...answer, status: 403 }].map(
			(body): [string, object, string] => [
				`a 200 without an order ${JSON.stringify(body)}`,
				{ statusCode: 200, body },
				`Gestão Online answered 200${'detail' in body ? ': Fetch successfully' : ''}. Check the base URL, the API key and the origin.`,
			],
		),
		[
			'a redirect',
			{ statusCode: 302, body: '' },
			'Gestão Online answered 302. Check the base URL, the API key and the origin.',
		],
		[
			'a fault of the API',
			{ statusCode: 500, body: { detail: 'Database down' } },
			'Gestão Online answered 500: Database down. Try again later.',
		],
		[
			'no answer',
			Object.assign(new Error(`connect ECONNREFUSED ${KEY}`), { code: 'ECONNREFUSED' }),
			'Gestão Online cannot be reached (connection refused). Check the base URL, and whether n8n can reach it.',
		],
		[
			'a failure that repeats the key',
			new Error(`The proxy refused ${KEY}`),
			'Gestão Online cannot be reached (The proxy refused [redacted]). Check the base URL, and whether n8n can reach it.',
		],
	])('is failed by %s, in two sentences', async (_, reply, message) => {
		expect(await tested(reply)).toMatchObject({ status: 'Error', message });
	});

	it.each([
		[{ apiKey: ' ' }, /^The API key is empty\. Enter/],
		[{ origin: undefined }, /^The origin is empty\. Enter/],
		[{ baseUrl: 'api.gestao.plus' }, /is no address\. Enter/],
		[{ baseUrl: 'http://api.gestao.plus' }, /does not begin with https\. Enter/],
		[{ baseUrl: 'https://ana:pw@api.gestao.plus' }, /is no address\. Enter/],
	])('asks nobody with %j', async (changes, message) => {
		const result = await tested({ statusCode: 200, body: {} }, changes);
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(message) });
		expect(result.asked).toEqual([]);
	});

	it.each([
		['', 'https://api.gestao.plus/order-external/0'],
		['https://erp.example.com/v1//', 'https://erp.example.com/v1/order-external/0'],
		['http://127.0.0.1:8080', 'http://127.0.0.1:8080/order-external/0'],
	])('with the base URL "%s" asks %s', async (baseUrl, uri) => {
		const { asked } = await tested({ statusCode: 200, body: {} }, { baseUrl });
		expect(asked).toEqual([expect.objectContaining({ uri })]);
	});
});
