import { textOf, UNKNOWN } from '../core/event';
import { listAndOthers } from '../core/filterProperties';
import { isJsonObject, own, valueAt, type Json, type JsonObject } from '../core/json';
import { otherEvents, type Provider } from '../core/provider';
import {
	booleanField,
	centsField,
	dateField,
	group,
	list,
	notSent,
	numberField,
	textField,
	textList,
} from '../core/shape';
import { panelEvents, registrableEvents } from './events';

/** The events whose payload a document shows. */
const sampledEvents = [...registrableEvents, ...panelEvents]
	.map(({ code }) => code)
	.filter((code) => !/\.(lost|plan_changed)$/.test(code));

const eventName = (body: JsonObject) => textOf(own(body, 'event')) ?? UNKNOWN;

const SUBJECTS = ['checkout', 'transparent', 'withdraw', 'transfer'].map((key) => `data.${key}`);

/** Where the object that an event is about stands; in payloads of API v1 it is `data` itself. */
function subjectPath(body: JsonObject): string {
	const isSubscription = eventName(body).startsWith('subscription.');
	const paths = isSubscription ? ['data.subscription'] : SUBJECTS;
	return paths.find((path) => isJsonObject(valueAt(body, path))) ?? 'data';
}

const inSubject = (key: string) => (body: JsonObject) => `${subjectPath(body)}.${key}`;

/** The method that was paid with; where no payer is named, those of the subject. */
function methodsOf(body: JsonObject): Array<Json | undefined> {
	const paid = valueAt(body, 'data.payerInformation.method');
	if (textOf(paid)) return [paid];
	const several = valueAt(body, inSubject('methods')(body));
	return Array.isArray(several) ? several : [valueAt(body, inSubject('method')(body))];
}

