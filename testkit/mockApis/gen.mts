// A mock of Gen's API (Genpag), for tests and demonstrations. It is not Genpag's software: it behaves as Gen's
// documents say, above all "Acessando a API" (tokens) and "Webhooks e Eventos". Whatever no document says is an
// option, a "variant"; README.md beside this file tells the two apart.

import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { copyOf } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import { GenDeliveries, type LoggedEvent, type Registration } from './genDeliveries.mts';
import {
	orderOf,
	orderRequest,
	paymentOf,
	paymentRequest,
	type Order,
	type Payment,
} from './genPayments.mts';
import {
	readBody,
	Refusal,
	type Answer,
	type Handler,
	type MockApiOptions,
	type ReceivedRequest,
} from './server.mts';

/** An undocumented route that this account's API offers, or answers with that status. */
type Offer = 'offered' | 404 | 405;

export interface GenVariants {
	/** GET /api/webhooks. */
	list: Offer;
	/** DELETE /api/webhooks/:id, answered 204. */
	remove: Offer;
	/** Whether answers about webhooks repeat the secret `authorization`. */
	echoesAuthorization: boolean;
	/** Of every list: `{"data": […]}`, the bare list, or `{"results": […]}`, which nobody can expect. */
	listShape: 'data' | 'array' | 'other';
	/** An event's JSON, the same in a delivery and in the event log. */
	eventShape(
		event: string,
		subject: JsonValue,
		meta: { id: string; insertedAt: string },
	): JsonObject;
	/** An error's JSON. */
	errorBody(status: number, message: string): JsonValue;
	/** Between two tries of a delivery. */
	retryDelayMs: number;
}

export type GenOptions = Partial<GenVariants> & MockApiOptions;

const DEFAULTS: GenVariants = {
	list: 'offered',
	remove: 'offered',
	echoesAuthorization: true,
	listShape: 'data',
	eventShape: (event, data, { id, insertedAt }) => ({ id, event, data, inserted_at: insertedAt }),
	errorBody: (_status, message) => ({ error: { message } }),
	retryDelayMs: 1000,
};

const webhookRequest = z.object({
	webhook: z.object({
		events: z.array(z.string().min(1)).min(1),
		target: z
			.string()
			.url()
			.regex(/^https?:/i),
		authorization: z.string().optional(),
	}),
});
const refundRequest = z.object({ amount: z.number().int().positive() });

/** One seller's account at Gen, with its API and the deliveries to its webhooks. */
export class GenMockApi extends GenDeliveries {
	readonly sellerId = randomUUID();
	/** The one that is valid now. */
	refreshToken = secret();
	/** May be changed while it runs. */
	readonly variants: GenVariants;
	/** In the order in which they were emitted. */
	readonly loggedEvents: LoggedEvent[] = [];
	/** Called when a registration is stored, before the answer is sent. */
	onCreateWebhook?: () => void | Promise<void>;

	private readonly accessTokens = new Set<string>();
	private readonly orders = new Map<string, Order>();
	private readonly payments = new Map<string, Payment>();
	private readonly refunded = new Map<string, number>();

	constructor({ hosts, ...variants }: GenOptions = {}) {
		super({ hosts });
		this.variants = { ...DEFAULTS, ...variants };
	}

	/** The data of a Gen API credential for this account. */
	credential(webhookToken: string): Record<string, string> {
		const { url: baseUrl, sellerId, refreshToken } = this;
		return { environment: 'custom', baseUrl, sellerId, refreshToken, webhookToken };
	}

	// Tokens

	/** A new access token, as the API gives one; the older ones stay valid. */
	issueAccessToken(): string {
		const token = `SFMyNTY.${secret()}`;
		this.accessTokens.add(token);
		return token;
	}

	/** Ends every access token issued so far. */
	expireAccessTokens(): void {
		this.accessTokens.clear();
	}

	/** What "Gerar nova chave" in the panel does: the old refresh token ends. */
	revokeRefreshToken(): void {
		this.refreshToken = secret();
	}

	// Events and payments

	/** Logs an event and starts to deliver it. Resolves at once; see `idle`. */
	async emit(
		event: string,
		subject: JsonValue,
		{ at = new Date() }: { at?: Date } = {},
	): Promise<LoggedEvent> {
		const id = randomUUID();
		const insertedAt = at.toISOString();
		// A copy: a payment that changes later must not change what was said of it.
		const json = copyOf(this.variants.eventShape(event, subject, { id, insertedAt }));
		const logged: LoggedEvent = { id, event, insertedAt, json };
		this.loggedEvents.push(logged);
		this.deliver(logged);
		return logged;
	}

	/** The customer pays a pending payment. */
	pay(paymentId: string): void {
		const payment = this.payments.get(paymentId);
		if (payment?.status !== 'PENDING') throw new Error(`No payment ${paymentId} is pending.`);
		changeStatus(payment, 'PAID');
	}

