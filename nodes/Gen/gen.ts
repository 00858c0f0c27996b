import { DateTime } from 'luxon';
import { textOf, UNKNOWN } from '../core/event';
import { listAndOthers } from '../core/filterProperties';
import { hasLostDigits, isJsonObject, own, valueAt, type JsonObject } from '../core/json';
import { otherEvents, type Delivery, type NamedEvent, type Provider } from '../core/provider';
import { centsField, customer, dateField, group, numberField, textField } from '../core/shape';

const CHARGE = 'charge-';

/**
 * A name in the form of the documented ones: `PAYMENT.CREATED`, `charge-in`. One pattern with a repeated group would
 * say it too, but runs out of stack on a name with millions of parts.
 */
const isCode = (name: string) =>
	(/^[A-Z][A-Z0-9_.]*[A-Z0-9_]$/.test(name) && name.includes('.') && !name.includes('..')) ||
	name.startsWith(CHARGE);

const NAME_PLACES = [
	'event',
	'event_type',
	'event_name',
	'type',
	'name',
	'event.type',
	'event.name',
];

/** No document shows an event's JSON: `type` and `name` may mean other things, so a name like a code is preferred. */
function eventOf({ body }: Pick<Delivery, 'body'>): NamedEvent {
	const names = NAME_PLACES.flatMap((path): NamedEvent[] => {
		const value = valueAt(body, path);
		const name = typeof value === 'string' ? textOf(value) : undefined;
		return name === undefined ? [] : [{ name, place: `${path} of the body` }];
	});
	return names.find(({ name }) => isCode(name)) ?? names[0] ?? { name: UNKNOWN };
}

/** Keys that only a payment has in the documented answers, and keys that only an order has. */
const PAYMENT_KEYS = ['order_id', 'pix', 'bank_slip', 'credit'];
const ORDER_KEYS = ['items', 'methods', 'max_installments'];

const PLACES = ['', 'data', 'payment', 'order', 'data.payment', 'data.order'];

/** Where a delivery's payment and order are, and which of the two it is about. */
interface Subject {
	payment?: string;
	order?: string;
	/** The path of the one that the event is about. */
	main: string;
}

/**
 * Finds the payment and the order in a body. What they hold decides; where that says nothing, the key they stand
 * under; else the event's name.
 */
function findSubject(body: JsonObject): Subject {
	const has = (value: JsonObject, keys: string[]) => keys.some((key) => Object.hasOwn(value, key));
	const places = PLACES.flatMap((path) => {
		const value = valueAt(body, path);
		if (!isJsonObject(value)) return [];
		const isPayment = has(value, PAYMENT_KEYS);
		const isOrder = !isPayment && has(value, ORDER_KEYS);
		return [
			{
				path,
				isPayment: isPayment || (!isOrder && path.endsWith('payment')),
				isOrder: isOrder || (!isPayment && path.endsWith('order')),
			},
		];
	});

	const { name: event } = eventOf({ body });
	const payment = places.find(({ isPayment }) => isPayment)?.path;
	const order = places.find(({ isOrder }) => isOrder)?.path;
	const isAboutOrder = event.startsWith('ORDER.');
	if (payment === undefined && order === undefined) {
		const place = (own(body, 'data') ?? '') === '' ? '' : 'data';
		if (isAboutOrder) return { order: place, main: place };
		const about = valueAt(body, place);
		const isAboutPayment =
			event.startsWith('PAYMENT.') ||
			event.startsWith(CHARGE) ||
			(isJsonObject(about) && has(about, ['method', 'total_cents']));
		return { payment: isAboutPayment ? place : undefined, main: place };
	}
	const main = isAboutOrder ? (order ?? payment) : (payment ?? order);
	return { payment, order, main: main ?? '' };
}

function inside(place: string | undefined, key: string): string | undefined {
	if (place === undefined) return undefined;
	return place === '' ? key : `${place}.${key}`;
}

const inMain = (key: string) => (body: JsonObject) => inside(findSubject(body).main, key);

/** An event's own id, which stands beside the payment or order it is about, not of it. */
export function eventId(body: JsonObject): string | undefined {
	const inEvent = valueAt(body, 'event.id');
	const id = inEvent ?? own(body, 'id');
	if (id === undefined || id === null || typeof id === 'object') return undefined;
	// Two ids may have become one: the bytes tell them apart, as `deliveryId` does then.
	if (typeof id === 'number' && hasLostDigits(id)) return undefined;
	const { main } = findSubject(body);
	if (inEvent === undefined && (main === '' || valueAt(body, `${main}.id`) === id))
		return undefined;
	return textOf(String(id));
}

/** When an event happened, in milliseconds, as far as it tells: its own time, else that of what it is about. */
export function timeOf(body: JsonObject): number | undefined {
	const { main } = findSubject(body);
	const times = ['inserted_at', inside(main, 'updated_at'), inside(main, 'inserted_at')]
		.map((path) => DateTime.fromISO(textOf(valueAt(body, path ?? '')) ?? '', { zone: 'utc' }))
		.filter((time) => time.isValid);
	return times[0]?.toMillis();
}

