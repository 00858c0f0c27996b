import { DateTime } from 'luxon';
import { textOf, UNKNOWN } from '../core/event';
import { isJsonObject, own, valueAt, without, type Json, type JsonObject } from '../core/json';
import { otherEvents, type Delivery, type NamedEvent, type Provider } from '../core/provider';
import {
	booleanField,
	customer,
	dateField,
	group,
	list,
	moneyField,
	numberField,
	textField,
} from '../core/shape';

/** The documented status codes, their names in the sample, and the event of those that have one (inferred). */
const STATUSES = [
	{ code: '0', name: 'New Request', event: 'request.created' },
	{ code: '11', name: 'Awaiting Posting', event: 'request.authorized' },
	{ code: '12', name: 'In Transport', event: 'request.posted' },
	{ code: '13', name: 'Awaiting Inspection', event: 'request.delivered' },
	{ code: '34', name: 'Awaiting Payment' },
	{ code: '5', name: 'Completed', event: 'request.done' },
];

const HISTORY = 'process.status_history';
const REJECTED_NAME = /rejeitad/i;

/** The path of a key of the last entry of the status history. */
const inLastStatus = (key: string) => (body: JsonObject) => {
	const entries = valueAt(body, HISTORY) ?? [];
	// What is there and no list gets a path all the same, so that it is named as unreadable.
	if (!Array.isArray(entries)) return `${HISTORY}[0].${key}`;
	return entries.length === 0 ? undefined : `${HISTORY}[${entries.length - 1}].${key}`;
};

function valueIn(body: JsonObject, pathOf: (body: JsonObject) => string | undefined) {
	const path = pathOf(body);
	return path === undefined ? undefined : valueAt(body, path);
}

/** The path of the request's status code: the newest place that holds one. */
function statusPath(body: JsonObject): string | undefined {
	const paths = ['process.status', 'process.last_status.to', inLastStatus('to')(body)];
	return paths.find((path) => path !== undefined && (valueAt(body, path) ?? '') !== '');
}

/** The payload holds no event: `webhooks` is a log of past deliveries. The user may put it into the URL. */
function eventOf({ body, headers, query }: Delivery): NamedEvent {
	const places: Array<[string, unknown]> = [
		['query', own(query, 'event')],
		['header', own(headers, 'x-event')],
		['payload', own(body, 'event')],
		['status', eventOfStatus(body)],
	];
	for (const [source, value] of places) {
		const name = textOf(value);
		if (name !== undefined) return { name, source };
	}
	return { name: UNKNOWN, source: 'none' };
}

function eventOfStatus(body: JsonObject): string | undefined {
	// The code of a rejected request is documented nowhere; its translated name says it.
	const name = textOf(valueIn(body, inLastStatus('to_translated')));
	if (name !== undefined && REJECTED_NAME.test(name)) return 'request.rejected';
	const code = valueIn(body, statusPath);
	return STATUSES.find((status) => status.code === code || Number(status.code) === code)?.event;
}

