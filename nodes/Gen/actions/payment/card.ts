import type { INodeProperties } from 'n8n-workflow';
import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json';
import {
	readBoolean,
	omitUndefined,
	requireText,
	readText,
	parseInteger,
	type Parameters,
} from '../../../core/parameters';

const card = { method: ['CREDIT_CARD'] };

/** The parameters that say which card pays. */
export const cardFields: INodeProperties[] = [
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
		displayOptions: { show: card },
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
		displayOptions: { show: { ...card, cardSource: ['token'] } },
	},
	{
		displayName: 'Card Holder Name',
		name: 'cardHolderName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan Silva',
		description: 'The name on the card',
		displayOptions: { show: { ...card, cardSource: ['token'] } },
	},
	{
		displayName: 'Card Expiration Month',
		name: 'cardExpirationMonth',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 12',
		description: 'The month in which the card expires, from 1 to 12',
		displayOptions: { show: { ...card, cardSource: ['token'] } },
	},
	{
		displayName: 'Card Expiration Year',
		name: 'cardExpirationYear',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 29',
		description: 'The year in which the card expires; sent with two digits',
		displayOptions: { show: { ...card, cardSource: ['token'] } },
	},
	{
		displayName: 'Saved Card ID',
		name: 'creditCardId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
		description: 'The ID of the card at Gen',
		displayOptions: { show: { ...card, cardSource: ['saved'] } },
	},
];

/** The parameters of `cardFields`. */
export const cardParameters = cardFields.map(({ name }) => name);

/** The part of a request for a card: which one, installments, capture. */
export function readCredit(parameters: Parameters, additional: JsonObject): JsonObject {
	const isSaved = own(parameters, 'cardSource') === 'saved';
	const installments = own(additional, 'installments') ?? '';
	return omitUndefined({
		installments: installments === '' ? undefined : parseInteger(installments, 'Installments', 12),
		delay_capture: readBoolean(additional, 'delayCapture'),
		save_card: isSaved ? undefined : readBoolean(additional, 'saveCard'),
		...(isSaved
			? { credit_card_id: requireText(own(parameters, 'creditCardId'), 'Saved Card ID') }
			: { credit_card: readCard(parameters) }),
	});
}

function readCard(parameters: Parameters): JsonObject {
	return omitUndefined({
		token: requireText(own(parameters, 'cardToken'), 'Card Token'),
		holder_name: readText(parameters, 'cardHolderName'),
		expiration_month: parseInteger(
			requireText(own(parameters, 'cardExpirationMonth'), 'Card Expiration Month'),
			'Card Expiration Month',
			12,
		),
		expiration_year: readYear(parameters),
	});
}

/** A year as two digits, as in Gen's document. */
function readYear(parameters: Parameters): number {
	const text = requireText(own(parameters, 'cardExpirationYear'), 'Card Expiration Year');
	const digits = /^(?:20)?(\d{2})$/.exec(text)?.[1];
	if (digits !== undefined) return Number(digits);
	throw new Error('Card Expiration Year must be a year, as in 29 or 2029.');
}

/** Whether a value under a key with "card" or "credit" looks like a card number (12 to 19 digits). */
export function holdsCardNumber(value: Json, isOfCard = false): boolean {
	if (Array.isArray(value)) return value.some((entry) => holdsCardNumber(entry, isOfCard));
	if (isJsonObject(value)) {
		return Object.entries(value).some(([key, entry]) =>
			holdsCardNumber(entry, isOfCard || /card|credit/i.test(key)),
		);
	}
	return isOfCard && /^\d{12,19}$/.test(String(value).replace(/[\s.-]/g, ''));
}
