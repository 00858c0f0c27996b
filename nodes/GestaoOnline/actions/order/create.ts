import { DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { toObject, simplifyAnswer } from '../../../core/actionAnswer';
import { number } from '../../../core/fields';
import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json';
import { centsOf } from '../../../core/money';
import {
	readList,
	omitUndefined,
	requireText,
	type Parameters,
	readSimplify,
	parseJsonObject,
	readObject,
	readParameters,
	readText,
} from '../../../core/parameters';
import { textField, type Shape } from '../../../core/shape';
import { callGestaoOnline } from '../../gestaoOnlineApi';
import { additionalFields, EXTRA_FIELDS } from './additionalFields';
import { expectedOrder } from './order';

const itemFields: INodeProperties[] = [
	{
		displayName: 'SKU',
		name: 'product',
		type: 'string',
		required: true,
		default: '',
		description: 'The SKU of the product',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		typeOptions: { minValue: 0 },
		required: true,
		default: 1,
		description: 'How many of the product',
	},
	{
		displayName: 'Price',
		name: 'price',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: '',
		placeholder: 'e.g. 19.90',
		description: 'The price of the item in reais; not sent when empty',
	},
	{
		displayName: 'Discount',
		name: 'discount',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: '',
		placeholder: 'e.g. 5.00',
		description: 'The discount on the item in reais; not sent when empty',
	},
];

/** Gestão Online's page "Criar Pedido". */
export const create: ActionOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create an order',
	description: 'Create an order with its customer and items',
	properties: [
		{
			displayName: 'Customer Name',
			name: 'customerName',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Nathan Silva',
			description: 'The name of the customer',
		},
		{
			displayName: 'Customer Email',
			name: 'customerEmail',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. name@email.com',
			description: 'The email of the customer',
		},
		{
			displayName: 'Customer Document',
			name: 'customerDocument',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 12345678909',
			description: 'The CPF or CNPJ of the customer',
		},
		{
			displayName: 'Items',
			name: 'items',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			required: true,
			default: {},
			placeholder: 'Add Item',
			description: 'What the customer buys, one item or more',
			options: [{ displayName: 'Item', name: 'item', values: itemFields }],
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			default: {},
			placeholder: 'Add Field',
			options: additionalFields,
		},
	],
	simplifies: true,
	async execute(context, itemIndex) {
		const body = orderBody(
			readParameters(context, itemIndex, [
				'customerName',
				'customerEmail',
				'customerDocument',
				'items',
				'additionalFields',
			]),
		);
		const answer = await callGestaoOnline(context, {
			method: 'POST',
			path: '/order-external',
			body,
		});
		return readSimplify(context, itemIndex) ? createdOrder(answer) : toObject(answer);
	},
};

/** The Additional Fields that belong to the order itself, and to its customer. */
const ORDER_FIELDS = ['utmCampaign', 'utmId', 'utmMedium', 'utmSource', 'note'];
const CUSTOMER_FIELDS = [
	'nameLaw',
	'cellphone',
	'phone',
	'stateRegistration',
	'zipCode',
	'address',
	'number',
	'neighborhood',
	'addressDetail',
	'city',
	'state',
];

/** The request that creates an order, without empty fields. Throws where a field is missing or wrong. */
function orderBody(parameters: Parameters): JsonObject {
	const customer = {
		name: requireText(own(parameters, 'customerName'), 'Customer Name'),
		email: requireText(own(parameters, 'customerEmail'), 'Customer Email'),
		document: requireText(own(parameters, 'customerDocument'), 'Customer Document'),
	};
	const fields = readObject(parameters, 'additionalFields');
	const { user, ...extraFields } = parseJsonObject(own(fields, 'extraFields'), EXTRA_FIELDS);
	return {
		...readTexts(fields, ['code']),
		...omitUndefined({ date: readDate(fields) }),
		...readTexts(fields, ORDER_FIELDS),
		user: {
			...customer,
			...readTexts(fields, CUSTOMER_FIELDS),
			...parseJsonObject(user, `"user" in ${EXTRA_FIELDS}`),
		},
		orderItems: readItems(readObject(parameters, 'items')),
		...extraFields,
	};
}

const readTexts = (fields: JsonObject, names: readonly string[]): JsonObject =>
	omitUndefined(
		Object.fromEntries(names.map((name) => [name, readText(fields, name, getLabel(name))])),
	);

const getLabel = (name: string) =>
	additionalFields.find((property) => property.name === name)?.displayName ?? name;

/** The date as the API takes it, such as 2026-07-31 18:30:00: the time as entered, whatever its zone. */
function readDate(fields: JsonObject): string | undefined {
	const sent = readText(fields, 'date', 'Date');
	if (sent === undefined) return undefined;
	const date = DateTime.fromISO(sent.replace(' ', 'T'), { setZone: true });
	if (date.isValid) return date.toFormat('yyyy-MM-dd HH:mm:ss');
	throw new Error('Date must be a date and time such as 2026-07-31 18:30:00.');
}

function readItems(items: JsonObject): JsonObject[] {
	const entries = readList(items, 'item');
	if (entries.length === 0) throw new Error('Items is empty. Add one item or more.');
	return entries.map((entry, index) => {
		const of = `of item ${index + 1}`;
		if (!isJsonObject(entry)) {
			throw new Error(`Item ${index + 1} must be an object with a product and a quantity.`);
		}
		return omitUndefined({
			product: requireText(readText(entry, 'product', `SKU ${of}`), `SKU ${of}`),
			quantity: readQuantity(entry, `Quantity ${of}`),
			price: readReais(entry, 'price', `Price ${of}`),
			discount: readReais(entry, 'discount', `Discount ${of}`),
		});
	});
}

const isBlank = (value: Json) => typeof value === 'string' && value.trim() === '';

/** An amount in reais without floating-point noise; `undefined` where it is empty. */
function readReais(fields: JsonObject, name: string, label: string): number | undefined {
	const value = own(fields, name) ?? '';
	return isBlank(value) ? undefined : centsOf(value, label) / 100;
}

/** A quantity above 0, which may be a fraction, without floating-point noise. */
function readQuantity(fields: JsonObject, label: string): number {
	const value = own(fields, 'quantity') ?? '';
	requireText(value, label);
	const quantity = Number(number.read(value, {}));
	if (quantity > 0) return Number(quantity.toPrecision(15));
	throw new Error(`${label} must be a number above 0.`);
}

export const CREATED_ORDER: Shape = {
	id: textField('data.orderId'),
	code: textField('data.orderCode'),
	publicToken: textField('data.publicToken'),
};

/** The simplified answer to a new order. */
function createdOrder(answer: Json): IDataObject {
	const payload = toObject(answer);
	const { values, problem } = simplifyAnswer(CREATED_ORDER, payload, payload, expectedOrder);
	return { ...values, ...problem };
}
