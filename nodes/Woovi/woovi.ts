import { textOf, UNKNOWN } from '../core/event';
import { listAndOthers } from '../core/filterProperties';
import { isJsonObject, own, valueAt, type Json, type JsonObject } from '../core/json';
import type { Provider } from '../core/provider';
import { canonicalCode, documentedCodes, events, OLD_REFUND } from './events';
import { isOldRefund, item } from './item';
import { signature } from './wooviApi';

/** What the call has with which Woovi tests a URL when it is registered: "Validando o webhook de teste". */
const TEST_KEYS = ['data_criacao', 'evento', 'event'];

const eventName = (body: JsonObject) => canonicalCode(textOf(own(body, 'event')) ?? UNKNOWN);

/** The documented events whose samples show a family of fields that the item has. */
const withFields = new Set(documentedCodes.filter((code) => !code.startsWith('ACCOUNT_')));

/** The methods of a payment: the one it was paid by, else those that its charge offers. */
function methodsOf(body: JsonObject): string[] {
	const paid = ['boleto', 'pix'].filter((key) => isJsonObject(own(body, key)));
	const offered = valueAt(body, 'charge.paymentMethods');
	return paid.length > 0 || !isJsonObject(offered) ? paid : Object.keys(offered);
}

/** The amount that an event is about, in cents. */
function amountOf(body: JsonObject): Json | undefined {
	const subjects = isOldRefund(body)
		? ['pix']
		: ['boleto', 'pix', 'charge', 'refundTransaction', 'payment', 'dispute'];
	const paths = [...subjects.map((subject) => `${subject}.value`), 'value'];
	return paths.map((path) => valueAt(body, path) ?? null).find((value) => value !== null);
}

/** What is the same in every retry of a delivery. Woovi gives its deliveries no ID. */
function identityOf(body: JsonObject, event: string): Json {
	const identifiers = identifiersOf(body, event).map((path) => valueAt(body, path) ?? null);
	return identifiers.length === 0 || identifiers.includes(null) ? body : [event, ...identifiers];
}

/** The paths of what identifies an event; none where the whole body does. */
function identifiersOf(body: JsonObject, event: string): string[] {
	// A charge takes one payment. It may expire again after its date was changed.
	if (event.startsWith('OPENPIX:CHARGE_') || event === 'BOLETO_SETTLED') {
		const ids = ['charge.globalID', 'charge.identifier', 'charge.correlationID'];
		const [id] = ids.filter((path) => textOf(valueAt(body, path)) !== undefined);
		if (id === undefined) return [];
		return event === 'OPENPIX:CHARGE_EXPIRED' ? [id, 'charge.expiresDate'] : [id];
	}
	if (event === 'OPENPIX:TRANSACTION_RECEIVED' || event === OLD_REFUND) return ['pix.endToEndId'];
	if (event.startsWith('PIX_TRANSACTION_REFUND_')) return ['refundTransaction.endToEndId'];
	if (event.startsWith('OPENPIX:DISPUTE_')) return ['dispute.endToEndId', 'dispute.status'];
	if (event.startsWith('PIX_AUTOMATIC_COBR_')) {
		const tries = valueAt(body, 'cobr.tries');
		const last = `cobr.tries[${Array.isArray(tries) ? tries.length - 1 : 0}]`;
		return ['globalID', `${last}.createdAt`, `${last}.updatedAt`];
	}
	return [];
}

/** Woovi (OpenPix), Pix payments: its section "Webhooks". */
export const woovi: Provider = {
	id: 'woovi',
	displayName: 'Woovi',
	connect:
		'With automatic registration, create an API in Woovi under <b>API/Plugins</b> for the credential. n8n then registers this node when it listens for a test and when you publish the workflow, once for each event. With manual registration you enter its URL under <b>API/Plugins &gt; Novo Webhook</b>, once for each event.',
	registersItself: true,
	events,
	hasCustomEvents: true,
	customEventsExample: 'STABLECOIN_*, PIX_AUTH_COMPLETED',
	canonicalCode,
	credential: 'wooviApi',
	token: {
		places: [
			{ in: 'header', name: 'Authorization', bearer: 'never' },
			{ in: 'header', name: 'x-openpix-authorization', bearer: 'never' },
			{ in: 'query', name: 'authorization', bearer: 'never' },
		],
		field: 'webhookToken',
	},
	signature,
	// Its `event` is the registered one, but there is no charge, Pix or whatever the event is about.
	isTestCall: (body) => {
		const keys = Object.keys(body);
		const isTest = keys.includes('data_criacao') || keys.includes('evento');
		return isTest && keys.every((key) => TEST_KEYS.includes(key));
	},
	eventOf: ({ body }) => ({ name: eventName(body), place: 'event of the body' }),
	filters: [
		{
			properties: listAndOthers({
				displayName: 'Charge Status',
				name: 'status',
				options: [
					{ name: 'Active', value: 'ACTIVE' },
					{ name: 'Completed', value: 'COMPLETED' },
					{ name: 'Expired', value: 'EXPIRED' },
				],
				description: 'The charge statuses that start the workflow',
				others: {
					displayName: 'Other Charge Statuses',
					name: 'otherStatuses',
					placeholder: 'e.g. CANCELED',
					noun: 'statuses',
				},
			}),
			// The status of a refunded charge says nothing about its refund.
			values: (body) => (isOldRefund(body) ? [] : [valueAt(body, 'charge.status')]),
		},
		{
			properties: listAndOthers({
				displayName: 'Payment Method',
				name: 'method',
				options: [
					{ name: 'Boleto', value: 'boleto' },
					{ name: 'Pix', value: 'pix' },
				],
				description: 'The payment methods that start the workflow',
				others: {
					displayName: 'Other Payment Methods',
					name: 'otherMethods',
					placeholder: 'e.g. card',
					noun: 'methods',
				},
			}),
			ignoreCase: true,
			values: methodsOf,
		},
		{
			properties: [
				{
					displayName: 'Minimum Value',
					name: 'minimumValue',
					type: 'number',
					typeOptions: { minValue: 0, numberPrecision: 2 },
					default: 0,
					description: 'The lowest amount, in reais, that starts the workflow',
				},
			],
			isMinimum: true,
			values: (body) => {
				const cents = amountOf(body);
				return typeof cents === 'number' ? [cents / 100] : [];
			},
		},
	],
	identityOf,
	ignoresDuplicatesByDefault: true,
	// Retries go on for about 42 minutes.
	duplicateWindow: 3600,
	needsPayload: (event) => !withFields.has(event),
	item,
};

/** The same with webhooks that the user registers in Woovi's panel: their token has a credential of its own. */
export const wooviManual: Provider = {
	...woovi,
	credential: 'wooviWebhookApi',
	token: { ...woovi.token, field: 'token' },
};