/** Gen (Genpag), payments: its page "Webhooks e Eventos"; payments and orders as the API answers them. */
export const gen: Provider = {
	id: 'gen',
	displayName: 'Gen',
	connect:
		'With automatic registration, generate a key in Gen under <b>Perfil e preferências &gt; Desenvolvedor</b> for the credential. n8n then registers this node when it listens for a test and when you publish the workflow. With manual registration you enter its URL in the panel of Gen.',
	registersItself: true,
	events: [
		{
			code: 'PAYMENT.CREATED',
			name: 'Payment Created',
			label: 'Created',
			description: 'When a payment is created',
		},
		{
			code: 'PAYMENT.*',
			name: 'Any Payment Event',
			label: 'Payments',
			description: 'Every event of a payment, such as a change of its status',
		},
		{
			code: 'ORDER.*',
			name: 'Any Order Event',
			label: 'Orders',
			description: 'Every event of an order, such as a change of its status',
		},
		{
			code: 'charge-create',
			name: 'Bolepix Charge Created',
			label: 'New Charge',
			description: 'Beta: when a Bolepix charge is created',
		},
		{
			code: 'charge-in',
			name: 'Bolepix Charge Paid',
			label: 'Charge Paid',
			description: 'Beta: when a customer has paid a Bolepix charge',
		},
		{
			code: 'charge-cancelled',
			name: 'Bolepix Charge Canceled',
			label: 'Void Charge',
			description: 'Beta: when a Bolepix charge is canceled',
		},
		otherEvents,
	],
	hasCustomEvents: true,
	credential: 'genApi',
	token: {
		places: [{ in: 'header', name: 'Authorization', bearer: 'optional' }],
		field: 'webhookToken',
	},
	eventOf,
	filters: [
		{
			properties: listAndOthers({
				displayName: 'Status',
				name: 'status',
				options: [
					{ name: 'Canceled', value: 'CANCELLED' },
					{ name: 'Paid', value: 'PAID' },
					{ name: 'Pending', value: 'PENDING' },
					{ name: 'Pre-Authorized', value: 'PRE_AUTHORIZED' },
					{ name: 'Reversed', value: 'REVERSED' },
				],
				description: 'The payment statuses that start the workflow',
				others: {
					displayName: 'Other Statuses',
					name: 'otherStatuses',
					placeholder: 'e.g. REFUSED',
					noun: 'statuses',
				},
			}),
			values: (body) => [valueAt(body, inMain('status')(body) ?? 'status')],
		},
		{
			properties: listAndOthers({
				displayName: 'Payment Method',
				name: 'method',
				options: [
					{ name: 'Bank Slip', value: 'BANK_SLIP' },
					{ name: 'Credit Card', value: 'CREDIT' },
					{ name: 'PIX', value: 'PIX' },
				],
				description: 'The payment methods that start the workflow',
				others: {
					displayName: 'Other Methods',
					name: 'otherMethods',
					placeholder: 'e.g. CREDIT_CARD',
					noun: 'methods',
				},
			}),
			values: (body) => {
				const path = inside(findSubject(body).payment, 'method');
				return path === undefined ? [] : [valueAt(body, path)];
			},
		},
	],
	identityOf: (body, event) => {
		const id = eventId(body);
		if (id === undefined) return body;
		// No document says what an id beside the payment is of: should it be the shop's, these still differ.
		const { main } = findSubject(body);
		const state = ['id', 'status', 'updated_at'].map(
			(key) => valueAt(body, inside(main, key) ?? key) ?? null,
		);
		return [event, id, ...state];
	},
	ignoresDuplicatesByDefault: true,
	item: {
		id: textField(inMain('id')),
		status: textField(inMain('status')),
		createdAt: dateField(inMain('inserted_at')),
		updatedAt: dateField(inMain('updated_at')),
		customer: customer((body) => findSubject(body).main, {
			id: ['customer_id', 'customer.id'],
			name: 'customer.name',
			email: 'customer.email',
			mobile: 'customer.phone',
			document: ['customer.cpf', 'customer.cnpj'],
		}),
		order: group({
			id: textField((body) => {
				const { order, payment } = findSubject(body);
				return inside(order, 'id') ?? inside(payment, 'order_id');
			}),
			externalId: textField((body) => inside(findSubject(body).order, 'external_id')),
			total: centsField((body) => inside(findSubject(body).order, 'total_cents')),
		}),
		payment: group(
			{
				id: textField('id'),
				externalId: textField('external_id'),
				method: textField('method'),
				total: centsField('total_cents'),
				subtotal: centsField('subtotal_cents'),
				discount: centsField('discount_cents'),
				addition: centsField('addition_cents'),
				shipping: centsField('shipping_cents'),
				installments: numberField('credit.installments'),
				pixCode: textField('pix.brcode'),
				pixExpiresAt: dateField('pix.expiration'),
				bankSlipBarcode: textField('bank_slip.barcode'),
				bankSlipLine: textField('bank_slip.typeful_line'),
				bankSlipUrl: textField('bank_slip.print_link_pdf'),
				bankSlipDueAt: dateField('bank_slip.expiration_date'),
			},
			(body) => findSubject(body).payment,
		),
	},
};

/** The same with a webhook that the user registers in Gen's panel: its token has a credential of its own. */
export const genManual: Provider = {
	...gen,
	credential: 'genWebhookApi',
	token: { ...gen.token, field: 'token' },
};
