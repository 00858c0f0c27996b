import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { documentNumber, phone, type Reader } from '../../core/fields';
import { own, type Json, type JsonObject } from '../../core/json';
import {
	formatDate,
	omitUndefined,
	requireText,
	readObject,
	readText,
	type Parameters,
} from '../../core/parameters';

/** The customer's fields in Gen's page "Gerando pedidos" and its pages on payments. */
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

/** The customer's part of a request: an ID, the data of a new customer, or nothing. */
export function readCustomer(parameters: Parameters): JsonObject {
	switch (own(parameters, 'customerSource')) {
		case 'id':
			return { customer_id: requireText(own(parameters, 'customerId'), 'Customer ID') };
		case 'new':
			return { customer: newCustomer(readObject(parameters, 'customer')) };
		case 'none':
		case 'order':
			return {};
		default:
			throw new Error('Customer must be one of the choices in the list.');
	}
}

function newCustomer(fields: JsonObject): JsonObject {
	const birthDate = readText(fields, 'birthDate');
	const customer = omitUndefined({
		name: readText(fields, 'name'),
		email: readText(fields, 'email'),
		cpf: normalize(documentNumber, readText(fields, 'cpf')),
		phone: normalize(phone, readText(fields, 'phone')),
		birth_date: birthDate && formatDate(birthDate, 'Birth Date', 'utc'),
		cnpj: normalize(documentNumber, readText(fields, 'cnpj')),
		address: readAddress(readObject(readObject(fields, 'address'), 'fields')),
	});
	if (Object.keys(customer).length > 0) return customer;
	throw new Error('The new customer has no data. Add fields, or choose another customer.');
}

/** A text in the form of Gen's documents where it can be read, else as typed. */
const normalize = (reader: Reader, text: string | undefined): Json | undefined =>
	text === undefined ? undefined : (reader.read(text, {}) ?? text);

function readAddress(fields: JsonObject): JsonObject | undefined {
	if (Object.keys(fields).length === 0) return undefined;
	return omitUndefined({
		line1: readText(fields, 'line1'),
		line2: readText(fields, 'line2'),
		line3: readText(fields, 'line3'),
		neighborhood: readText(fields, 'neighborhood'),
		city: readText(fields, 'city'),
		state: readText(fields, 'state'),
		country_code: readText({ countryCode: 'BR', ...fields }, 'countryCode'),
		postal_code: readText(fields, 'postalCode'),
	});
}
