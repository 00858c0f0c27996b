import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { callApi, type Api, type ApiCall, type ApiContext } from '../core/api';
import { apiUrlOf } from '../core/apiUrl';
import { connectionErrorCode, connectionProblem } from '../core/connectionError';
import { textOf } from '../core/event';
import { isJsonObject, own, type Json, type JsonObject } from '../core/json';
import { redactor } from '../core/redact';

/** The API's host in the documents of Gestão Online. */
const DOCUMENTED_URL = 'https://api.gestao.plus';

const CREDENTIAL_NAME = 'Gestão Online API';

type Credential = Readonly<Record<string, unknown>>;

/** The API of Gestão Online for ERPs: its pages "Criar Pedido", "Listar Dados de Pedido", "Cancelar Pedido". */
export const gestaoOnlineApi: Api = {
	displayName: 'Gestão Online',
	credential: 'gestaoOnlineApi',
	credentialDisplayName: CREDENTIAL_NAME,
	secretsOf: (credential) => [String(own(credential, 'apiKey') ?? '')],
	baseUrl: baseUrlOf,
	errorTextOf,
};

function baseUrlOf(credential: Credential): string {
	return apiUrlOf(textOf(own(credential, 'baseUrl')) ?? DOCUMENTED_URL, CREDENTIAL_NAME);
}

/** Every documented answer, good or bad, says in `detail` what happened. */
export function errorTextOf(body: Json | undefined): string | undefined {
	return isJsonObject(body) ? textOf(own(body, 'detail')) : undefined;
}

/** Calls the API. Throws where a web page answers: then something else is at the address. */
export async function callGestaoOnline(context: ApiContext, call: ApiCall): Promise<Json> {
	const answer = await callApi(context, gestaoOnlineApi, call);
	if (typeof answer !== 'string' || !answer.trimStart().startsWith('<')) return answer;
	throw new Error(
		`What answered is not the API of Gestão Online. Check the base URL of the ${CREDENTIAL_NAME} credential.`,
	);
}

/** How n8n lets the test of a credential make a request: there is no other way. */
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
	try {
		const problem = await problemOf(request, credential, apiKey);
		if (problem === undefined) {
			return { status: 'OK', message: 'Gestão Online accepted the API key and the origin.' };
		}
		return { status: 'Error', message: redactor([apiKey]).text(problem) };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { status: 'Error', message: redactor([apiKey]).text(message) };
	}
}

async function problemOf(
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
	const url = `${baseUrlOf(credential)}/order-external/0`;
	let answer: unknown;
	try {
		answer = await request({
			method: 'GET',
			uri: url,
			headers: { 'x-api-key': apiKey, Origin: origin },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			// n8n would send the key along to wherever a redirect leads.
			followRedirect: false,
			timeout: 30_000,
		});
	} catch (error) {
		return `Gestão Online cannot be reached (${reasonOf(error)}). Check the base URL, and whether n8n can reach it.`;
	}
	return problemInAnswer(answer);
}

function reasonOf(error: unknown): string {
	const code = connectionErrorCode(error);
	if (code !== undefined) return connectionProblem(code);
	return error instanceof Error ? error.message : String(error);
}

function problemInAnswer(answer: unknown): string | undefined {
	const { statusCode, body } = isJsonObject(answer) ? answer : {};
	const status = Number(statusCode);
	const detail = errorTextOf(body);
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

/** Whether a body has the form of every documented answer: another server's 404 says nothing about the key. */
function isDocumented(body: JsonObject, status: number): boolean {
	const hasTexts = ['type', 'title', 'detail'].every((key) => typeof own(body, key) === 'string');
	return hasTexts && own(body, 'status') === status;
}
