// Gen's orders and payments as its guides show them ("Gerando pedidos", "Gerando um PIX", "Gerando um Boleto",
// "Cobrando no Crédito"). Pure functions: a request goes in, what the API stores and answers comes out.

import { randomInt, randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { JsonObject } from '../providers/senders.mts';
import { isObject, Refusal } from './server.mts';

export interface Order extends JsonObject {
	id: string;
	total_cents: number;
	methods: string[];
	max_installments: number;
	customer_id: string | null;
}

export interface Payment extends JsonObject {
	id: string;
	method: string;
	total_cents: number;
	status: string;
	updated_at: string;
}

const METHODS = ['CREDIT', 'BANK_SLIP', 'PIX'] as const;
const MARKETPLACE_ID = randomUUID();

const filled = z.string().min(1);
const count = z.number().int().nonnegative();
const installments = z.number().int().min(1).max(12);
const common = {
	/** A known customer. */
	customer_id: filled.optional(),
	/** The data of a new one. */
	customer: z.custom<JsonObject>(isObject, 'must be an object').optional(),
	external_id: z.string().nullable().default(null),
};

export const orderRequest = z.object({
	order: z.object({
		...common,
		items: z
			.array(z.object({ description: filled, quantity: count, unit_price_cents: count }))
			.min(1),
		methods: z
			.array(z.enum(METHODS))
			.min(1)
			.default([...METHODS]),
		max_installments: installments.default(12),
	}),
});

// The request's sample has no zone and the answer's has Z: taken as UTC.
const isFuture = (time: string) => DateTime.fromISO(time, { zone: 'utc' }) > DateTime.utc();

const details = z.discriminatedUnion('method', [
	z.object({
		method: z.literal('PIX'),
		pix: z.object({ expiration: z.string().refine(isFuture, 'must be in the future') }),
	}),
	z.object({
		method: z.literal('BANK_SLIP'),
		bank_slip: z.object({
			expiration_date: z.string().date().refine(isFuture, 'must be in the future'),
			instructions: z.string().nullable().default(null),
		}),
	}),
	z.object({
		method: z.literal('CREDIT_CARD'),
		credit: z
			.object({
				installments: installments.default(1),
				delay_capture: z.boolean().default(false),
				save_card: z.boolean().default(false),
				credit_card_id: filled.optional(),
				credit_card: z
					.object({ token: filled, expiration_month: z.number(), expiration_year: z.number() })
					.optional(),
			})
			.refine((credit) => credit.credit_card ?? credit.credit_card_id, 'has no card'),
	}),
]);
type Details = z.infer<typeof details>;

export const paymentRequest = z.object({
	payment: z.object({ ...common, order_id: filled, session_id: filled }).and(details),
});

/** The order of a request. */
export function orderOf(seller_id: string, { order }: z.infer<typeof orderRequest>): Order {
	return {
		...order,
		id: randomUUID(),
		seller_id,
		customer_id: customerIdOf(order),
		customer: order.customer ?? null,
		total_cents: order.items.reduce((sum, item) => sum + item.quantity * item.unit_price_cents, 0),
		...timestamps(),
	};
}

/** The payment of a request, for its order. Throws a Refusal where the order does not allow it. */
export function paymentOf(order: Order, { payment }: z.infer<typeof paymentRequest>): Payment {
	const customer_id = customerIdOf(payment) ?? order.customer_id;
	if (!customer_id) throw new Refusal(422, 'customer: neither the payment nor the order has one');
	const method = payment.method === 'CREDIT_CARD' ? 'CREDIT' : payment.method;
	if (!order.methods.includes(method)) throw new Refusal(422, 'method: the order does not take it');
	if (payment.method === 'CREDIT_CARD' && payment.credit.installments > order.max_installments) {
		throw new Refusal(422, `credit.installments: the order takes ${order.max_installments}`);
	}
	return {
		id: randomUUID(),
		session_id: payment.session_id,
		order_id: order.id,
		// The sample of an answer about a bank slip says PIX, which seems a slip.
		method,
		seller_id: order.seller_id ?? null,
		marketplace_id: MARKETPLACE_ID,
		customer_id,
		subscription_id: null,
		subtotal_cents: order.total_cents,
		discount_cents: 0,
		addition_cents: 0,
		shipping_cents: 0,
		total_cents: order.total_cents,
		device: {},
		credit: null,
		...detailsOf(payment),
		external_id: payment.external_id,
		...timestamps(),
	};
}

/** What differs between the methods: the first status, and the object with the details. */
function detailsOf(payment: Details): JsonObject & { status: string } {
	if (payment.method === 'PIX') return { status: 'PENDING', pix: pixOf(payment.pix) };
	if (payment.method === 'BANK_SLIP') {
		return { status: 'PENDING', bank_slip: bankSlipOf(payment.bank_slip) };
	}
	const { credit_card: card, credit_card_id, ...credit } = payment.credit;
	return {
		status: credit.delay_capture ? 'PRE_AUTHORIZED' : 'PAID',
		credit: {
			...credit,
			credit_card_id: credit_card_id ?? (credit.save_card ? randomUUID() : null),
			credit_card: card
				? {
						token: card.token,
						// Numbers in the request's sample, text in the answer's.
						expiration_month: String(card.expiration_month),
						expiration_year: String(card.expiration_year),
					}
				: null,
		},
	};
}

const pixOf = ({ expiration }: { expiration: string }): JsonObject => ({
	brcode: `00020101021226910014br.gov.bcb.pix2569pix.example.com/v2/${randomUUID()}5204000053039865802BR`,
	expiration: DateTime.fromISO(expiration, { zone: 'utc' }).toISO({ suppressMilliseconds: true }),
});

function bankSlipOf(slip: { expiration_date: string; instructions: string | null }): JsonObject {
	const id = randomUUID();
	const link = `https://bank-slip.example.com/${id}/pdf`;
	return {
		...slip,
		id,
		acquirer_number: digits(13),
		bank: '0033',
		bank_slip_id: randomUUID(),
		barcode: `0339${digits(40)}`,
		issue_date: DateTime.utc().toISODate(),
		print_link_html: link,
		print_link_pdf: link,
		typeful_line: `0339${digits(43)}`,
	};
}

/** A known customer, or a new one where there are its data. */
const customerIdOf = ({ customer_id, customer }: { customer_id?: string; customer?: JsonObject }) =>
	customer_id ?? (customer ? randomUUID() : null);

const digits = (length: number) => Array.from({ length }, () => randomInt(10)).join('');

function timestamps(): { inserted_at: string; updated_at: string } {
	const now = new Date().toISOString();
	return { inserted_at: now, updated_at: now };
}
