import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ApiCall } from '../../../core/api';
import type { Json } from '../../../core/json';
import { isSimplified } from '../../../core/parameters';
import { objectOf, sellerIdOf } from '../../genApi';
import { shapedAnswer } from '../answer';
import { ask, credentialOf } from '../request';

/** Shared by the operations on a payment that is there already. */
export const paymentIdField: INodeProperties = {
	displayName: 'Payment ID',
	name: 'paymentId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 12ac0bcb-397b-776d-a621-fce33ec302e9',
	description: 'The ID of the payment at Gen',
};

/** Posts what `call` makes for the credential's seller, and gives the payment of the answer. */
export async function postPayment(
	context: IExecuteFunctions,
	itemIndex: number,
	call: (seller: string) => Pick<ApiCall, 'path' | 'body'>,
): Promise<IDataObject> {
	const credential = await credentialOf(context, itemIndex);
	const request: ApiCall = { method: 'POST', ...call(sellerIdOf(credential)) };
	const answer = await ask(context, credential, request);
	return paymentItem(answer, isSimplified(context, itemIndex));
}

/** The item of a payment that Gen answered with. */
export function paymentItem(answer: Json, simplify: boolean): IDataObject {
	if (!simplify) return objectOf(answer);
	const { values, problem } = shapedAnswer('payment', answer);
	return { ...values, ...problem };
}
