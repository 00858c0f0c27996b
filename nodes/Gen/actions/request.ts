import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { ApiCall } from '../../core/api';
import type { Json } from '../../core/json';
import type { Parameters } from '../../core/parameters';
import { callGen, createRedactor } from '../genApi';

export const getCredential = async (context: IExecuteFunctions, itemIndex: number) =>
	await context.getCredentials<ICredentialDataDecryptedObject>('genApi', itemIndex);

/** Calls Gen and removes the credential's webhook tokens from the answer. */
export async function ask(
	context: IExecuteFunctions,
	credential: Parameters,
	call: ApiCall,
): Promise<Json> {
	const answer = await callGen(context, call);
	return createRedactor(credential).payload({ answer }).payload.answer ?? null;
}
