import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import { unreadableWarning } from '../../../core/item';
import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json';
import { readSimplify, readRequiredText } from '../../../core/parameters';
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
} from '../../../core/shape';
import { phpDate } from '../../gestaoOnline';
import { callGestaoOnline } from '../../gestaoOnlineApi';
import { orderIdField } from './order';

/** Gestão Online's page "Listar Dados de Pedido". */
export const get: ActionOperation = {
	value: 'get',
	name: 'Get',
	action: 'Get an order',
	description: 'Get an order with its items, payments and attachments',
	properties: [orderIdField],
	simplifies: true,
	async execute(context, itemIndex) {
		const id = readRequiredText(context, 'orderId', itemIndex, 'Order ID');
		const path = encodePath`/order-external/${id}`;
		const order = readOrder(await callGestaoOnline(context, { method: 'GET', path }));
		return readSimplify(context, itemIndex) ? cleanOrder(order) : order;
	},
};

/** The order in an answer, under `data`. Throws where there is none. */
function readOrder(answer: Json): JsonObject {
	const order = isJsonObject(answer) ? own(answer, 'data') : undefined;
	if (isJsonObject(order)) return order;
	throw new Error(
		'The answer of Gestão Online holds no order. Look the order up there, and check the base URL of the credential.',
	);
}

/** The simplified order, with the trigger's names for what it has in common. */
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

/** The simplified order. What is unreadable is null and named in `warning`, with the order as sent in `payload`. */
function cleanOrder(order: JsonObject): IDataObject {
	const { values, unreadable } = shapePayload(ORDER, order, {});
	return unreadable.length === 0
		? { ...values, warning: null }
		: { ...values, payload: order, warning: unreadableWarning(unreadable) };
}
