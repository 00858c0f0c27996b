import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { filledText, requiredText, type Operation } from '../../core/action';
import { pathOf, type ApiCall } from '../../core/api';
import { isJsonObject, own, type Json, type JsonObject } from '../../core/json';
import { centsOf } from '../../core/money';
import { objectOf, sellerIdOf } from '../genApi';
import {
	ask,
	credentialOf,
	externalIdField,
	extraFieldsField,
	parametersOf,
	shapedAnswer,
	shownFor,
	simplifyField,
} from './common';
import { customerFields, customerIn, customerParameters } from './customer';
import {
	booleanIn,
	dateText,
	filled,
	objectIn,
	textIn,
	timeText,
	wholeNumber,
	withExtraFields,
	type Parameters,
} from './values';

const withMethod = (method: string) => ({
	resource: ['payment'],
	operation: ['create'],
	method: [method],
});

const cardFields: INodeProperties[] = [
	{
		displayName: 'Card',
		name: 'cardSource',
		type: 'options',
		default: 'token',
		options: [
			{
				name: 'Card Token',
				value: 'token',
				description: "A card that was tokenized in the customer's browser",
			},
			{
				name: 'Saved Card',
				value: 'saved',
				description: 'A card that the customer saved at an earlier purchase, by its ID',
			},
		],
		description: 'Which card pays',
		displayOptions: { show: withMethod('CREDIT_CARD') },
	},
	{
		displayName: 'Card Token',
		name: 'cardToken',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description:
			"The token that Gen gave the customer's browser for the card number, with your client token. A card number is refused here.",
		displayOptions: { show: { ...withMethod('CREDIT_CARD'), cardSource: ['token'] } },
	},
	{
		displayName: 'Card Holder Name',
		name: 'cardHolderName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan Silva',
		description: 'The name on the card',
		displayOptions: { show: { ...withMethod('CREDIT_CARD'), cardSource: ['token'] } },
	},
	{
		displayName: 'Card Expiration Month',
		name: 'cardExpirationMonth',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 12',
		description: 'The month in which the card expires, from 1 to 12',
		displayOptions: { show: { ...withMethod('CREDIT_CARD'), cardSource: ['token'] } },
	},
	{
		displayName: 'Card Expiration Year',
		name: 'cardExpirationYear',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 29',
		description: 'The year in which the card expires; sent with two digits',
		displayOptions: { show: { ...withMethod('CREDIT_CARD'), cardSource: ['token'] } },
	},
	{
		displayName: 'Saved Card ID',
		name: 'creditCardId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
		description: 'The ID of the card at Gen',
		displayOptions: { show: { ...withMethod('CREDIT_CARD'), cardSource: ['saved'] } },
	},
];

const additionalFields: INodeProperties[] = [
	{
		displayName: 'Bank Slip Instructions',
		name: 'instructions',
		type: 'string',
		default: '',
		placeholder: 'e.g. Não receber após o vencimento',
		description: 'A text that is printed on the bank slip',
		displayOptions: { show: { '/method': ['BANK_SLIP'] } },
	},
	{
		displayName: 'Delay Capture',
		name: 'delayCapture',
		type: 'boolean',
		default: false,
		description:
			'Whether to reserve the amount on the card without taking it. Capture the payment with the Capture operation: Gen reverses an uncaptured one automatically.',
		displayOptions: { show: { '/method': ['CREDIT_CARD'] } },
	},
	externalIdField,
	extraFieldsField,
	{
		displayName: 'Installments',
		name: 'installments',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 12, numberPrecision: 0 },
		default: 1,
		description: 'The number of installments, from 1 to 12',
		displayOptions: { show: { '/method': ['CREDIT_CARD'] } },
	},
	{
		displayName: 'Save Card',
		name: 'saveCard',
		type: 'boolean',
		default: false,
		description:
			'Whether Gen keeps the card for later purchases. Ask the customer for consent first.',
		displayOptions: { show: { '/method': ['CREDIT_CARD'], '/cardSource': ['token'] } },
	},
];

