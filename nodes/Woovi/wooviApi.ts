import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import type { Api } from '../core/api';
import { parseApiUrl } from '../core/apiUrl';
import { textOf } from '../core/event';
import { isJsonObject, own, type Json } from '../core/json';
import type { SignatureScheme } from '../core/signature';

/** The API's hosts in Woovi's documents, by environment. */
export const HOSTS = {
	production: 'https://api.woovi.com',
	sandbox: 'https://api.woovi-sandbox.com',
};

/** The credentials' fields for the API's address. */
export const environment: INodeProperties = {
	displayName: 'Environment',
	name: 'environment',
	type: 'options',
	default: 'production',
	options: [
		{
			name: 'Custom',
			value: 'custom',
			description: 'Another address of the API, such as https://api.openpix.com.br',
		},
		{ name: 'Production', value: 'production', description: 'Real payments' },
		{
			name: 'Sandbox',
			value: 'sandbox',
			description: 'For tests, with an account of its own: no money moves',
		},
	],
};

export const baseUrl: INodeProperties = {
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://api.openpix.com.br',
	displayOptions: { show: { environment: ['custom'] } },
	description: 'The address of the API, with https, without /api at the end',
};

type Credential = Readonly<Record<string, unknown>>;

/**
 * The API's address, without a slash at its end: the documented one, else the credential's.
 * Throws where there is none, or where it would send the AppID over the network unencrypted.
 */
export function getBaseUrl(credential: Credential): string {
	const name = textOf(own(credential, 'environment')) ?? 'production';
	return own<string>(HOSTS, name) ?? parseApiUrl(textOf(own(credential, 'baseUrl')) ?? '', 'Woovi');
}

/** Woovi's API: its reference, and the pages "Criando um webhook" and "Webhooks por conta". */
export const wooviApi: Api = {
	displayName: 'Woovi',
	credential: 'wooviApi',
	credentialDisplayName: 'Woovi API',
	getSecrets: (credential) =>
		['appId', 'webhookToken', 'previousToken'].map((field) => String(own(credential, field) ?? '')),
	getBaseUrl,
	readErrorText: (body: Json | undefined) =>
		isJsonObject(body) ? textOf(own(body, 'error')) : undefined,
};

const keyList = z.object({ public_keys: z.array(z.object({ key: z.string() })) });

/**
 * "Buscando a chave pública": every key of the list counts, also one that is being replaced. A signature proves that
 * Woovi has sent a delivery, and not for which of its customers: the token is required beside it.
 */
export const signature: SignatureScheme = {
	header: 'x-webhook-signature',
	algorithm: 'RSA-SHA256',
	keys: {
		getBaseUrl,
		path: '/api/v1/webhook/public-keys',
		parse: (answer) => keyList.safeParse(answer).data?.public_keys.map(({ key }) => key),
	},
};