	// The API

	protected override errorBody(status: number, message: string): JsonValue {
		return this.variants.errorBody(status, message);
	}

	protected override authorize({ method, path, headers }: ReceivedRequest): void {
		if (!path.startsWith('/api/')) throw new Refusal(404, 'Not found');
		// This one takes the refresh token.
		if (method === 'POST' && /^\/api\/[^/]+\/tokens$/.test(path)) return;
		if (!this.accessTokens.has(bearerOf(headers.authorization))) {
			throw new Refusal(401, 'Unauthorized');
		}
	}

	protected override readonly routes: Record<string, Handler> = {
		'POST /api/:sellerId/tokens': ({ headers }, [sellerId]) => {
			if (sellerId !== this.sellerId || bearerOf(headers.authorization) !== this.refreshToken) {
				throw new Refusal(401, 'Unauthorized');
			}
			return { body: { data: this.issueAccessToken() } };
		},

		'POST /api/webhooks': async (request) => {
			const { webhook } = readBody(request, webhookRequest, 422);
			const registration = this.addRegistration(webhook);
			await this.onCreateWebhook?.();
			return { status: 201, body: { data: this.shown(registration) } };
		},
		'GET /api/webhooks': () => {
			offer(this.variants.list);
			return this.listed(this.registrations.map((registration) => this.shown(registration)));
		},
		'DELETE /api/webhooks/:id': (_request, [id]) => {
			offer(this.variants.remove);
			const index = this.registrations.findIndex((registration) => registration.id === id);
			if (index < 0) throw new Refusal(404, 'Not found');
			this.registrations.splice(index, 1);
			return { status: 204 };
		},

		'GET /api/events': () => this.listed(this.loggedEvents.toReversed().map(({ json }) => json)),
		'GET /api/notifications': () => this.listed([...this.notifications]),

		'POST /api/sellers/:sellerId/orders': (request, [sellerId]) => {
			this.checkSeller(sellerId);
			const order = orderOf(this.sellerId, readBody(request, orderRequest, 422));
			this.orders.set(order.id, order);
			return { status: 201, body: { data: order } };
		},

		'POST /api/sellers/:sellerId/payments': (request, [sellerId]) => {
			this.checkSeller(sellerId);
			const asked = readBody(request, paymentRequest, 422);
			const order = this.orders.get(asked.payment.order_id);
			if (!order) throw new Refusal(404, 'Order not found');
			const payment = paymentOf(order, asked);
			this.payments.set(payment.id, payment);
			return { status: 201, body: { data: payment } };
		},
		'POST /api/sellers/:sellerId/payments/:paymentId/capture': (_request, [sellerId, id]) => {
			const payment = this.paymentOf(sellerId, id);
			if (payment.status !== 'PRE_AUTHORIZED') {
				throw new Refusal(422, 'The payment is not pre-authorized');
			}
			return { body: { data: changeStatus(payment, 'PAID') } };
		},
		'POST /api/sellers/:sellerId/pix/refund/:paymentId': (request, [sellerId, id]) => {
			const payment = this.paymentOf(sellerId, id);
			const { amount } = readBody(request, refundRequest, 422);
			if (!payment.pix || payment.status !== 'PAID') throw new Refusal(422, 'No paid PIX');
			const refunded = (this.refunded.get(payment.id) ?? 0) + amount;
			if (refunded > payment.total_cents) throw new Refusal(422, 'amount: is more than is left');
			this.refunded.set(payment.id, refunded);
			const status = refunded === payment.total_cents ? 'REVERSED' : 'PAID';
			return { body: { data: changeStatus(payment, status) } };
		},
	};

	private checkSeller(sellerId: string | undefined): void {
		if (sellerId !== this.sellerId) throw new Refusal(404, 'Seller not found');
	}

	private paymentOf(sellerId: string | undefined, id = ''): Payment {
		this.checkSeller(sellerId);
		const payment = this.payments.get(id);
		if (!payment) throw new Refusal(404, 'Payment not found');
		return payment;
	}

	private shown({ authorization, ...rest }: Registration): JsonObject {
		const echoed = this.variants.echoesAuthorization && authorization !== undefined;
		return echoed ? { ...rest, authorization } : rest;
	}

	private listed(entries: JsonValue[]): Answer {
		const { listShape } = this.variants;
		if (listShape === 'array') return { body: entries };
		return { body: listShape === 'data' ? { data: entries } : { results: entries } };
	}
}

function offer(offered: Offer): void {
	if (offered !== 'offered') throw new Refusal(offered, 'Not offered');
}

function changeStatus(payment: Payment, status: string): Payment {
	payment.status = status;
	payment.updated_at = new Date().toISOString();
	return payment;
}

/** Empty, and so never a token, where the header is missing or says something else. */
function bearerOf(authorization: string | undefined): string {
	return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
}

function secret(): string {
	return randomBytes(32).toString('base64url');
}
