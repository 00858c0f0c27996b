import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { ApiCall } from '../../core/api';
import type { Json } from '../../core/json';
import type { Parameters } from '../../core/parameters';
import { redactor, type Redactor } from '../../core/redact';
import { acceptedTokens } from '../../core/token';
import { gen } from '../gen';
import { callGen } from '../genApi';

export const credentialOf = async (context: IExecuteFunctions, itemIndex: number) =>
	await context.getCredentials<ICredentialDataDecryptedObject>('genApi', itemIndex);

/** Removes the secrets of a credential that Gen may echo: it was given them with the webhooks. */
export const redactorOf = (credential: Parameters): Redactor =>
	redactor(acceptedTokens(gen.token, credential));

/** Calls Gen, and keeps the credential's webhook tokens out of what it answers. */
export async function ask(
	context: IExecuteFunctions,
	credential: Parameters,
	call: ApiCall,
): Promise<Json> {
	const answer = await callGen(context, call);
	return redactorOf(credential).payload({ answer }).payload.answer ?? null;
}