/** The path of the latest entry of a list: by its date where every entry has one, else the last. */
const latest =
	(path: string, dateKey: string, counts: (entry: JsonObject) => boolean = () => true) =>
	(body: JsonObject): string | undefined => {
		const entries = valueAt(body, path);
		// What is there and unreadable gets a path all the same, so that it is named.
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

/** The path of what all items of the request share, nothing where they differ. */
const sharedByItems =
	(path: string) =>
	(body: JsonObject): string | undefined => {
		const items = valueAt(body, 'request.items');
		if (!Array.isArray(items)) return undefined;
		const values = new Set(items.map((item) => valueAt(item, path)));
		return values.size === 1 ? `request.items[0].${path}` : undefined;
	};

const REASON = 'questions[0].value';

/** The log of deliveries to other integrations, without their secrets. */
function withoutSecrets(body: JsonObject): JsonObject {
	const log = own(body, 'webhooks');
	if (log === undefined || log === null) return body;
	return { ...body, webhooks: Array.isArray(log) ? log.map(withoutCallSecrets) : null };
}

function withoutCallSecrets(call: Json): Json {
	if (!isJsonObject(call)) return null;
	const rest = without(call, ['headers', 'responseBody']);
	return 'url' in rest ? { ...rest, url: publicUrl(rest.url) } : rest;
}

function publicUrl(url: Json | undefined): Json {
	if (typeof url !== 'string') return null;
	const address = url.replace(/[?#].*$/s, '');
	// As a URL parser reads it: with any number of slashes of both kinds, and with line ends between them.
	const start = /^(?:[^\\/@]*:)?\s*[\\/][\\/\s]*/.exec(address)?.[0] ?? '';
	const [authority = ''] = address.slice(start.length).split('/', 1);
	const path = address.slice(start.length + authority.length);
	return `${start}${authority.slice(authority.lastIndexOf('@') + 1)}${path}`;
}

/** Everything but what changes between retries. The event may come from the URL or a header, not from the body. */
function identityOf(body: JsonObject, event: string): Json {
	return [event, without(body, ['webhooks', 'updatedAt', '__v'])];
}

/** Troque & Devolva, a returns desk: its page "Webhooks". Any field can be missing. */
export const troqueDevolva: Provider = {
	id: 'troqueDevolva',
	displayName: 'Troque & Devolva',
	connect:
		'In Troque & Devolva, open <b>Configurações &gt; Webhooks &gt; Novo Webhook</b>. Enter the production URL of this node, choose the events and the method POST, and add a header with the name and value of the credential. The payload does not name its event: register one webhook per event, and add <code>?event=</code> and the event to its URL.',
	events: [
		{
			code: 'request.created',
			name: 'Request Created',
			label: 'Created',
			description: 'When a return or exchange is requested',
		},
		{
			code: 'request.rejected',
			name: 'Request Rejected',
			label: 'Rejected',
			description: 'When a request is rejected',
		},
		{
			code: 'request.authorized',
			name: 'Request Authorized',
			label: 'Authorized',
			description: 'When a request is authorized',
		},
		{
			code: 'request.posted',
			name: 'Request Posted',
			label: 'Posted',
			description: 'When the customer has posted the products',
		},
		{
			code: 'request.delivered',
			name: 'Request Delivered',
			label: 'Delivered',
			description: 'When the products have arrived',
		},
		{
			code: 'request.done',
			name: 'Request Done',
			label: 'Done',
			description: 'When a request is completed',
		},
		otherEvents,
	],
	credential: 'troqueDevolvaWebhookApi',
	token: {
		in: 'header',
		name: { field: 'headerName', default: 'X-Webhook-Token' },
		bearer: 'never',
		field: 'headerValue',
	},
	eventOf,
	filters: [
		{
			properties: [
				{
					displayName: 'Status',
					name: 'status',
					type: 'multiOptions',
					default: [],
					options: STATUSES.map(({ code, name }) => ({
						name: `${name} (${code})`,
						value: code,
					})).sort((a, b) => a.name.localeCompare(b.name)),
					description: 'The statuses of the request that start the workflow',
				},
				{
					displayName: 'Other Statuses',
					name: 'otherStatuses',
					type: 'string',
					default: '',
					placeholder: 'e.g. 99',
					description: 'More status codes, comma-separated, which the documentation does not name',
				},
			],
			values: (body) => [valueIn(body, statusPath)],
		},
		{
			properties: [
				{
					displayName: 'Request Type',
					name: 'requestType',
					type: 'string',
					default: '',
					placeholder: 'e.g. exchange',
					description:
						'The types that start the workflow, comma-separated; any item of the request may match',
				},
			],
			ignoreCase: true,
			values: (body) => {
				const items = valueAt(body, 'request.items');
				return Array.isArray(items) ? items.map((item) => valueAt(item, 'type')) : [];
			},
		},
	],
	identityOf,
	ignoresDuplicatesByDefault: true,
	withoutSecrets,
	item: {
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
				deliveredAt: dateField([
					'shippment.last_delivered_at',
					'shippment.packages[0].delivered_at',
				]),
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
	},
};
