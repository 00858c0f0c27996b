import { createHash } from 'crypto';
import { callApi, type Api, type ApiCall, type ApiContext } from '../core/api';
import { parseApiUrl } from '../core/apiUrl';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';
import { redactor, type Redactor } from '../core/redact';
import { acceptedTokens } from '../core/token';
import { textOf } from '../core/event';
import { gen } from './gen';

/** The API's host in Gen's documents. That of production is in none of them. */
const SANDBOX = 'https://api-sandbox.genpag.com.br';

/** Stands in the stored access token between the account it belongs to and the token. */
export const TOKEN_SEPARATOR = '|';

type Credential = Readonly<Record<string, unknown>>;

/**
 * The API's address, without a slash at its end: the documented one of the sandbox, else the credential's.
 * Throws where there is none, or where it would send the secrets over the network unencrypted.
 */
export function getBaseUrl(credential: Credential): string {
	if (own(credential, 'environment') === 'sandbox') return SANDBOX;
	const text = textOf(own(credential, 'baseUrl')) ?? '';
	if (text === '') {
		throw new Error(
			'The Gen API credential has no base URL. Ask Gen for the address of its API and enter it there.',
		);
	}
	return parseApiUrl(text, genApi.credentialDisplayName);
}

/** The seller ID of a credential, trimmed. Throws where there is none. */
export function getSellerId(credential: Credential): string {
	const id = textOf(own(credential, 'sellerId'));
	if (id) return id;
	throw new Error(
		'The Gen API credential has no seller ID. Enter what Gen shows as "Meu ID" under Desenvolvedor.',
	);
}

/** The account of a credential, as stored with what was registered or polled: API address and seller ID. */
export const getAccount = (credential: Credential): string =>
	`${getBaseUrl(credential)} ${getSellerId(credential)}`;

/** Identifies the account and refresh token that an access token belongs to, without revealing the refresh token. */
export function accountFingerprint(credential: Credential): string {
	const account = [
		getBaseUrl(credential),
		getSellerId(credential),
		own(credential, 'refreshToken'),
	];
	return createHash('sha256').update(JSON.stringify(account)).digest('hex').slice(0, 16);
}

/** Gen's API: the pages "Acessando a API", "Gerando pedidos", "Webhooks e Eventos". */
export const genApi: Api = {
	displayName: 'Gen',
	credential: 'genApi',
	credentialDisplayName: 'Gen API',
	getSecrets: (credential) =>
		['refreshToken', 'webhookToken', 'previousToken', 'accessToken'].flatMap((field) =>
			String(own(credential, field) ?? '').split(TOKEN_SEPARATOR),
		),
	getBaseUrl,
	readErrorText,
};

/** Calls Gen's API, see `callApi`. */
export const callGen = async (context: ApiContext, call: ApiCall): Promise<Json> =>
	await callApi(context, genApi, call);

/** Removes the webhook tokens of a credential from answers: Gen knows them and may repeat them. */
export const createRedactor = (credential: Credential): Redactor =>
	redactor(acceptedTokens(gen.token, credential));

/** No document shows an error's body: the usual keys, else the body itself, shortened. */
function readErrorText(body: Json | undefined): string | undefined {
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

/** The object of an answer, with or without the envelope `{"data": {…}}`. Anything else is put under `data`. */
export function unwrapObject(answer: Json): JsonObject {
	const data = isJsonObject(answer) ? own(answer, 'data') : undefined;
	if (isJsonObject(data)) return data;
	return isJsonObject(answer) ? answer : { data: answer };
}

/** The list of an answer, bare or as `{"data": […]}`, since no document shows one; `undefined` where there is none. */
export function unwrapList(answer: Json): Json[] | undefined {
	if (Array.isArray(answer)) return answer;
	const data = isJsonObject(answer) ? own(answer, 'data') : undefined;
	return Array.isArray(data) ? data : undefined;
}
