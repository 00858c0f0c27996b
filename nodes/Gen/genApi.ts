import { createHash } from 'crypto';
import { callApi, type Api, type ApiCall, type ApiContext } from '../core/api';
import { apiUrlOf } from '../core/apiUrl';
import { tokenProblem } from '../core/credentialTest';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';
import { textOf } from '../core/event';
import { gen } from './gen';

/** The API's host in Gen's documents. That of production is in none of them. */
const SANDBOX = 'https://api-sandbox.genpag.com.br';

/** Stands in the stored access token between the account it belongs to and the token. */
export const TOKEN_SEPARATOR = '|';

type Credential = Readonly<Record<string, unknown>>;

/**
 * The API's address, without a slash at the end: the documented one of the sandbox, else the credential's.
 * Throws where there is none, or where it would send the secrets over the network in the clear.
 */
export function baseUrlOf(credential: Credential): string {
	if (own(credential, 'environment') === 'sandbox') return SANDBOX;
	const text = textOf(own(credential, 'baseUrl')) ?? '';
	if (text === '') {
		throw new Error(
			'The Gen API credential has no base URL. Ask Gen for the address of its API and enter it there.',
		);
	}
	return apiUrlOf(text, genApi.credentialDisplayName);
}

/** The seller's id of a credential. Throws where there is none. */
export function sellerIdOf(credential: Credential): string {
	const id = textOf(own(credential, 'sellerId'));
	if (id) return id;
	throw new Error(
		'The Gen API credential has no seller ID. Enter what Gen shows as "Meu ID" under Desenvolvedor.',
	);
}

/** Throws where a credential's webhook token is not one to register, by the same rule as the credential test. */
export function checkWebhookToken(token: string): void {
	if (token.trim() === '') {
		throw new Error(
			'The Gen API credential has no webhook token. Enter a secret of 16 characters or more: Gen sends it with every event.',
		);
	}
	const problem = tokenProblem(gen.token, 'webhook token of the Gen API credential', token);
	if (problem !== undefined) throw new Error(problem);
}

/** What an access token belongs to. It tells nothing of the refresh token. */
export function accountOf(credential: Credential): string {
	const account = [baseUrlOf(credential), sellerIdOf(credential), own(credential, 'refreshToken')];
	return createHash('sha256').update(JSON.stringify(account)).digest('hex').slice(0, 16);
}

/** Gen's API: the pages "Acessando a API", "Gerando pedidos", "Webhooks e Eventos". */
export const genApi: Api = {
	displayName: 'Gen',
	credential: 'genApi',
	credentialDisplayName: 'Gen API',
	secretsOf: (credential) =>
		['refreshToken', 'webhookToken', 'previousToken', 'accessToken'].flatMap((field) =>
			String(own(credential, field) ?? '').split(TOKEN_SEPARATOR),
		),
	baseUrl: baseUrlOf,
	errorTextOf,
};

export const callGen = async (context: ApiContext, call: ApiCall): Promise<Json> =>
	await callApi(context, genApi, call);

/** No document shows an error's body: the usual keys, else the body itself, shortened. */
function errorTextOf(body: Json | undefined): string | undefined {
	if (!isJsonObject(body)) return typeof body === 'string' ? shortened(body) : undefined;
	const texts = ['message', 'error', 'detail', 'errors'].flatMap((key) => {
		const value = own(body, key);
		if (isJsonObject(value)) return textOf(own(value, 'message')) ?? [];
		return textOf(value) ?? [];
	});
	return shortened(texts[0] ?? JSON.stringify(body));
}

function shortened(text: string): string | undefined {
	const plain = text.trim();
	if (plain === '' || plain === '{}' || plain.startsWith('<')) return undefined;
	return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}

/** The object of an answer `{"data": {…}}`, or the answer itself where it has no such envelope. */
export function objectOf(answer: Json): JsonObject {
	const data = isJsonObject(answer) ? own(answer, 'data') : undefined;
	if (isJsonObject(data)) return data;
	return isJsonObject(answer) ? answer : { data: answer };
}

/** The list of an answer: no document shows one, so a bare list and `{"data": […]}` are read; else `undefined`. */
export function listOf(answer: Json): Json[] | undefined {
	if (Array.isArray(answer)) return answer;
	const data = isJsonObject(answer) ? own(answer, 'data') : undefined;
	return Array.isArray(data) ? data : undefined;
}
