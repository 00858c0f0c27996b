// Gen's orders and payments as its guides show them ("Gerando pedidos", "Gerando um PIX", "Gerando um Boleto",
// "Cobrando no Crédito"). Pure functions: a request's object goes in, what the API stores and answers comes out.

import { randomInt, randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { objectAt } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import { isObject, Refusal, textAt } from './server.mts';

export interface Order extends JsonObject {
	id: string;
	total_cents: number;
	methods: JsonValue[];
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

const METHODS: JsonValue[] = ['CREDIT', 'BANK_SLIP', 'PIX'];
const MOST_INSTALLMENTS = 12;
const MARKETPLACE_ID = randomUUID();

/** The order of a request's `order`. Throws a Refusal where a rule of the guide is broken. */
export function orderOf(sellerId: string, order: JsonObject): Order {
	const items = Array.isArray(order.items) ? order.items : [];
	if (items.length === 0) throw invalid('items', 'must have one item or more');
	const totals = items.map((item, index) => {
		if (!isObject(item)) throw invalid(`items.${index}`, 'must be an object');
		const quantity = wholeIn(item.quantity, `items.${index}.quantity`);
		return quantity * wholeIn(item.unit_price_cents, `items.${index}.unit_price_cents`);
	});
	const methods = order.methods ?? METHODS;
	const known = (method: JsonValue) => METHODS.includes(method);
	if (!Array.isArray(methods) || methods.length === 0 || !methods.every(known)) {
		throw invalid('methods', `must be a list of ${METHODS.join(', ')}`);
	}
	return {
		id: randomUUID(),
		seller_id: sellerId,
		customer_id: customerIdOf(order),
		customer: order.customer ?? null,
		items,
		total_cents: totals.reduce((sum, total) => sum + total, 0),
		methods,
		max_installments: installmentsIn(order, 'max_installments', MOST_INSTALLMENTS) ?? 12,
		external_id: order.external_id ?? null,
		...timestamps(),
	};
}

/** The payment of a request's `payment`, for its order. Throws a Refusal where a rule of the guides is broken. */
export function paymentOf(sellerId: string, order: Order, payment: JsonObject): Payment {
	const customerId = customerIdOf(payment) ?? order.customer_id;
	if (!customerId)
		throw invalid('customer', 'is required: neither customer_id nor the order has one');
	const { method, status, details } = detailsOf(order, payment);
	return {
		id: randomUUID(),
		session_id: required(payment, 'session_id'),
		order_id: order.id,
		method,
		seller_id: sellerId,
		marketplace_id: MARKETPLACE_ID,
		customer_id: customerId,
		subscription_id: null,
		subtotal_cents: order.total_cents,
		discount_cents: 0,
		addition_cents: 0,
		shipping_cents: 0,
		total_cents: order.total_cents,
		status,
		device: {},
		...details,
		external_id: payment.external_id ?? null,
		...timestamps(),
	};
}

/** What differs between the methods: the name in the answer, the first status, the object with the details. */
function detailsOf(
	order: Order,
	payment: JsonObject,
): { method: string; status: string; details: JsonObject } {
	const method = required(payment, 'method');
	const inOrder = method === 'CREDIT_CARD' ? 'CREDIT' : method;
	if (!['PIX', 'BANK_SLIP', 'CREDIT_CARD'].includes(method)) throw invalid('method', 'is unknown');
	if (!order.methods.includes(inOrder)) throw invalid('method', 'is not accepted by the order');
	if (method === 'PIX') {
		return { method, status: 'PENDING', details: { pix: pixOf(payment), credit: null } };
	}
	if (method === 'BANK_SLIP') {
		// The sample of the answer says PIX, which seems a slip.
		return { method, status: 'PENDING', details: { bank_slip: bankSlipOf(payment), credit: null } };
	}
	const credit = creditOf(payment, order.max_installments);
	const status = credit.delay_capture ? 'PRE_AUTHORIZED' : 'PAID';
	return { method: 'CREDIT', status, details: { credit } };
}

function pixOf(payment: JsonObject): JsonObject {
	const text = required(objectAt(payment, 'pix'), 'expiration', 'pix.expiration');
	// The request's sample has no zone and the answer's has Z: taken as UTC.
	const expiration = DateTime.fromISO(text, { zone: 'utc' });
	if (!expiration.isValid) throw invalid('pix.expiration', 'is no date');
	if (expiration <= DateTime.utc()) throw invalid('pix.expiration', 'must be in the future');
	return {
		brcode: `00020101021226910014br.gov.bcb.pix2569pix.example.com/v2/${randomUUID()}5204000053039865802BR`,
		expiration: expiration.toISO({ suppressMilliseconds: true }),
	};
}

function bankSlipOf(payment: JsonObject): JsonObject {
	const slip = objectAt(payment, 'bank_slip');
	const date = required(slip, 'expiration_date', 'bank_slip.expiration_date');
	const today = new Date().toISOString().slice(0, 10);
	if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) {
		throw invalid('bank_slip.expiration_date', 'is no date');
	}
	if (date <= today) throw invalid('bank_slip.expiration_date', 'must be in the future');
	const id = randomUUID();
	const link = `https://bank-slip.example.com/${id}/pdf`;
	return {
		acquirer_number: digits(13),
		bank: '0033',
		bank_slip_id: randomUUID(),
		barcode: `0339${digits(40)}`,
		expiration_date: date,
		id,
		instructions: slip.instructions ?? null,
		issue_date: today,
		print_link_html: link,
		print_link_pdf: link,
		typeful_line: `0339${digits(1)}.${digits(5)} ${digits(5)}.${digits(6)} ${digits(5)}.${digits(6)} ${digits(1)} ${digits(14)}`,
	};
}

function creditOf(payment: JsonObject, maxInstallments: number): JsonObject {
	const credit = objectAt(payment, 'credit');
	const card = objectAt(credit, 'credit_card');
	const token = textAt(card, 'token');
	const cardId = textAt(credit, 'credit_card_id');
	if (!token && !cardId) throw invalid('credit', 'needs credit_card.token or credit_card_id');
	const installments = installmentsIn(credit, 'installments', maxInstallments) ?? 1;
	// The sandbox tells by the card's number, which only its token stands for here.
	if (token?.startsWith('declined')) throw new Refusal(422, 'Transação não autorizada');
	const save_card = credit.save_card === true;
	return {
		installments,
		delay_capture: credit.delay_capture === true,
		save_card,
		credit_card_id: cardId ?? (save_card ? randomUUID() : null),
		credit_card: token
			? {
					token,
					// Numbers in the request's sample, text in the answer's.
					expiration_month: String(card.expiration_month ?? ''),
					expiration_year: String(card.expiration_year ?? ''),
				}
			: null,
	};
}

/** The id of a known customer, or a new one for the data of a new customer. */
function customerIdOf(parent: JsonObject): string | null {
	return textAt(parent, 'customer_id') ?? (isObject(parent.customer) ? randomUUID() : null);
}

function required(parent: JsonObject, key: string, name = key): string {
	const value = textAt(parent, key);
	if (value === undefined) throw invalid(name, 'is required');
	return value;
}

function wholeIn(value: JsonValue | undefined, name: string): number {
	if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
	throw invalid(name, 'must be a whole number, 0 or more');
}

function installmentsIn(parent: JsonObject, key: string, most: number): number | undefined {
	const value = parent[key] ?? undefined;
	if (value === undefined) return undefined;
	const count = wholeIn(value, key);
	if (count < 1 || count > most) throw invalid(key, `must be between 1 and ${most}`);
	return count;
}

function invalid(name: string, problem: string): Refusal {
	return new Refusal(422, `${name} ${problem}`);
}

function digits(count: number): string {
	return Array.from({ length: count }, () => randomInt(10)).join('');
}

function timestamps(): { inserted_at: string; updated_at: string } {
	const now = new Date().toISOString();
	return { inserted_at: now, updated_at: now };
}
