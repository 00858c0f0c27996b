import type { INodeProperties } from 'n8n-workflow';

export const EXTRA_FIELDS = 'Extra Fields (JSON)';

const textOption = (
	displayName: string,
	name: string,
	description: string,
	placeholder?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...(placeholder !== undefined && { placeholder }),
	description,
});

/** The optional fields of a new order, named as in the API, and Extra Fields. */
export const additionalFields: INodeProperties[] = [
	textOption('City', 'city', 'The city of the customer'),
	textOption('Code', 'code', 'Your own code for the sale'),
	textOption(
		'Complement',
		'addressDetail',
		"What completes the customer's street and number",
		'e.g. Sala 107',
	),
	{
		displayName: 'Date',
		name: 'date',
		type: 'dateTime',
		default: '',
		description:
			'When the sale was made. The time is sent as entered, without a time zone, because Gestão Online takes none.',
	},
	{
		displayName: EXTRA_FIELDS,
		name: 'extraFields',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"name": "value"}',
		description:
			'More fields of the order, which the documentation does not name. What is under user is added to the customer.',
	},
	textOption('Landline', 'phone', 'The landline of the customer', 'e.g. 8332101234'),
	textOption('Legal Name', 'nameLaw', 'The registered name of the company (razão social)'),
	textOption('Mobile Phone', 'cellphone', 'The mobile phone of the customer', 'e.g. 83987654321'),
	textOption('Neighborhood', 'neighborhood', 'The neighborhood of the customer'),
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'A note on the order',
	},
	textOption('Number', 'number', "The number in the customer's street", 'e.g. 972'),
	textOption('Postal Code', 'zipCode', 'The postal code (CEP) of the customer', 'e.g. 58013000'),
	textOption('State', 'state', 'The state of the customer', 'e.g. PB'),
	textOption(
		'State Registration',
		'stateRegistration',
		'The state registration (inscrição estadual) of the customer',
	),
	textOption('Street', 'address', 'The street of the customer', 'e.g. Avenida Dom Pedro II'),
	textOption('UTM Campaign', 'utmCampaign', 'The campaign that led to the sale'),
	textOption('UTM ID', 'utmId', 'The ID of the campaign that led to the sale'),
	textOption('UTM Medium', 'utmMedium', 'The medium of the campaign', 'e.g. email'),
	textOption('UTM Source', 'utmSource', 'The source of the campaign', 'e.g. newsletter'),
];
