import { NodeApiError } from 'n8n-workflow';
import { callApi, type Api, type ApiCall, type ApiContext } from '../core/api';
import { parseApiUrl } from '../core/apiUrl';
import { textOf } from '../core/event';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';

/** One address for dev mode and production: the API key decides. */
const DOCUMENTED_URL = 'https://api.abacatepay.com/v2';

/** AbacatePay's API v2: its openapi.yaml. */
export const abacatePayApi: Api = {
	displayName: 'AbacatePay',
	credential: 'abacatePayApi',
	credentialDisplayName: 'AbacatePay API',
	getSecrets: (credential) =>
		['apiKey', 'webhookToken', 'previousToken'].map((field) =>
			String(own(credential, field) ?? ''),
		),
	getBaseUrl: (credential) =>
		parseApiUrl(textOf(own(credential, 'baseUrl')) ?? DOCUMENTED_URL, 'AbacatePay API'),
	readErrorText: (body) => (isJsonObject(body) ? textOf(own(body, 'error')) : undefined),
};

/** Calls AbacatePay's API, see `callApi`. Throws where the answer says that the request did not succeed. */
export async function callAbacatePay(context: ApiContext, call: ApiCall): Promise<JsonObject> {
	const answer: Json = await callApi(context, abacatePayApi, call);
	if (!isJsonObject(answer) || own(answer, 'success') !== true) {
		const said = abacatePayApi.readErrorText(answer) ?? 'an answer that is not as documented';
		const message = `AbacatePay refused the request: ${said}`;
		throw new NodeApiError(context.getNode(), { message }, { message });
	}
	return answer;
}
