// A mock of Gen's API (Genpag), for tests and demonstrations. It is not Genpag's software: it behaves as Gen's
// documents say, above all "Acessando a API" (tokens) and "Webhooks e Eventos". Whatever no document says is an
// option, a "variant"; README.md beside this file tells the two apart.

import { randomBytes, randomUUID } from 'node:crypto';
import { copyOf, objectAt } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import {
	Deliveries,
	type LoggedEvent,
	type NewRegistration,
	type Notification,
	type Registration,
} from './genDeliveries.mts';
import { orderOf, paymentOf, type Order, type Payment } from './genPayments.mts';
import {
	objectIn,
	Refusal,
	MockApi,
	textAt,
	type Handler,
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
	events: {
		/** Whether an event says its own id. */
		withId?: boolean;
		/** By the events' time; of the same time, by when they were logged. */
		order?: 'newestFirst' | 'oldestFirst';
		/** The list holds only that many events: the newest ones, whatever the order. */
		limit?: number;
	};
	/** An event's JSON, the same in a delivery and in the event log. `meta.id` is absent when `withId` is false. */
	eventShape(
		event: string,
		subject: JsonValue,
		meta: { id?: string; insertedAt: string },
	): JsonObject;
	/** An error's JSON. */
	errorBody(status: number, message: string): JsonValue;
	/** What a refund is answered with: the payment, or something of its own. No document shows it. */
	refundAnswer(payment: Payment, amount: number): JsonValue;
	/** Between two tries of a delivery. */
	retryDelayMs: number;
}

export interface GenOptions extends Partial<GenVariants> {
	/** See `mapHost`. */
	hosts?: Record<string, string>;
}

const DEFAULTS: GenVariants = {
	list: 'offered',
	remove: 'offered',
	echoesAuthorization: true,
	listShape: 'data',
	events: {},
	eventShape: (event, subject, { id, insertedAt }) => ({
		...(id === undefined ? {} : { id }),
		event,
		data: subject,
		inserted_at: insertedAt,
	}),
	errorBody: (_status, message) => ({ error: { message } }),
	refundAnswer: (payment) => ({ data: payment }),
	retryDelayMs: 1000,
};

/** One seller's account at Gen, with its API and the deliveries to its webhooks. */
export class GenMockApi extends MockApi {
	readonly sellerId = randomUUID();
	/** The one that is valid now. */
	refreshToken = secret();
	/** May be changed while it runs. */
	readonly variants: GenVariants;
	/** With their secrets. */
	readonly registrations: readonly Registration[];
	/** In the order in which they were emitted. */
	readonly loggedEvents: LoggedEvent[] = [];
	/** Every try of every delivery. */
	readonly notifications: readonly Notification[];
	readonly orders = new Map<string, Order>();
	readonly payments = new Map<string, Payment>();
	/** Called when a registration is stored, before the answer is sent. */
	onCreateWebhook?: () => void | Promise<void>;

	private readonly accessTokens = new Set<string>();
	private readonly refunded = new Map<string, number>();
	private readonly deliveries: Deliveries;

	private constructor({ hosts, ...variants }: GenOptions) {
		super();
		this.variants = { ...DEFAULTS, ...variants };
		this.deliveries = new Deliveries(this.variants);
		this.registrations = this.deliveries.registrations;
		this.notifications = this.deliveries.notifications;
		for (const [from, to] of Object.entries(hosts ?? {})) this.mapHost(from, to);
	}

	static async start(options: GenOptions = {}): Promise<GenMockApi> {
		const mockApi = new GenMockApi(options);
		await mockApi.listen();
		return mockApi;
	}

