import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { toObject, warnUnconfirmed } from '../../../core/actionAnswer';
import { encodePath } from '../../../core/api';
import type { Json } from '../../../core/json';
import { readParameters, readRequiredText, readText } from '../../../core/parameters';
import { callGestaoOnline, readErrorText } from '../../gestaoOnlineApi';
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
		const id = readRequiredText(context, 'orderId', itemIndex, 'Order ID');
		const reason = readText(readParameters(context, itemIndex, ['reason']), 'reason', 'Reason');
		const answer = await callGestaoOnline(context, {
			method: 'DELETE',
			path: encodePath`/order-external/${id}`,
			query: reason ? { q: reason } : undefined,
		});
		return canceledOrder(id, answer);
	},
};

/** The item of a canceled order. The answer has a message only, not the order. */
function canceledOrder(id: string, answer: Json): IDataObject {
	const message = readErrorText(answer) ?? null;
	const problem =
		message === null
			? warnUnconfirmed(toObject(answer), { ...expectedOrder, proof: 'confirmation' })
			: { warning: null };
	return { id, canceled: true, message, ...problem };
}
