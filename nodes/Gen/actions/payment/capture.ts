import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import { readRequiredText } from '../../../core/parameters';
import { paymentIdField, postPayment } from './payment';

/** Gen's page "Cobrando no Crédito", under "Captura de Pagamentos". */
export const capture: ActionOperation = {
	value: 'capture',
	name: 'Capture',
	action: 'Capture a payment',
	description: 'Take the amount that a card payment with delayed capture reserved',
	properties: [paymentIdField],
	simplifies: true,
	async execute(context, itemIndex) {
		return await postPayment(context, itemIndex, (seller) => {
			const id = readRequiredText(context, 'paymentId', itemIndex, 'Payment ID');
			return { path: encodePath`/api/sellers/${seller}/payments/${id}/capture`, body: {} };
		});
	},
};