	/** Closes at once, and ends the deliveries that are under way. */
	override async stop(): Promise<void> {
		await Promise.all([super.stop(), this.deliveries.stop()]);
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

	/** What "Gerar nova chave" in the panel does: the old refresh token ends. Returns the new one. */
	revokeRefreshToken(): string {
		this.refreshToken = secret();
		return this.refreshToken;
	}

	// Webhooks and events

	/** Registers a webhook that somebody else made. */
	addRegistration(registration: NewRegistration): Registration {
		return this.deliveries.register(registration);
	}

	/**
	 * Targets at the origin `from` are called at the origin `to`, with the Host header of `from`: so a public-looking
	 * address leads to this machine. No other machine is ever called.
	 */
	mapHost(from: string, to: string): void {
		this.deliveries.mapHost(from, to);
	}

	/** Logs an event and starts to deliver it. Resolves at once; see `idle`. */
	async emit(
		event: string,
		subject: JsonValue,
		{ at = new Date() }: { at?: Date } = {},
	): Promise<LoggedEvent> {
		const { eventShape, events } = this.variants;
		const id = randomUUID();
		const insertedAt = at.toISOString();
		const meta = events.withId === false ? { insertedAt } : { id, insertedAt };
		// A copy: a payment that changes later must not change what was said of it.
		const json = copyOf(eventShape(event, copyOf(subject), meta));
		const logged: LoggedEvent = { id, event, insertedAt, json };
		this.loggedEvents.push(logged);
		this.deliveries.deliver(logged);
		return logged;
	}

	/** Resolves when no delivery is under way. */
	async idle(): Promise<void> {
		await this.deliveries.idle();
	}

	/** The customer pays a pending payment. */
	pay(paymentId: string): Payment {
		const payment = this.payments.get(paymentId);
		if (payment?.status !== 'PENDING') throw new Error(`No payment ${paymentId} is pending.`);
		return changeStatus(payment, 'PAID');
	}

	// The API

	protected override errorBody(status: number, message: string): JsonValue {
		return this.variants.errorBody(status, message);
	}

	protected override authorize({ method, path, headers }: ReceivedRequest): void {
		if (!path.startsWith('/api/')) throw new Refusal(404, 'Not found');
		// This one takes the refresh token.
		if (method === 'POST' && /^\/api\/[^/]+\/tokens$/.test(path)) return;
		if (!this.accessTokens.has(bearerOf(headers.authorization)))
			throw new Refusal(401, 'Unauthorized');
	}

	protected override readonly routes: Record<string, Handler> = {
		'POST /api/:sellerId/tokens': ({ headers }, [sellerId]) => {
			if (sellerId !== this.sellerId || bearerOf(headers.authorization) !== this.refreshToken) {
				throw new Refusal(401, 'Unauthorized');
			}
			return { status: 200, body: { data: this.issueAccessToken() } };
		},

		'POST /api/webhooks': async (request) => {
			const registration = this.addRegistration(
				registrationIn(objectAt(objectIn(request), 'webhook')),
			);
			await this.onCreateWebhook?.();
			return { status: 201, body: { data: this.shown(registration) } };
		},
		'GET /api/webhooks': () => {
			offer(this.variants.list);
			return this.listed(this.registrations.map((registration) => this.shown(registration)));
		},
		'DELETE /api/webhooks/:id': (_request, [id = '']) => {
			offer(this.variants.remove);
			if (!this.deliveries.unregister(id)) throw new Refusal(404, 'Not found');
			return { status: 204 };
		},

		'GET /api/events': () => {
			const { order = 'newestFirst', limit } = this.variants.events;
			const newestFirst = this.loggedEvents
				.toReversed()
				.sort((one, other) => Date.parse(other.insertedAt) - Date.parse(one.insertedAt))
				.slice(0, limit);
			const events = order === 'newestFirst' ? newestFirst : newestFirst.toReversed();
			return this.listed(events.map(({ json }) => json));
		},
		'GET /api/notifications': () => this.listed([...this.notifications]),

		'POST /api/sellers/:sellerId/orders': (request, [sellerId]) => {
			this.checkSeller(sellerId);
			const order = orderOf(this.sellerId, objectAt(objectIn(request), 'order'));
			this.orders.set(order.id, order);
			return { status: 201, body: { data: order } };
		},

		'POST /api/sellers/:sellerId/payments': (request, [sellerId]) => {
			this.checkSeller(sellerId);
			const asked = objectAt(objectIn(request), 'payment');
			const orderId = textAt(asked, 'order_id');
			if (!orderId) throw new Refusal(422, 'order_id is required');
			const order = this.orders.get(orderId);
			if (!order) throw new Refusal(404, 'Order not found');
			const payment = paymentOf(this.sellerId, order, asked);
			this.payments.set(payment.id, payment);
			return { status: 201, body: { data: payment } };
		},
		'POST /api/sellers/:sellerId/payments/:paymentId/capture': (_request, [sellerId, id]) => {
			const payment = this.paymentOf(sellerId, id);
			if (payment.status !== 'PRE_AUTHORIZED') {
				throw new Refusal(422, 'The payment is not pre-authorized');
			}
			return { status: 200, body: { data: changeStatus(payment, 'PAID') } };
		},
		'POST /api/sellers/:sellerId/pix/refund/:paymentId': (request, [sellerId, id]) => {
			const payment = this.paymentOf(sellerId, id);
			const { amount } = objectIn(request);
			if (!payment.pix || payment.status !== 'PAID') throw new Refusal(422, 'No paid PIX');
			const refunded = this.refunded.get(payment.id) ?? 0;
			const left = payment.total_cents - refunded;
			if (typeof amount !== 'number' || !Number.isInteger(amount) || amount <= 0 || amount > left) {
				throw new Refusal(422, `amount must be a whole number between 1 and ${left}`);
			}
			this.refunded.set(payment.id, refunded + amount);
			const status = amount === left ? 'REVERSED' : 'PAID';
			const body = this.variants.refundAnswer(changeStatus(payment, status), amount);
			return { status: 200, body };
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

	private listed(entries: JsonValue[]): { status: number; body: JsonValue } {
		const { listShape } = this.variants;
		if (listShape === 'array') return { status: 200, body: entries };
		return { status: 200, body: listShape === 'data' ? { data: entries } : { results: entries } };
	}
}

function offer(offered: Offer): void {
	if (offered !== 'offered') throw new Refusal(offered, 'Not offered');
}

/** The registration that a request's `webhook` asks for. Throws a Refusal where it is none. */
function registrationIn(webhook: JsonObject): NewRegistration {
	const { events, target, authorization } = webhook;
	const isText = (event: JsonValue) => typeof event === 'string' && event !== '';
	if (!Array.isArray(events) || events.length === 0 || !events.every(isText)) {
		throw new Refusal(422, 'events must be a list of one or more texts');
	}
	if (typeof target !== 'string' || !/^https?:/i.test(target) || !URL.canParse(target)) {
		throw new Refusal(422, 'target must be an http(s) URL');
	}
	if (authorization !== undefined && typeof authorization !== 'string') {
		throw new Refusal(422, 'authorization must be a text');
	}
	return { events: events.map(String), target, authorization };
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
