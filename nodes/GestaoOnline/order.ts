import { DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { objectParameter, jsonFields, requiredText, type Operation } from '../core/action';
import { pathOf, type ApiCall } from '../core/api';
import { asObject, missingProof, simplifyAnswer } from '../core/actionAnswer';
import { number, text } from '../core/fields';
import { unreadableWarning } from '../core/item';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';
import { centsOf } from '../core/money';
import {
	customer,
	fieldOf,
	group,
	list,
	moneyField,
	numberField,
	shapePayload,
	textField,
	type Shape,
} from '../core/shape';
import { phpDate } from './gestaoOnline';
import { callGestaoOnline, errorTextOf } from './gestaoOnlineApi';

const EXTRA_FIELDS = 'Extra Fields (JSON)';

/** What the user may add to a new order, under the names of the API; the last is not one of them. */
const additionalFields: INodeProperties[] = [
	{
		displayName: 'City',
		name: 'city',
		type: 'string',
		default: '',
		description: 'The city of the customer',
	},
	{
		displayName: 'Code',
		name: 'code',
		type: 'string',
		default: '',
		description: 'Your own code for the sale',
	},
	{
		displayName: 'Complement',
		name: 'addressDetail',
		type: 'string',
		default: '',
		placeholder: 'e.g. Sala 107',
		description: "What completes the customer's street and number",
	},
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
	{
		displayName: 'Landline',
		name: 'phone',
		type: 'string',
		default: '',
		placeholder: 'e.g. 8332101234',
		description: 'The landline of the customer',
	},
	{
		displayName: 'Legal Name',
		name: 'nameLaw',
		type: 'string',
		default: '',
		description: 'The registered name of the company (razão social)',
	},
	{
		displayName: 'Mobile Phone',
		name: 'cellphone',
		type: 'string',
		default: '',
		placeholder: 'e.g. 83987654321',
		description: 'The mobile phone of the customer',
	},
	{
		displayName: 'Neighborhood',
		name: 'neighborhood',
		type: 'string',
		default: '',
		description: 'The neighborhood of the customer',
	},
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'A note on the order',
	},
	{
		displayName: 'Number',
		name: 'number',
		type: 'string',
		default: '',
		placeholder: 'e.g. 972',
		description: "The number in the customer's street",
	},
	{
		displayName: 'Postal Code',
		name: 'zipCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. 58013000',
		description: 'The postal code (CEP) of the customer',
	},
	{
		displayName: 'State',
		name: 'state',
		type: 'string',
		default: '',
		placeholder: 'e.g. PB',
		description: 'The state of the customer',
	},
	{
		displayName: 'State Registration',
		name: 'stateRegistration',
		type: 'string',
		default: '',
		description: 'The state registration (inscrição estadual) of the customer',
	},
	{
		displayName: 'Street',
		name: 'address',
		type: 'string',
		default: '',
		placeholder: 'e.g. Avenida Dom Pedro II',
		description: 'The street of the customer',
	},
	{
		displayName: 'UTM Campaign',
		name: 'utmCampaign',
		type: 'string',
		default: '',
		description: 'The campaign that led to the sale',
	},
	{
		displayName: 'UTM ID',
		name: 'utmId',
		type: 'string',
		default: '',
		description: 'The ID of the campaign that led to the sale',
	},
	{
		displayName: 'UTM Medium',
		name: 'utmMedium',
		type: 'string',
		default: '',
		placeholder: 'e.g. email',
		description: 'The medium of the campaign',
	},
	{
		displayName: 'UTM Source',
		name: 'utmSource',
		type: 'string',
		default: '',
		placeholder: 'e.g. newsletter',
		description: 'The source of the campaign',
	},
];

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

const forOrder = (...operations: string[]): INodeProperties['displayOptions'] => ({
	show: { resource: ['order'], operation: operations },
});

