// A mock of Gestão Online's ERP API, for tests and demonstrations. It is not Gestão Online's software: it
// behaves as the documents say ("Listar Dados de Pedido", "Criar Pedido", "Cancelar Pedido", "Mensagens de Erro").
// Whatever no document says is an option, or is listed in README.md beside this file.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { repositoryRoot } from '../n8n/paths.mts';
import { copyOf, objectAt } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import {
	isObject,
	objectIn,
	Refusal,
	MockApi,
	textAt,
	type Handler,
	type ReceivedRequest,
} from './server.mts';

export interface GestaoOnlineVariants {
	/** How amounts are written: 150, as in the sample, or "150.00". */
	amounts: 'number' | 'text';
}

const TYPE = 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html';
const AMOUNTS = new Set(['orderDiscount', 'orderTotal', 'price', 'amount', 'amountPaid']);

/** One company's ERP. */
export class GestaoOnlineMockApi extends MockApi {
	/** The ERP token that `x-api-key` must hold. */
	readonly apiKey = randomBytes(24).toString('base64url');
	/** The URL that `Origin` must hold. */
	readonly origin = 'https://store.example.com';
	/** By id. Holds the sample's order 593, and 100, which the samples of webhooks name. */
	readonly orders = new Map<string, JsonObject>();
	/** The reasons of the orders that were cancelled, by id; undefined where none was given. */
	readonly cancellations = new Map<string, string | undefined>();
	/** May be changed while it runs. */
	readonly variants: GestaoOnlineVariants = { amounts: 'number' };

	private constructor() {
		super();
		for (const id of ['593', '100']) this.setOrder(id, {});
	}

	static async start(): Promise<GestaoOnlineMockApi> {
		const mockApi = new GestaoOnlineMockApi();
		await mockApi.listen();
		return mockApi;
	}

	/** Changes an order's fields. An id that is not known yet becomes an order like the sample's. */
	setOrder(id: string, changes: JsonObject): JsonObject {
		const order = { ...(this.orders.get(id) ?? sampleOrder()), id: Number(id), ...copyOf(changes) };
		this.orders.set(id, order);
		return order;
	}

	protected override errorBody(status: number, detail: string): JsonObject {
		return { type: TYPE, title: STATUS_CODES[status] ?? 'Unknown', status, detail };
	}

	protected override authorize({ headers }: ReceivedRequest): void {
		if (headers['x-api-key'] !== this.apiKey) {
			throw new Refusal(403, 'Forbidden, invalid key (x-api-key)');
		}
		// Assumed: no document says what a wrong Origin is answered with.
		if (headers.origin !== this.origin) throw new Refusal(403, 'Forbidden (Invalid token)');
	}

	protected override readonly routes: Record<string, Handler> = {
		'GET /order-external/:orderId': (_request, [id]) => {
			const data = this.orderOf(id);
			const shown = this.variants.amounts === 'text' ? withTextAmounts(data) : data;
			return { status: 200, body: { data: shown, ...success(200, 'Fetch successfully') } };
		},

		'POST /order-external': (request) => {
			const order = newOrder(this.nextId(), objectIn(request));
			this.orders.set(String(order.id), order);
			const data = {
				publicToken: randomBytes(40).toString('base64url'),
				orderCode: String(order.code),
				orderId: String(order.id),
			};
			const body = {
				code: 'SUCCESS_ORDER_CREATED',
				data,
				...success(201, 'Order successfully created'),
			};
			// The document labels it 200, its body says 201.
			return { status: 200, body };
		},

		'DELETE /order-external/:orderId': ({ query }, [id = '']) => {
			this.orderOf(id);
			this.cancellations.set(id, query.q);
			return { status: 200, body: success(200, 'Order successfully canceled') };
		},
	};

	private orderOf(id = ''): JsonObject {
		const order = this.orders.get(id);
		if (!order) throw new Refusal(404, 'Order not found');
		return order;
	}

	private nextId(): number {
		return Math.max(...Array.from(this.orders.keys(), Number)) + 1;
	}
}

/** The end of an answer that is no error; the documents call every such answer "Unknown". */
function success(status: number, detail: string): JsonObject {
	return { type: TYPE, title: 'Unknown', status, detail };
}

