// A mock of Gestão Online's ERP API, for tests and demonstrations. It is not Gestão Online's software: it
// behaves as the documents say ("Listar Dados de Pedido", "Criar Pedido", "Cancelar Pedido", "Mensagens de Erro").
// README.md beside this file says what no document says.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../n8n/paths.mts';
import { copyOf, objectAt } from '../providers/samples.mts';
import type { JsonObject } from '../providers/senders.mts';
import { MockApi, readBody, Refusal, type Handler, type ReceivedRequest } from './server.mts';

const TYPE = 'http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html';

const filled = z.string().min(1);
/** The page shows no types: numbers may be text. */
const number = z.coerce.number();
const orderRequest = z.object({
	code: z.string().optional(),
	date: z
		.string()
		.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
		.default(() => new Date().toISOString().slice(0, 19).replace('T', ' ')),
	user: z.object({ name: filled, email: filled, document: filled }).catchall(z.string()),
	orderItems: z
		.array(
			z.object({
				product: filled,
				quantity: number,
				price: number.optional(),
				discount: number.default(0),
			}),
		)
		.min(1),
});

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

	constructor() {
		super();
		for (const id of ['593', '100']) this.setOrder(id, {});
	}

	/** The data of a Gestão Online API credential for this ERP. */
	credential(): Record<string, string> {
		const { apiKey, origin, url: baseUrl } = this;
		return { apiKey, origin, baseUrl };
	}

	/** Changes an order's fields. An id that is not known yet becomes an order like the sample's. */
	setOrder(id: string, changes: JsonObject): void {
		const order = this.orders.get(id) ?? sampleOrder();
		this.orders.set(id, { ...order, id: Number(id), ...copyOf(changes) });
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
		'GET /order-external/:orderId': (_request, [id]) => ({
			body: { data: this.orderOf(id), ...success(200, 'Fetch successfully') },
		}),

		'POST /order-external': (request) => {
			const id = Math.max(...Array.from(this.orders.keys(), Number)) + 1;
			const order = newOrder(id, readBody(request, orderRequest));
			this.orders.set(String(id), order);
			const publicToken = randomBytes(40).toString('base64url');
			const data = { publicToken, orderCode: order.code ?? null, orderId: String(id) };
			// The document labels it 200, its body says 201.
			return {
				body: {
					code: 'SUCCESS_ORDER_CREATED',
					data,
					...success(201, 'Order successfully created'),
				},
			};
		},

		'DELETE /order-external/:orderId': ({ query }, [id = '']) => {
			this.orderOf(id);
			this.cancellations.set(id, query.q);
			return { body: success(200, 'Order successfully canceled') };
		},
	};

	private orderOf(id = ''): JsonObject {
		const order = this.orders.get(id);
		if (!order) throw new Refusal(404, 'Order not found');
		return order;
	}
}

/** The end of an answer other than an error; the documents call every such answer "Unknown". */
function success(status: number, detail: string): JsonObject {
	return { type: TYPE, title: 'Unknown', status, detail };
}

/** The order of the page "Listar Dados de Pedido", as it is there. */
function sampleOrder(): JsonObject {
	const path = join(repositoryRoot, 'testkit', 'mockApis', 'gestaoOnlineOrder.json');
	const order: JsonObject = JSON.parse(readFileSync(path, 'utf8'));
	return order;
}

/** The order that "Criar Pedido" makes of a request, with the keys of the sample. */
function newOrder(id: number, { code, date, user, orderItems }: z.infer<typeof orderRequest>) {
	const sample = sampleOrder();
	const discounts = orderItems.map(({ discount }) => discount);
	const totals = orderItems.map(({ price = 0, quantity }) => price * quantity);
	const userKeys = Object.keys(objectAt(sample, 'user'));
	const order: JsonObject = {
		...sample,
		id,
		code: code || String(id).padStart(10, '0'),
		// As PHP writes a date as JSON. The zone of the given one is documented nowhere.
		date: { date: `${date}.000000`, timezone_type: 3, timezone: 'UTC' },
		orderDiscount: sumOf(discounts),
		orderTotal: sumOf([...totals, ...discounts.map((discount) => -discount)]),
		// The words for an order that is not paid yet are in no document.
		statusPayment: null,
		user: { ...Object.fromEntries(userKeys.map((key) => [key, user[key] || null])), id },
		orderItems: orderItems.map(({ product: description, quantity, price = null }, index) => {
			return { id: id * 10 + index, quantity, price, description, image: null };
		}),
		financialItems: [],
		attachmentItems: [],
		negotiationType: null,
	};
	return order;
}

/** In whole cents, so that 0.1 + 0.2 is 0.3. */
function sumOf(amounts: number[]): number {
	return Math.round(amounts.reduce((sum, amount) => sum + amount * 100, 0)) / 100;
}
