import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { asObject, missingProof } from '../../../core/actionAnswer';
import { pathOf, type ApiCall } from '../../../core/api';
import type { Json } from '../../../core/json';
import { parametersOf, requiredText, textIn } from '../../../core/parameters';
import { callGestaoOnline, errorTextOf } from '../../gestaoOnlineApi';
import { expectedOrder, orderIdField } from './order';

/** Gestão Online's page "Cancelar Pedido". */
export const cancel: ActionOperation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel an order',
	description: 'Cancel an order',
	properties: [
		orderIdField,
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			description: 'Why the order is canceled',
		},
	],
	async execute(context, itemIndex) {
		const id = requiredText(context, 'orderId', itemIndex, 'Order ID');
		const reason = textIn(parametersOf(context, itemIndex, ['reason']), 'reason', 'Reason');
		return canceledOrder(id, await callGestaoOnline(context, cancelCall(id, reason)));
	},
};

export const cancelCall = (id: string, reason?: string): ApiCall => ({
	method: 'DELETE',
	path: pathOf`/order-external/${id}`,
	query: reason ? { q: reason } : undefined,
});

/** The API announces the cancellation, and does not send the order. */
export function canceledOrder(id: string, answer: Json): IDataObject {
	const message = errorTextOf(answer) ?? null;
	const problem =
		message === null
			? missingProof(asObject(answer), { ...expectedOrder, proof: 'confirmation' })
			: { warning: null };
	return { id, canceled: true, message, ...problem };
}
