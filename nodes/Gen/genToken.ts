import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';
import { z } from 'zod';
import { own } from '../core/json';
import { jsonBody } from '../core/api';
import { accountFingerprint, getBaseUrl, getSellerId, TOKEN_SEPARATOR } from './genApi';

/**
 * The access token of a credential; `undefined` where it has none, or one of another account: n8n keeps the old token
 * when a user edits the host, the seller or the refresh token.
 */
export function readAccessToken(credential: Readonly<Record<string, unknown>>): string | undefined {
	const stored = String(own(credential, 'accessToken') ?? '');
	const account = `${accountFingerprint(credential)}${TOKEN_SEPARATOR}`;
	return stored.startsWith(account) ? stored.slice(account.length) : undefined;
}

const tokenAnswer = z.object({ data: z.string().min(1) });

/**
 * Gets a new access token with the refresh token ("Acessando a API": POST /api/:sellerId/tokens, answered
 * `{"data": "<access token>"}`). Resolves with the value to store, which `readAccessToken` reads. Throws an error that
 * says what to correct.
 */
export async function renewAccessToken(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<string> {
	const account = accountFingerprint(credential);
	const url = `${getBaseUrl(credential)}/api/${encodeURIComponent(getSellerId(credential))}/tokens`;
	const { status, body } = await postForToken(helpers, url, String(credential.refreshToken));
	const parsed = tokenAnswer.safeParse(body);
	if (status < 300 && parsed.success) return `${account}${TOKEN_SEPARATOR}${parsed.data.data}`;
	if (status === 401) {
		throw new Error(
			'Gen refused the refresh token. Make a new one in Gen under Perfil e preferências > Desenvolvedor, and enter it in the Gen API credential.',
		);
	}
	throw new Error(
		`Gen gave no access token (answer ${status}). Check the environment, the seller ID and the refresh token in the Gen API credential.`,
	);
}

async function postForToken(helpers: IHttpRequestHelper['helpers'], url: string, refresh: string) {
	const { body, headers } = jsonBody({});
	const answer: unknown = await helpers.httpRequest({
		method: 'POST',
		url,
		body,
		headers: { ...headers, Authorization: `Bearer ${refresh}` },
		json: true,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	});
	return z
		.object({ statusCode: z.number(), body: z.unknown() })
		.transform(({ statusCode, body }) => ({ status: statusCode, body }))
		.parse(answer);
}