/** Gen's pages "Gerando um PIX", "Gerando um Boleto" and "Cobrando no Crédito". */
export const paymentFields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'create',
		options: [
			{
				name: 'Capture',
				value: 'capture',
				action: 'Capture a payment',
				description: 'Take the amount that a card payment with delayed capture reserved',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a payment',
				description: 'Charge an order by PIX, bank slip or credit card',
			},
			{
				name: 'Refund PIX',
				value: 'refund',
				action: 'Refund a PIX payment',
				description: 'Give a paid PIX back to the customer, whole or in part',
			},
		],
		displayOptions: { show: { resource: ['payment'] } },
	},
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
		description:
			'The ID of the order at Gen that is paid, as the Create operation of orders gives it',
		displayOptions: shownFor('payment', 'create'),
	},
	{
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		required: true,
		default: '',
		description:
			"The customer's session on your site, for Gen's fraud checks. Any value will do in the sandbox; in production it has to be made as Gen's guide Capturando dados da Sessão says.",
		displayOptions: shownFor('payment', 'create'),
	},
	{
		displayName: 'Payment Method',
		name: 'method',
		type: 'options',
		default: 'PIX',
		options: [
			{ name: 'Bank Slip', value: 'BANK_SLIP', description: 'A boleto that the customer pays' },
			{ name: 'Credit Card', value: 'CREDIT_CARD', description: 'A card token or a saved card' },
			{ name: 'PIX', value: 'PIX', description: 'A PIX code that the customer pays' },
		],
		description: 'How the order is paid',
		displayOptions: shownFor('payment', 'create'),
	},
	{
		displayName: 'PIX Expiration',
		name: 'pixExpiration',
		type: 'dateTime',
		required: true,
		default: '',
		description:
			'Until when the PIX can be paid, a time in the future. It is sent as typed: no document of Gen says in which time zone it reads one without an offset.',
		displayOptions: { show: withMethod('PIX') },
	},
	{
		displayName: 'Bank Slip Due Date',
		name: 'bankSlipDueDate',
		type: 'dateTime',
		required: true,
		default: '',
		description:
			'The day until which the bank slip can be paid, a day in the future. Only the date is sent.',
		displayOptions: { show: withMethod('BANK_SLIP') },
	},
	...cardFields,
	...customerFields('payment', {
		name: 'Of the Order',
		value: 'order',
		description: 'The customer that the order has already',
	}),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: additionalFields,
		displayOptions: shownFor('payment', 'create'),
	},
	{
		displayName: 'Payment ID',
		name: 'paymentId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 12ac0bcb-397b-776d-a621-fce33ec302e9',
		description: 'The ID of the payment at Gen',
		displayOptions: shownFor('payment', 'capture', 'refund'),
	},
	{
		displayName: 'Amount',
		name: 'amount',
		type: 'number',
		typeOptions: { minValue: 0.01, numberPrecision: 2 },
		required: true,
		default: '',
		placeholder: 'e.g. 19.99',
		description:
			'What goes back to the customer, in reais: the whole amount of the payment or a part. This moves money. It is sent to Gen in cents; that Gen counts it in cents is inferred from its other amounts.',
		displayOptions: shownFor('payment', 'refund'),
	},
	simplifyField('payment', 'capture', 'create', 'refund'),
];

/**
 * What creates a payment. Throws where something is missing or wrong, and where there is a card number in it.
 *
 * @param timezone the workflow's, for times that an expression gives as objects
 */
export function paymentBody(parameters: Parameters, timezone: string): JsonObject {
	const additional = objectIn(parameters, 'additionalFields');
	const method = filledText(own(parameters, 'method'), 'Payment Method');
	const payment = filled({
		session_id: filledText(own(parameters, 'sessionId'), 'Session ID'),
		order_id: filledText(own(parameters, 'orderId'), 'Order ID'),
		method,
		...detailsOf(method, parameters, timezone),
		...customerIn(parameters),
		external_id: textIn(additional, 'externalId'),
	});
	const complete = withExtraFields(payment, additional);
	if (holdsCardNumber(complete)) {
		throw new Error(
			"A card number must not pass through n8n: tokenize it in the customer's browser with the client token of Gen, and enter the card token.",
		);
	}
	return { payment: complete };
}

/** What the request says of a PIX, a bank slip or a card. */
function detailsOf(method: string, parameters: Parameters, timezone: string): JsonObject {
	const additional = objectIn(parameters, 'additionalFields');
	switch (method) {
		case 'PIX': {
			const expiration = timeText(own(parameters, 'pixExpiration'), timezone);
			return { pix: { expiration: filledText(expiration, 'PIX Expiration') } };
		}
		case 'BANK_SLIP': {
			const label = 'Bank Slip Due Date';
			const due = own(parameters, 'bankSlipDueDate');
			filledText(due, label);
			return {
				bank_slip: filled({
					expiration_date: dateText(due, label, timezone),
					instructions: textIn(additional, 'instructions'),
				}),
			};
		}
		case 'CREDIT_CARD':
			return { credit: creditIn(parameters, additional) };
		default:
			throw new Error(
				`Payment Method is "${method}", which is none. Choose PIX, BANK_SLIP or CREDIT_CARD.`,
			);
	}
}