export const orderProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'get',
		displayOptions: { show: { resource: ['order'] } },
		options: [
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel an order',
				description: 'Cancel an order',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create an order',
				description: 'Create an order with its customer and items',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get an order',
				description: 'Get an order with its items, payments and attachments',
			},
		],
	},
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 593',
		displayOptions: forOrder('cancel', 'get'),
		description: 'The ID of the order in Gestão Online',
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		displayOptions: forOrder('cancel'),
		description: 'Why the order is canceled',
	},
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Nathan Silva',
		displayOptions: forOrder('create'),
		description: 'The name of the customer',
	},
	{
		displayName: 'Customer Email',
		name: 'customerEmail',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. name@email.com',
		displayOptions: forOrder('create'),
		description: 'The email of the customer',
	},
	{
		displayName: 'Customer Document',
		name: 'customerDocument',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 12345678909',
		displayOptions: forOrder('create'),
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
		displayOptions: forOrder('create'),
		description: 'What the customer buys, one item or more',
		options: [{ displayName: 'Item', name: 'item', values: itemFields }],
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		displayOptions: forOrder('create'),
		options: additionalFields,
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		displayOptions: forOrder('create', 'get'),
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

const cancel: Operation = async (context, itemIndex) => {
	const id = requiredText(context, 'orderId', itemIndex, 'Order ID');
	const reason = String(context.getNodeParameter('reason', itemIndex, '') ?? '').trim();
	return canceledOrder(id, await callGestaoOnline(context, cancelCall(id, reason)));
};

const create: Operation = async (context, itemIndex) => {
	const call = createCall({
		name: requiredText(context, 'customerName', itemIndex, 'Customer Name'),
		email: requiredText(context, 'customerEmail', itemIndex, 'Customer Email'),
		document: requiredText(context, 'customerDocument', itemIndex, 'Customer Document'),
		items: objectParameter(context, 'items', itemIndex),
		additionalFields: objectParameter(context, 'additionalFields', itemIndex),
	});
	const answer = await callGestaoOnline(context, call);
	const isSimple = context.getNodeParameter('simplify', itemIndex, true) !== false;
	return isSimple ? createdOrder(answer) : asObject(answer);
};

const get: Operation = async (context, itemIndex) => {
	const id = requiredText(context, 'orderId', itemIndex, 'Order ID');
	const order = orderIn(await callGestaoOnline(context, getCall(id)));
	const isSimple = context.getNodeParameter('simplify', itemIndex, true) !== false;
	return isSimple ? cleanOrder(order) : order;
};

export const orderOperations = { cancel, create, get };

export const cancelCall = (id: string, reason: string): ApiCall => ({
	method: 'DELETE',
	path: pathOf`/order-external/${id}`,
	query: reason === '' ? undefined : { q: reason },
});

const ORDER_AT_GESTAO_ONLINE = { provider: 'Gestão Online', subject: 'order' };

/** The API announces the cancellation, and does not send the order. */
export function canceledOrder(id: string, answer: Json): IDataObject {
	const message = errorTextOf(answer) ?? null;
	const problem =
		message === null
			? missingProof(asObject(answer), { ...ORDER_AT_GESTAO_ONLINE, proof: 'confirmation' })
			: { warning: null };
	return { id, canceled: true, message, ...problem };
}

export const getCall = (id: string): ApiCall => ({
	method: 'GET',
	path: pathOf`/order-external/${id}`,
});

/** The order in an answer. Throws where there is none. */
export function orderIn(answer: Json): JsonObject {
	const order = isJsonObject(answer) ? own(answer, 'data') : undefined;
	if (isJsonObject(order)) return order;
	throw new Error(
		'The answer of Gestão Online holds no order. Look the order up there, and check the base URL of the credential.',
	);
}

/** The simplified order; the names are the trigger's where they mean the same. */
export const ORDER: Shape = {
	id: textField('id'),
	status: textField('status'),
	createdAt: fieldOf(phpDate, 'date'),
	customer: customer('user', {
		id: 'id',
		name: 'name',
		email: 'email',
		mobile: 'cellphone',
		landline: 'phone',
		document: 'document',
		more: {
			address: group({
				street: textField('address'),
				number: textField('number'),
				complement: textField('addressDetail'),
				neighborhood: textField('neighborhood'),
				city: textField('city'),
				state: textField('state'),
				postalCode: textField('zipCode'),
			}),
		},
	}),
	order: group({
		id: textField('id'),
		code: textField('code'),
		utmId: textField('utmId'),
		type: textField('type'),
		total: moneyField('orderTotal'),
		discount: moneyField('orderDiscount'),
		paymentStatus: textField('statusPayment'),
	}),
	items: list('orderItems', {
		id: textField('id'),
		title: textField('description'),
		quantity: numberField('quantity'),
		price: moneyField('price'),
		imageUrl: textField('image.href'),
	}),
	installments: list('financialItems', {
		id: textField('id'),
		code: textField('code'),
		number: numberField('installment'),
		dueAt: fieldOf(phpDate, 'dueDate'),
		amount: moneyField('amount'),
		amountPaid: moneyField('amountPaid'),
		type: textField('type'),
		status: textField('status'),
	}),
	attachments: list('attachmentItems', {
		id: textField('id'),
		title: textField('description'),
		type: textField('typeDescription'),
		url: textField('href'),
	}),
	payment: group(
		{
			method: textField('paymentSettings.paymentMethod'),
			installments: numberField('paymentSettings.installments'),
			description: textField('description'),
		},
		'negotiationType',
	),
};

/** The simplified order. What is unreadable is null and named in `warning`; the order as sent is then beside it. */
export function cleanOrder(order: JsonObject): IDataObject {
	const { values, unreadable } = shapePayload(ORDER, order, {});
	return unreadable.length === 0
		? { ...values, warning: null }
		: { ...values, payload: order, warning: unreadableWarning(unreadable) };
}

export const CREATED_ORDER: Shape = {
	id: textField('data.orderId'),
	code: textField('data.orderCode'),
	publicToken: textField('data.publicToken'),
};

/** The simplified answer to a new order. */
export function createdOrder(answer: Json): IDataObject {
	const payload = asObject(answer);
	const { values, problem } = simplifyAnswer(
		CREATED_ORDER,
		payload,
		payload,
		ORDER_AT_GESTAO_ONLINE,
	);
	return { ...values, ...problem };
}

/** What a user entered for a new order. */
export interface NewOrder {
	name: string;
	email: string;
	document: string;
	/** As n8n gives the fixed collection: `{item: […]}`. */
	items: JsonObject;
	additionalFields: JsonObject;
}

/** What is entered under Additional Fields and stands in the order itself, and in its customer. */
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

/** The request for a new order; empty fields are not sent. Throws where a field is of no use. */
export function createCall(entered: NewOrder): ApiCall {
	const { name, email, document, additionalFields: fields } = entered;
	const { user, ...extraFields } = jsonFields(own(fields, 'extraFields'), EXTRA_FIELDS);
	const body = {
		...textsIn(fields, ['code']),
		...dateIn(fields),
		...textsIn(fields, ORDER_FIELDS),
		user: {
			name,
			email,
			document,
			...textsIn(fields, CUSTOMER_FIELDS),
			...jsonFields(user, `"user" in ${EXTRA_FIELDS}`),
		},
		orderItems: itemsIn(entered.items),
		...extraFields,
	};
	return { method: 'POST', path: '/order-external', body };
}

function textsIn(fields: JsonObject, names: readonly string[]): JsonObject {
	return Object.fromEntries(
		names.flatMap((name): Array<[string, Json]> => {
			const value = textIn(fields, name, labelOf(name));
			return value === undefined ? [] : [[name, value]];
		}),
	);
}

const labelOf = (name: string) =>
	additionalFields.find((property) => property.name === name)?.displayName ?? name;

/** The date as the API takes it: the time as entered, whatever its zone. */
function dateIn(fields: JsonObject): JsonObject {
	const sent = textIn(fields, 'date', 'Date');
	if (sent === undefined) return {};
	const date = DateTime.fromISO(sent.trim().replace(' ', 'T'), { setZone: true });
	if (!date.isValid) {
		throw new Error('Date is no date and time. Enter one as in 2026-07-31 18:30:00.');
	}
	return { date: date.toFormat('yyyy-MM-dd HH:mm:ss') };
}

function itemsIn(items: JsonObject): JsonObject[] {
	const entries = [own(items, 'item') ?? []].flat();
	if (entries.length === 0) throw new Error('Items is empty. Add one item or more.');
	return entries.map((entry, index) => {
		const where = `of item ${index + 1}`;
		if (!isJsonObject(entry)) {
			throw new Error(`Item ${index + 1} is no object. Give each item a product and a quantity.`);
		}
		const product = textIn(entry, 'product', `SKU ${where}`);
		if (product === undefined) throw new Error(`SKU ${where} is empty. Enter one.`);
		const price = reaisIn(entry, 'price', `Price ${where}`);
		const discount = reaisIn(entry, 'discount', `Discount ${where}`);
		return {
			product,
			quantity: quantityIn(entry, `Quantity ${where}`),
			...(price === undefined ? {} : { price }),
			...(discount === undefined ? {} : { discount }),
		};
	});
}

const isBlank = (value: Json) => typeof value === 'string' && value.trim() === '';

/** A text; `undefined` where it is empty. */
function textIn(fields: JsonObject, name: string, label: string): string | undefined {
	const value = own(fields, name) ?? '';
	if (isBlank(value)) return undefined;
	const sent = text.read(value, {});
	if (typeof sent === 'string') return sent;
	throw new Error(`${label} must be text.`);
}

/** An amount in reais, with exact cents; `undefined` where it is empty. */
function reaisIn(fields: JsonObject, name: string, label: string): number | undefined {
	const value = own(fields, name) ?? '';
	return isBlank(value) ? undefined : centsOf(value, label) / 100;
}

/** A quantity above 0, which may be a part of one, without what floating point adds to it. */
function quantityIn(fields: JsonObject, label: string): number {
	const value = own(fields, 'quantity') ?? '';
	if (isBlank(value)) throw new Error(`${label} is empty. Enter one.`);
	const quantity = Number(number.read(value, {}));
	if (quantity > 0) return Number(quantity.toPrecision(15));
	throw new Error(`${label} must be a number above 0.`);
}
