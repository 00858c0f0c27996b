import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import type { JsonObject } from '../../../core/json';
import { centsOf } from '../../../core/money';
import { readRequiredText } from '../../../core/parameters';
import { paymentIdField, postPayment } from './payment';

/** Gen's page "Gerando um PIX", under "Revertendo um PIX". */
export const refund: ActionOperation = {
	value: 'refund',
	name: 'Refund PIX',
	action: 'Refund a PIX payment',
	description: 'Give a paid PIX back to the customer, whole or in part',
	properties: [
		paymentIdField,
		{
			displayName: 'Amount',
			name: 'amount',
			type: 'number',
			typeOptions: { minValue: 0.01, numberPrecision: 2 },
			required: true,
			default: '',
			placeholder: 'e.g. 19.99',
			description:
				'What goes back to the customer, in reais: the whole amount of the payment or a part. This moves money. It is sent to Gen in cents; that Gen counts it in cents is inferred from its other amounts.',
		},
	],
	simplifies: true,
	async execute(context, itemIndex) {
		return await postPayment(context, itemIndex, (seller) => {
			const id = readRequiredText(context, 'paymentId', itemIndex, 'Payment ID');
			return {
				path: encodePath`/api/sellers/${seller}/pix/refund/${id}`,
				body: refundBody(context.getNodeParameter('amount', itemIndex, '')),
			};
		});
	},
};

/** The request that refunds a PIX: an amount in reais, sent in cents as all amounts of this API. Throws for zero. */
function refundBody(amount: unknown): JsonObject {
	const cents = centsOf(amount, 'Amount');
	if (cents > 0) return { amount: cents };
	throw new Error('Amount is zero. Enter what goes back to the customer in reais, as in 19.99.');
}