function creditIn(parameters: Parameters, additional: JsonObject): JsonObject {
	const isSaved = own(parameters, 'cardSource') === 'saved';
	const installments = own(additional, 'installments') ?? '';
	return filled({
		installments: installments === '' ? undefined : wholeNumber(installments, 'Installments', 12),
		delay_capture: booleanIn(additional, 'delayCapture'),
		save_card: isSaved ? undefined : booleanIn(additional, 'saveCard'),
		...(isSaved
			? { credit_card_id: filledText(own(parameters, 'creditCardId'), 'Saved Card ID') }
			: { credit_card: cardIn(parameters) }),
	});
}

function cardIn(parameters: Parameters): JsonObject {
	return filled({
		token: filledText(own(parameters, 'cardToken'), 'Card Token'),
		holder_name: textIn(parameters, 'cardHolderName'),
		expiration_month: wholeNumber(
			filledText(own(parameters, 'cardExpirationMonth'), 'Card Expiration Month'),
			'Card Expiration Month',
			12,
		),
		expiration_year: yearIn(parameters),
	});
}

/** A year in two digits, as the document has it. */
function yearIn(parameters: Parameters): number {
	const text = filledText(own(parameters, 'cardExpirationYear'), 'Card Expiration Year');
	const digits = /^(?:20)?(\d{2})$/.exec(text)?.[1];
	if (digits !== undefined) return Number(digits);
	throw new Error('Card Expiration Year is no year. Enter it as in 29 or 2029.');
}

/** Whether something under a card's key looks like a card number, also where an extra field brings it. */
function holdsCardNumber(value: Json, isOfCard = false): boolean {
	if (Array.isArray(value)) return value.some((entry) => holdsCardNumber(entry, isOfCard));
	if (isJsonObject(value)) {
		return Object.entries(value).some(([key, entry]) =>
			holdsCardNumber(entry, isOfCard || /card|credit/i.test(key)),
		);
	}
	return isOfCard && /^\d{12,19}$/.test(String(value).replace(/[\s.-]/g, ''));
}

/** What refunds a PIX ("Revertendo um PIX"): the amount in cents, as every other amount of this API. */
export function refundBody(amount: unknown): JsonObject {
	const cents = centsOf(amount, 'Amount');
	if (cents > 0) return { amount: cents };
	throw new Error('Amount is zero. Enter what goes back to the customer in reais, as in 19.99.');
}

/** The item of a payment that Gen answered with. */
export function paymentItem(answer: Json, simplify: boolean): IDataObject {
	if (!simplify) return objectOf(answer);
	const { values, problem } = shapedAnswer('payment', answer);
	return { ...values, ...problem };
}

const create: Operation = async (context, itemIndex) =>
	await post(context, itemIndex, (seller) => ({
		path: pathOf`/api/sellers/${seller}/payments`,
		body: paymentBody(
			parametersOf(context, itemIndex, [
				'method',
				'orderId',
				'sessionId',
				'pixExpiration',
				'bankSlipDueDate',
				...cardFields.map(({ name }) => name),
				...customerParameters,
				'additionalFields',
			]),
			context.getTimezone(),
		),
	}));

const capture: Operation = async (context, itemIndex) =>
	await post(context, itemIndex, (seller) => {
		const id = requiredText(context, 'paymentId', itemIndex, 'Payment ID');
		return { path: pathOf`/api/sellers/${seller}/payments/${id}/capture`, body: {} };
	});

const refund: Operation = async (context, itemIndex) =>
	await post(context, itemIndex, (seller) => {
		const id = requiredText(context, 'paymentId', itemIndex, 'Payment ID');
		return {
			path: pathOf`/api/sellers/${seller}/pix/refund/${id}`,
			body: refundBody(context.getNodeParameter('amount', itemIndex, '')),
		};
	});

/** Posts what `call` makes for the credential's seller, and gives the payment of the answer. */
async function post(
	context: IExecuteFunctions,
	itemIndex: number,
	call: (seller: string) => Pick<ApiCall, 'path' | 'body'>,
): Promise<IDataObject> {
	const credential = await credentialOf(context, itemIndex);
	const request: ApiCall = { method: 'POST', ...call(sellerIdOf(credential)) };
	const answer = await ask(context, credential, request);
	return paymentItem(answer, context.getNodeParameter('simplify', itemIndex, true) !== false);
}

export const paymentOperations = { capture, create, refund };
