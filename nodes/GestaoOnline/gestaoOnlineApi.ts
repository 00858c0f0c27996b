import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { callApi, type Api, type ApiCall, type ApiContext } from '../core/api';
import { parseApiUrl } from '../core/apiUrl';
import { connectionErrorCode, connectionProblem } from '../core/connectionError';
import { textOf } from '../core/event';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';
import { redactor } from '../core/redact';

/** The API's host in the documents of Gestão Online. */
const DOCUMENTED_URL = 'https://api.gestao.plus';

const CREDENTIAL_NAME = 'Gestão Online API';

type Credential = Readonly<Record<string, unknown>>;

/** Gestão Online's API for ERPs: its pages "Criar Pedido", "Listar Dados de Pedido", "Cancelar Pedido". */
export const gestaoOnlineApi: Api = {
	displayName: 'Gestão Online',
	credential: 'gestaoOnlineApi',
	credentialDisplayName: CREDENTIAL_NAME,
	getSecrets: (credential) => [String(own(credential, 'apiKey') ?? '')],
	getBaseUrl,
	readErrorText,
};

function getBaseUrl(credential: Credential): string {
	return parseApiUrl(textOf(own(credential, 'baseUrl')) ?? DOCUMENTED_URL, CREDENTIAL_NAME);
}

/** The message in `detail` of an answer: every documented one has it. */
export function readErrorText(body: Json | undefined): string | undefined {
	return isJsonObject(body) ? textOf(own(body, 'detail')) : undefined;
}

/** Calls the API, see `callApi`. Throws where the answer is a web page: then something else is at the address. */
export async function callGestaoOnline(context: ApiContext, call: ApiCall): Promise<Json> {
	const answer = await callApi(context, gestaoOnlineApi, call);
	if (typeof answer !== 'string' || !answer.trimStart().startsWith('<')) return answer;
	throw new Error(
		`A web page answered instead of the API of Gestão Online. Check the base URL of the ${CREDENTIAL_NAME} credential.`,
	);
}

/** The only way in which n8n lets a credential test make a request. */
type Request = ICredentialTestFunctions['helpers']['request'];

/** The node's `testApiKey`, which the editor runs when a credential is saved. */
export async function testApiKey(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { request } = this.helpers;
	return await testKey(request, data);
}

/**
 * Tests a credential by asking for an order that should not exist: no document offers a way to check a key.
 * That the order is not found shows that the key and the origin were accepted.
 */
export async function testKey(
	request: Request,
	credential: Credential,
): Promise<INodeCredentialTestResult> {
	const apiKey = String(own(credential, 'apiKey') ?? '');
	const problem = await findProblem(request, credential, apiKey).catch(describeFailure);
	return problem === undefined
		? { status: 'OK', message: 'Gestão Online accepted the API key and the origin.' }
		: { status: 'Error', message: redactor([apiKey]).text(problem) };
}

/** What keeps the credential from working; `undefined` where it works. */

async function findProblem(
	request: Request,
	credential: Credential,
	apiKey: string,
): Promise<string | undefined> {
	const origin = textOf(own(credential, 'origin'));
	if (apiKey.trim() === '') {
		return 'The API key is empty. Enter the one that the team of Gestão Online gave you.';
	}
	if (origin === undefined) {
		return 'The origin is empty. Enter the URL of your own that Gestão Online knows.';
	}
	const uri = `${getBaseUrl(credential)}/order-external/0`;
	try {
		const answer: unknown = await request({
			method: 'GET',
			uri,
			headers: { 'x-api-key': apiKey, Origin: origin },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			// n8n would send the key along to wherever a redirect leads.
			followRedirect: false,
			timeout: 30_000,
		});
		return findProblemInAnswer(answer);
	} catch (error) {
		return `Gestão Online cannot be reached (${describeFailure(error)}). Check the base URL, and whether n8n can reach it.`;
	}
}

function describeFailure(error: unknown): string {
	const code = connectionErrorCode(error);
	if (code !== undefined) return connectionProblem(code);
	return error instanceof Error ? error.message : String(error);
}

function findProblemInAnswer(answer: unknown): string | undefined {
	const { statusCode, body } = isJsonObject(answer) ? answer : {};
	const status = Number(statusCode);
	const detail = readErrorText(body);
	const said = detail === undefined ? '' : `: ${detail}`;
	if (status === 403) {
		return `Gestão Online refused the API key or the origin (403)${said}. Correct them in the credential.`;
	}
	if (isJsonObject(body) && isDocumented(body, status)) {
		if (status === 404 || (status === 200 && isJsonObject(own(body, 'data')))) return undefined;
	}
	const next =
		status === 429 || status >= 500
			? 'Try again later.'
			: 'Check the base URL, the API key and the origin.';
	return `Gestão Online answered ${status}${said}. ${next}`;
}

/** Whether a body has the keys of every documented answer: another server's 404 says nothing about the key. */
function isDocumented(body: JsonObject, status: number): boolean {
	const hasTexts = ['type', 'title', 'detail'].every((key) => typeof own(body, key) === 'string');
	return hasTexts && own(body, 'status') === status;
}