/** The order of the page "Listar Dados de Pedido", as it is there. */
function sampleOrder(): JsonObject {
	const path = join(repositoryRoot, 'testkit', 'mockApis', 'gestaoOnlineOrder.json');
	const order: JsonObject = JSON.parse(readFileSync(path, 'utf8'));
	return order;
}

/** The order that "Criar Pedido" makes of a request's body. Throws a Refusal where a required field is missing. */
function newOrder(id: number, body: JsonObject): JsonObject {
	const user = objectAt(body, 'user');
	for (const key of ['name', 'email', 'document']) required(user, key, `user.${key}`);
	const given = Array.isArray(body.orderItems) ? body.orderItems : [];
	if (given.length === 0) throw new Refusal(400, 'Fail to create order, orderItems is required');
	const items = given.map((item, index) => itemOf(item, `orderItems[${index}]`, id * 10 + index));
	const orderDiscount = sumOf(items.map(({ discount }) => discount));
	const orderTotal = sumOf(
		items.map(({ price, quantity, discount }) => (price ?? 0) * quantity - discount),
	);
	const contact = ['document', 'name', 'stateRegistration', 'email', 'phone', 'cellphone'];
	const address = [
		'state',
		'city',
		'address',
		'neighborhood',
		'number',
		'addressDetail',
		'zipCode',
	];
	return {
		id,
		type: 'V',
		code: textAt(body, 'code') ?? String(id).padStart(10, '0'),
		date: phpDateOf(textAt(body, 'date')),
		status: 1,
		orderDiscount,
		orderTotal,
		// The words for an order that is not paid yet are in no document.
		statusPayment: null,
		user: {
			id,
			...Object.fromEntries([...contact, ...address].map((key) => [key, user[key] || null])),
		},
		orderItems: items.map(({ discount: _discount, ...item }) => ({ ...item, image: null })),
		financialItems: [],
		attachmentItems: [],
		negotiationType: null,
	};
}

function itemOf(item: JsonValue, name: string, id: number) {
	if (!isObject(item)) throw new Refusal(400, `Fail to create order, ${name} must be an object`);
	required(item, 'product', `${name}.product`);
	required(item, 'quantity', `${name}.quantity`);
	return {
		id,
		quantity: numberIn(item.quantity, `${name}.quantity`) ?? 0,
		price: numberIn(item.price, `${name}.price`),
		description: String(item.product),
		discount: numberIn(item.discount, `${name}.discount`) ?? 0,
	};
}

/** The page's full example has empty texts in every field: they count as absent. */
function required(parent: JsonObject, key: string, name: string): void {
	if ((parent[key] ?? '') === '')
		throw new Refusal(400, `Fail to create order, ${name} is required`);
}

/** A number, or a text that is one: the page shows no type. Null where there is none. */
function numberIn(value: JsonValue | undefined, name: string): number | null {
	if (value === undefined || value === null || value === '') return null;
	const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
	if (Number.isFinite(number)) return number;
	throw new Refusal(400, `Fail to create order, ${name} is no number`);
}

/** In whole cents, so that 0.1 + 0.2 is 0.3. */
function sumOf(amounts: number[]): number {
	return Math.round(amounts.reduce((sum, amount) => sum + amount * 100, 0)) / 100;
}

/** `Y-m-d H:i:s`, or now, as PHP writes a date as JSON. The zone of the given one is documented nowhere. */
function phpDateOf(given = new Date().toISOString().slice(0, 19).replace('T', ' ')): JsonObject {
	if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(given)) {
		throw new Refusal(400, 'Fail to create order, date must be written as Y-m-d H:i:s');
	}
	return { date: `${given}.000000`, timezone_type: 3, timezone: 'UTC' };
}

function withTextAmounts(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(withTextAmounts);
	if (!isObject(value)) return value;
	const entries = Object.entries(value).map(([key, entry]): [string, JsonValue] => [
		key,
		AMOUNTS.has(key) && typeof entry === 'number' ? entry.toFixed(2) : withTextAmounts(entry),
	]);
	return Object.fromEntries(entries);
}