/** AbacatePay, payments: the section "Webhooks" of its documentation, API v2. */
export const abacatePay: Provider = {
	id: 'abacatePay',
	displayName: 'AbacatePay',
	connect:
		'With automatic registration, create an API key in AbacatePay with the permissions <b>WEBHOOK:CREATE</b>, <b>WEBHOOK:READ</b> and <b>WEBHOOK:DELETE</b> for the credential. n8n then registers this node when it listens for a test and when you publish the workflow. With manual registration you enter its URL and the secret in the panel of AbacatePay under <b>Webhooks &gt; Criar</b>.',
	registersItself: true,
	events: [...registrableEvents, ...panelEvents, otherEvents],
	hasCustomEvents: true,
	customEventsExample: 'checkout.*, coupon.created',
	credential: 'abacatePayApi',
	// Both places hold the same secret. The signature in X-Webhook-Signature proves nothing about the sender: its key
	// is printed in the documentation and the same for every account.
	token: {
		places: [
			{ in: 'query', name: 'webhookSecret', bearer: 'never' },
			{ in: 'header', name: 'X-Webhook-Secret', bearer: 'never' },
		],
		field: 'webhookToken',
		minLength: 32,
	},
	eventOf: ({ body }) => ({ name: eventName(body), place: 'event of the body' }),
	filters: [
		{
			properties: [
				{
					displayName: 'Mode',
					name: 'devMode',
					type: 'multiOptions',
					default: [],
					options: [
						{ name: 'Dev Mode', value: 'true', description: 'Simulated events' },
						{ name: 'Production', value: 'false', description: 'Real events' },
					],
					description: 'Whether simulated or real events start the workflow',
				},
			],
			values: (body) => {
				const devMode = own(body, 'devMode');
				return typeof devMode === 'boolean' ? [String(devMode)] : [];
			},
		},
		{
			properties: listAndOthers({
				displayName: 'Payment Method',
				name: 'method',
				options: [
					{ name: 'Bank Slip', value: 'BOLETO' },
					{ name: 'Card', value: 'CARD' },
					{ name: 'PIX', value: 'PIX' },
				],
				description: 'The payment methods that start the workflow',
				others: {
					displayName: 'Other Methods',
					name: 'otherMethods',
					placeholder: 'e.g. WALLET',
					noun: 'methods',
				},
			}),
			values: methodsOf,
		},
	],
	// The ID is the same in every attempt. Not every documented payload has one.
	identityOf(body, event) {
		const id = textOf(own(body, 'id'));
		return id === undefined ? body : [event, id];
	},
	ignoresDuplicatesByDefault: true,
	// The attempts of a delivery span 18 hours.
	duplicateWindow: 20 * 60 * 60,
	deliveryFields: { devMode: booleanField('devMode') },
	needsPayload: (event) => !sampledEvents.includes(event),
	item: {
		id: textField(inSubject('id')),
		status: textField(inSubject('status')),
		createdAt: dateField(inSubject('createdAt')),
		updatedAt: dateField(inSubject('updatedAt')),
		customer: group(
			{
				id: textField('id'),
				name: textField('name'),
				email: textField('email'),
				phone: notSent,
				landline: notSent,
				// Masked, as in 123.***.***-**: without the punctuation it would be nonsense.
				document: textField('taxId'),
				documentType: notSent,
			},
			'data.customer',
		),
		reason: textField('data.reason'),
		checkout: group(
			{
				id: textField('id'),
				externalId: textField('externalId'),
				url: textField('url'),
				total: centsField('amount'),
				paid: centsField('paidAmount'),
				fee: centsField('platformFee'),
				frequency: textField('frequency'),
				methods: textList('methods'),
				installments: numberField('installmentsCount'),
				receiptUrl: textField('receiptUrl'),
			},
			'data.checkout',
		),
		items: list('data.checkout.items', { id: textField('id'), quantity: numberField('quantity') }),
		payment: group(
			{
				id: textField('id'),
				externalId: textField('externalId'),
				total: centsField('amount'),
				paid: centsField('paidAmount'),
				fee: centsField('platformFee'),
				status: textField('status'),
				methods: textList('methods'),
				receiptUrl: textField('receiptUrl'),
			},
			['data.transparent', 'data.payment'],
		),
		payer: group(
			{
				method: textField('method'),
				name: textField(['PIX.name', 'BOLETO.name']),
				document: textField(['PIX.taxId', 'BOLETO.taxId']),
				sameAsCustomer: booleanField(['PIX.isSameAsCustomer', 'BOLETO.isSameAsCustomer']),
				cardLastDigits: textField('CARD.number'),
				cardBrand: textField('CARD.brand'),
			},
			'data.payerInformation',
		),
		subscription: group(
			{
				id: textField('id'),
				total: centsField('amount'),
				method: textField('method'),
				frequency: textField('frequency'),
				trialDays: numberField('trialDays'),
				trialEndsAt: dateField('trialEndsAt'),
				canceledAt: dateField('canceledAt'),
				cancelPolicy: textField('cancelPolicy'),
				cancelledDueTo: textField('cancelledDueTo'),
				installmentId: textField('/data.installmentId'),
				installmentNumber: numberField('/data.installmentNumber'),
				retryNumber: numberField('/data.retryNumber'),
				maxRetry: numberField('retryPolicy.maxRetry'),
			},
			'data.subscription',
		),
		transfer: group(
			{
				id: textField('id'),
				externalId: textField('externalId'),
				total: centsField('amount'),
				fee: centsField('platformFee'),
				method: textField('method'),
				receiptUrl: textField('receiptUrl'),
				endToEndId: textField('endToEndIdentifier'),
			},
			['data.withdraw', 'data.transfer'],
		),
	},
};

/** The same with a webhook that the user makes in AbacatePay's panel: its secret has a credential of its own. */
export const abacatePayManual: Provider = {
	...abacatePay,
	credential: 'abacatePayWebhookApi',
	// One made in the panel may be shorter: an example in the documentation is.
	token: { places: abacatePay.token.places, field: 'token' },
};
