import type { INodeProperties } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import { own, type JsonObject } from '../../../core/json';
import {
	formatDate,
	omitUndefined,
	requireText,
	readObject,
	readParameters,
	readText,
	formatTime,
	type Parameters,
} from '../../../core/parameters';
import { customerFields, readCustomer, customerParameters } from '../customer';
import { externalIdField, extraFieldsField, withExtraFields } from '../fields';
import { cardFields, cardParameters, readCredit, holdsCardNumber } from './card';
import { postPayment } from './payment';

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
export const create: ActionOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create a payment',
	description: 'Charge an order by PIX, bank slip or credit card',
	properties: [
		{
			displayName: 'Order ID',
			name: 'orderId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
			description:
				'The ID of the order at Gen that is paid, as the Create operation of orders gives it',
		},
		{
			displayName: 'Session ID',
			name: 'sessionId',
			type: 'string',
			required: true,
			default: '',
			description:
				"The customer's session on your site, for Gen's fraud checks. Any value will do in the sandbox; in production it has to be made as Gen's guide Capturando dados da Sessão says.",
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
		},
		{
			displayName: 'PIX Expiration',
			name: 'pixExpiration',
			type: 'dateTime',
			required: true,
			default: '',
			description:
				'Until when the PIX can be paid, a time in the future. It is sent as typed: no document of Gen says in which time zone it reads one without an offset.',
			displayOptions: { show: { method: ['PIX'] } },
		},
		{
			displayName: 'Bank Slip Due Date',
			name: 'bankSlipDueDate',
			type: 'dateTime',
			required: true,
			default: '',
			description:
				'The day until which the bank slip can be paid, a day in the future. Only the date is sent.',
			displayOptions: { show: { method: ['BANK_SLIP'] } },
		},
		...cardFields,
		...customerFields({
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
		},
	],
	simplifies: true,
	async execute(context, itemIndex) {
		return await postPayment(context, itemIndex, (seller) => ({
			path: encodePath`/api/sellers/${seller}/payments`,
			body: paymentBody(
				readParameters(context, itemIndex, [
					'method',
					'orderId',
					'sessionId',
					'pixExpiration',
					'bankSlipDueDate',
					...cardParameters,
					...customerParameters,
					'additionalFields',
				]),
				context.getTimezone(),
			),
		}));
	},
};

/**
 * The request that creates a payment. Throws where something is missing or wrong, and where it holds a card number.
 *
 * @param timezone the workflow's, for times that an expression gives as objects
 */
function paymentBody(parameters: Parameters, timezone: string): JsonObject {
	const additional = readObject(parameters, 'additionalFields');
	const method = requireText(own(parameters, 'method'), 'Payment Method');
	const payment = omitUndefined({
		session_id: requireText(own(parameters, 'sessionId'), 'Session ID'),
		order_id: requireText(own(parameters, 'orderId'), 'Order ID'),
		method,
		...methodDetails(method, parameters, timezone),
		...readCustomer(parameters),
		external_id: readText(additional, 'externalId'),
	});
	const complete = withExtraFields(payment, additional);
	if (holdsCardNumber(complete)) {
		throw new Error(
			"A card number must not pass through n8n: tokenize it in the customer's browser with the client token of Gen, and enter the card token.",
		);
	}
	return { payment: complete };
}

/** The part of the request that describes the PIX, the bank slip or the card. */
function methodDetails(method: string, parameters: Parameters, timezone: string): JsonObject {
	const additional = readObject(parameters, 'additionalFields');
	switch (method) {
		case 'PIX': {
			const expiration = formatTime(own(parameters, 'pixExpiration'), timezone);
			return { pix: { expiration: requireText(expiration, 'PIX Expiration') } };
		}
		case 'BANK_SLIP': {
			const label = 'Bank Slip Due Date';
			const due = own(parameters, 'bankSlipDueDate');
			requireText(due, label);
			return {
				bank_slip: omitUndefined({
					expiration_date: formatDate(due, label, timezone),
					instructions: readText(additional, 'instructions'),
				}),
			};
		}
		case 'CREDIT_CARD':
			return { credit: readCredit(parameters, additional) };
		default:
			throw new Error(`Payment Method must be PIX, BANK_SLIP or CREDIT_CARD, not "${method}".`);
	}
}
