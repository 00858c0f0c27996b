import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { documentNumber, phone, type Reader } from '../../core/fields';
import { own, type Json, type JsonObject } from '../../core/json';
import {
	dateText,
	filled,
	filledText,
	objectIn,
	textIn,
	type Parameters,
} from '../../core/parameters';

/** What Gen's page "Gerando pedidos" says of a customer, and the pages of payments repeat. */
const customerFieldList: INodeProperties[] = [
	{
		displayName: 'Address',
		name: 'address',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Add Address',
		options: [
			{
				displayName: 'Address',
				name: 'fields',
				values: [
					{
						displayName: 'City',
						name: 'city',
						type: 'string',
						default: '',
						placeholder: 'e.g. São Paulo',
					},
					{
						displayName: 'Country Code',
						name: 'countryCode',
						type: 'string',
						default: 'BR',
						description: 'The two letters of the country',
					},
					{
						displayName: 'Line 1 (Street)',
						name: 'line1',
						type: 'string',
						default: '',
						placeholder: 'e.g. Rua das Flores',
					},
					{
						displayName: 'Line 2 (Number)',
						name: 'line2',
						type: 'string',
						default: '',
						placeholder: 'e.g. 120',
						description: 'The number in the street, or 0 where the address has none',
					},
					{
						displayName: 'Line 3 (Complement)',
						name: 'line3',
						type: 'string',
						default: '',
						placeholder: 'e.g. Apto 31',
					},
					{
						displayName: 'Neighborhood',
						name: 'neighborhood',
						type: 'string',
						default: '',
						placeholder: 'e.g. Centro',
					},
					{
						displayName: 'Postal Code',
						name: 'postalCode',
						type: 'string',
						default: '',
						placeholder: 'e.g. 01153-000',
					},
					{
						displayName: 'State',
						name: 'state',
						type: 'string',
						default: '',
						placeholder: 'e.g. SP',
						description: 'The two letters of the state',
					},
				],
			},
		],
	},
	{
		displayName: 'Birth Date',
		name: 'birthDate',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1965-08-10',
		description: 'The date of birth as YYYY-MM-DD',
	},
	{
		displayName: 'CNPJ',
		name: 'cnpj',
		type: 'string',
		default: '',
		placeholder: 'e.g. 12345678000195',
		description: 'The CNPJ of a company; sent without punctuation',
	},
	{
		displayName: 'CPF',
		name: 'cpf',
		type: 'string',
		default: '',
		placeholder: 'e.g. 12345678909',
		description: 'The CPF of a person; sent without punctuation',
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. name@email.com',
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan Silva',
	},
	{
		displayName: 'Phone',
		name: 'phone',
		type: 'string',
		default: '',
		placeholder: 'e.g. +5511987654321',
		description:
			'A phone number. One that is valid in Brazil is sent in the form of the placeholder, any other as it is typed.',
	},
];

/** The parameters that say who pays. */
export function customerFields(withoutCustomer: INodePropertyOptions): INodeProperties[] {
	const { value: initial } = withoutCustomer;
	return [
		{
			displayName: 'Customer',
			name: 'customerSource',
			type: 'options',
			default: initial,
			options: [
				{
					name: 'Existing Customer',
					value: 'id',
					description: 'A customer that Gen knows, by the ID',
				},
				{
					name: 'New Customer',
					value: 'new',
					description: 'A customer whose data are entered here',
				},
				withoutCustomer,
			].sort((a, b) => a.name.localeCompare(b.name)),
			description: 'Who pays',
		},
		{
			displayName: 'Customer ID',
			name: 'customerId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. e035c42f-1ad9-4edd-db73-ebc0a2b227cc',
			description: 'The ID of the customer at Gen',
			displayOptions: { show: { customerSource: ['id'] } },
		},
		{
			displayName: 'Customer Fields',
			name: 'customer',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: customerFieldList,
			displayOptions: { show: { customerSource: ['new'] } },
		},
	];
}

/** The parameters of `customerFields`. */
export const customerParameters = ['customerSource', 'customerId', 'customer'];

/** The customer in the request of an order or a payment: an ID, the data of a new one, or nothing. */
export function customerIn(parameters: Parameters): JsonObject {
	switch (own(parameters, 'customerSource')) {
		case 'id':
			return { customer_id: filledText(own(parameters, 'customerId'), 'Customer ID') };
		case 'new':
			return { customer: newCustomer(objectIn(parameters, 'customer')) };
		case 'none':
		case 'order':
			return {};
		default:
			throw new Error('Customer must be one of the choices in the list.');
	}
}

function newCustomer(fields: JsonObject): JsonObject {
	const birthDate = textIn(fields, 'birthDate');
	const customer = filled({
		name: textIn(fields, 'name'),
		email: textIn(fields, 'email'),
		cpf: inForm(documentNumber, textIn(fields, 'cpf')),
		phone: inForm(phone, textIn(fields, 'phone')),
		birth_date: birthDate && dateText(birthDate, 'Birth Date', 'utc'),
		cnpj: inForm(documentNumber, textIn(fields, 'cnpj')),
		address: addressIn(objectIn(objectIn(fields, 'address'), 'fields')),
	});
	if (Object.keys(customer).length > 0) return customer;
	throw new Error('The new customer has no data. Add fields, or choose another customer.');
}

/** A text in the form that Gen's documents show. */
const inForm = (reader: Reader, text: string | undefined): Json | undefined =>
	text === undefined ? undefined : (reader.read(text, {}) ?? text);

function addressIn(fields: JsonObject): JsonObject | undefined {
	if (Object.keys(fields).length === 0) return undefined;
	return filled({
		line1: textIn(fields, 'line1'),
		line2: textIn(fields, 'line2'),
		line3: textIn(fields, 'line3'),
		neighborhood: textIn(fields, 'neighborhood'),
		city: textIn(fields, 'city'),
		state: textIn(fields, 'state'),
		country_code: textIn({ countryCode: 'BR', ...fields }, 'countryCode'),
		postal_code: textIn(fields, 'postalCode'),
	});
}
