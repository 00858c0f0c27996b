import { DateTime } from 'luxon';
import { textOf } from '../core/event';
import { isJsonObject, own, valueAt, type JsonObject } from '../core/json';
import {
	booleanField,
	customer,
	dateField,
	group,
	list,
	moneyField,
	numberField,
	textField,
	type Shape,
} from '../core/shape';

const HISTORY = 'process.status_history';

/** The path of a key of the last entry of the status history. */
export const inLastStatus = (key: string) => (body: JsonObject) => {
	const entries = valueAt(body, HISTORY) ?? [];
	// A value that is not a list gets a path too, so that it is named as unreadable.
	if (!Array.isArray(entries)) return `${HISTORY}[0].${key}`;
	return entries.length === 0 ? undefined : `${HISTORY}[${entries.length - 1}].${key}`;
};

/** The path of the request's status code: the newest place that holds one. */
export function statusPath(body: JsonObject): string | undefined {
	const paths = ['process.status', 'process.last_status.to', inLastStatus('to')(body)];
	return paths.find((path) => path !== undefined && (valueAt(body, path) ?? '') !== '');
}

/** The path of the latest entry of a list: by its date where every entry has one, else the last. */
const latest =
	(path: string, dateKey: string, counts: (entry: JsonObject) => boolean = () => true) =>
	(body: JsonObject): string | undefined => {
		const entries = valueAt(body, path);
		// A value that is not a list gets a path too, so that it is named as unreadable.
		if (!Array.isArray(entries)) return `${path}[0]`;
		const candidates = entries.flatMap((entry, index) =>
			isJsonObject(entry) && counts(entry)
				? [{ index, at: DateTime.fromISO(textOf(own(entry, dateKey)) ?? '').toMillis() }]
				: [],
		);
		const areDated = candidates.every(({ at }) => Number.isFinite(at));
		const newest = candidates.reduce<(typeof candidates)[number] | undefined>(
			(best, entry) => (best && areDated && entry.at < best.at ? best : entry),
			undefined,
		);
		const index = newest?.index ?? entries.findIndex((entry) => !isJsonObject(entry));
		return index < 0 ? undefined : `${path}[${index}]`;
	};

/** The path of a value that all items of the request share; none where they differ. */
const sharedByItems =
	(path: string) =>
	(body: JsonObject): string | undefined => {
		const items = valueAt(body, 'request.items');
		if (!Array.isArray(items)) return undefined;
		const values = new Set(items.map((item) => valueAt(item, path)));
		return values.size === 1 ? `request.items[0].${path}` : undefined;
	};

const REASON = 'questions[0].value';

/** The keys of the item from `id` on. Any field can be missing in the payload. */
export const item: Shape = {
	id: textField(['_id', 'id']),
	status: textField(statusPath),
	createdAt: dateField('createdAt'),
	updatedAt: dateField('updatedAt'),
	customer: customer('order.buyer', {
		id: 'id',
		name: 'name',
		email: 'email',
		mobile: 'mobile',
		document: 'document.number',
		documentType: 'document.type',
		more: {
			address: group(
				{
					street: textField('address'),
					number: textField('number'),
					complement: textField('address2'),
					neighborhood: textField('neighborhood'),
					city: textField('city'),
					state: textField('state'),
					postalCode: textField('postal_code'),
				},
				'address',
			),
		},
	}),
	statusLabel: textField(inLastStatus('to_translated')),
	statusChangedAt: dateField(
		(body) => inLastStatus('updated_at')(body) ?? 'process.last_status.updated_at',
	),
	request: group({
		type: textField(sharedByItems('type')),
		reason: textField(sharedByItems(REASON)),
		paymentPreference: textField('request.payment_preference.type'),
		message: textField((body) => inLastStatus('message')(body) ?? 'process.last_status.message'),
		canceled: booleanField('canceled.is_canceled'),
	}),
	items: list('request.items', {
		id: textField('_id'),
		sku: textField('sku'),
		title: textField('name'),
		quantity: numberField('quantity'),
		price: moneyField('price'),
		type: textField('type'),
		reason: textField(REASON),
		imageUrl: textField('image'),
	}),
	order: group(
		{
			id: textField('order_id'),
			number: textField('order_number'),
			total: moneyField('total'),
			shipping: moneyField('total_shipping'),
			discount: moneyField('discount'),
			createdAt: dateField('created_at'),
			paymentMethod: textField('payment[0].method'),
			carrier: textField('shippment.packages[0].carrier'),
			trackingCode: textField('shippment.packages[0].tracking_number'),
			deliveredAt: dateField(['shippment.last_delivered_at', 'shippment.packages[0].delivered_at']),
			invoiceNumber: textField('invoice.number'),
			invoiceKey: textField('invoice.key'),
			invoiceUrl: textField('invoice.danfe_link'),
		},
		'order',
	),
	returnShipment: group(
		{
			carrier: textField('carrier'),
			authorizationCode: textField('authorization_number'),
			trackingCode: textField('tracking_code'),
			postBy: dateField('expiration_deadline'),
			postedAt: dateField('posted_at'),
			deliveredAt: dateField('delivered_at'),
			cost: moneyField('shipping_cost'),
		},
		latest('process.shippment_authorization', 'created_at', ({ canceled }) => canceled !== true),
	),
	received: group(
		{
			done: booleanField('done'),
			at: dateField('done_at'),
			amount: moneyField('amount'),
		},
		'process.received_items',
	),
	refund: group(
		{
			method: textField('payment_method'),
			amount: moneyField('payment_amount'),
			paid: booleanField('is_paid'),
			paidAt: dateField('payment_date'),
			gatewayStatus: textField('gateway_refund.status'),
			voucherCode: textField([
				'/process.voucher_details.voucher_code',
				'payment_details.voucher_code',
			]),
			validUntil: dateField([
				'/process.voucher_details.valid_until',
				'payment_details.valid_until',
			]),
			waitingBankAccount: booleanField('/process.waiting_customer_bank_account'),
		},
		latest('process.payments', 'payment_date'),
	),
	returnInvoice: group(
		{
			number: textField('invoice.number'),
			key: textField('invoice.key'),
			pdfUrl: textField('pdf'),
		},
		'process.return_invoice',
	),
};
