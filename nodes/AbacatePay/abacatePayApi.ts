import { createHash } from 'crypto';
import type { Api } from '../core/api';
import { parseApiUrl } from '../core/apiUrl';
import { textOf } from '../core/event';
import { isJsonObject, own } from '../core/json';

type Credential = Readonly<Record<string, unknown>>;

/** The same for dev mode and production: the API key decides. */
const DOCUMENTED_URL = 'https://api.abacatepay.com/v2';

const getBaseUrl = (credential: Credential): string =>
	parseApiUrl(textOf(own(credential, 'baseUrl')) ?? DOCUMENTED_URL, 'AbacatePay API');

/**
 * The account of a credential, as stored with what was registered. The API key decides the store and the environment,
 * so the account holds a part of its hash.
 */
export function getAccount(credential: Credential): string {
	const hash = createHash('sha256').update(String(own(credential, 'apiKey') ?? ''));
	return `${getBaseUrl(credential)} (API key ${hash.digest('hex').slice(0, 8)})`;
}

/** AbacatePay's API v2: its openapi.yaml. */
export const abacatePayApi: Api = {
	displayName: 'AbacatePay',
	credential: 'abacatePayApi',
	credentialDisplayName: 'AbacatePay API',
	getSecrets: (credential) =>
		['apiKey', 'webhookToken', 'previousToken'].map((field) =>
			String(own(credential, field) ?? ''),
		),
	getBaseUrl,
	readErrorText: (body) => (isJsonObject(body) ? textOf(own(body, 'error')) : undefined),
	isFailure: (body) => !isJsonObject(body) || own(body, 'success') !== true,
};
