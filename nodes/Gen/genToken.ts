import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';
import { z } from 'zod';
import { own } from '../core/json';
import { jsonBody } from '../core/api';
import { accountOf, baseUrlOf, sellerIdOf, TOKEN_SEPARATOR } from './genApi';

/**
 * The access token of a credential, or `undefined` where it holds none of this account: n8n keeps the old one when
 * a user edits host, seller or refresh token.
 */
export function boundToken(credential: Readonly<Record<string, unknown>>): string | undefined {
	const stored = String(own(credential, 'accessToken') ?? '');
	const account = `${accountOf(credential)}${TOKEN_SEPARATOR}`;
	return stored.startsWith(account) ? stored.slice(account.length) : undefined;
}

const tokenAnswer = z.object({ data: z.string().min(1) });

/**
 * Gets a new access token and binds it to its account, as `boundToken` reads it ("Acessando a API": POST
 * /api/:sellerId/tokens, answered `{"data": "<access token>"}`). Throws one sentence on what to correct.
 */
export async function renewedToken(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<string> {
	const account = accountOf(credential);
	const url = `${baseUrlOf(credential)}/api/${encodeURIComponent(sellerIdOf(credential))}/tokens`;
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
