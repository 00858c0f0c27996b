import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ApiCall } from '../../../core/api';
import type { Json } from '../../../core/json';
import { readSimplify } from '../../../core/parameters';
import { unwrapObject, getSellerId } from '../../genApi';
import { simplifySubject } from '../answer';
import { ask, getCredential } from '../request';

/** Shared by the operations on an existing payment. */
export const paymentIdField: INodeProperties = {
	displayName: 'Payment ID',
	name: 'paymentId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 12ac0bcb-397b-776d-a621-fce33ec302e9',
	description: 'The ID of the payment at Gen',
};

/** Sends the POST that `call` builds for the credential's seller. Resolves with the item of the payment in the answer. */
export async function postPayment(
	context: IExecuteFunctions,
	itemIndex: number,
	call: (seller: string) => Pick<ApiCall, 'path' | 'body'>,
): Promise<IDataObject> {
	const credential = await getCredential(context, itemIndex);
	const request: ApiCall = { method: 'POST', ...call(getSellerId(credential)) };
	const answer = await ask(context, credential, request);
	return paymentItem(answer, readSimplify(context, itemIndex));
}

/** The item of the payment in an answer: simplified, or as answered. */
function paymentItem(answer: Json, simplify: boolean): IDataObject {
	if (!simplify) return unwrapObject(answer);
	const { values, problem } = simplifySubject('payment', answer);
	return { ...values, ...problem };
}
