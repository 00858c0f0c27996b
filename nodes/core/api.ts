import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
	type INode,
	type ITriggerFunctions,
} from 'n8n-workflow';
import { connectionProblem } from './connectionError';
import { isJsonObject, type Json } from './json';
import { redactor } from './redact';

/** What n8n hands to a node that may call an API: an action, a lifecycle method, a trigger. */
export type ApiContext = IExecuteFunctions | IHookFunctions | ITriggerFunctions;

/** Everything the core needs to know about a provider's API. */
export interface Api {
	/** The provider's name in errors. */
	displayName: string;
	/** The credential type that signs the requests, and its name in errors. */
	credential: string;
	credentialDisplayName: string;
	/** What no error may repeat. */
	secretsOf(credential: Readonly<Record<string, unknown>>): string[];
	/** The address that paths are added to. Throws where the credential's is not acceptable. */
	baseUrl(credential: Readonly<Record<string, unknown>>): string;
	/** The API's own words in the body of an error answer. */
	errorTextOf(body: Json | undefined): string | undefined;
}

export interface ApiCall {
	method: IHttpRequestMethods;
	/** Begins with `/`; ids in it are encoded already, see `pathOf`. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

/** A path of an API with its parts encoded, so that an id can never lead to another path. */
export function pathOf(strings: TemplateStringsArray, ...parts: string[]): string {
	return strings.reduce((path, text, index) => {
		const part = parts[index - 1] ?? '';
		// A URL parser takes these two as steps in the path, encoded or not.
		if (part === '.' || part === '..') {
			throw new Error(`"${part}" is not a valid ID. Enter the ID as the provider shows it.`);
		}
		return `${path}${encodeURIComponent(part)}${text}`;
	});
}

/**
 * Calls a provider's API, signed by n8n with the credential; n8n renews an access token that has expired.
 *
 * Resolves with the answer's JSON. Throws a NodeApiError that says what happened and what to do next, with the
 * answer's status as `httpCode`, or none where there was no answer.
 */
export async function callApi(context: ApiContext, api: Api, call: ApiCall): Promise<Json> {
	try {
		const credential = await context.getCredentials(api.credential);
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			api.credential,
			{
				method: call.method,
				url: `${api.baseUrl(credential)}${call.path}`,
				qs: call.query,
				...jsonBody(call.body),
				json: true,
				// n8n would send the secrets along to wherever a redirect leads.
				disableFollowRedirect: true,
			},
		);
		return isJson(answer) ? answer : null;
	} catch (error) {
		// Read again: n8n may have renewed an access token meanwhile.
		const credential = await context.getCredentials(api.credential).catch(() => ({}));
		throw apiErrorOf(context.getNode(), api, error, api.secretsOf(credential));
	}
}

/** The part of a request that holds its body. n8n leaves an empty object out, which an API may want all the same. */
export function jsonBody(body: IDataObject | undefined): Partial<IHttpRequestOptions> {
	if (body === undefined || Object.keys(body).length > 0) return { body };
	return { body: '{}', headers: { 'Content-Type': 'application/json' } };
}

/** What an HTTP client's error says of the answer. */
interface Answer {
	status?: number;
	body?: Json;
	/** Where there was no answer: why, such as ECONNREFUSED. */
	code?: string;
}

/** One clear error, without the request in it: n8n keeps errors in its database, and the request holds secrets. */
function apiErrorOf(
	node: INode,
	api: Api,
	error: unknown,
	secrets: readonly string[],
): NodeApiError {
	const { status, body, code } = answerIn(error);
	const credentialName = node.credentials?.[api.credential]?.name;
	const credential = `the ${api.credentialDisplayName} credential${credentialName ? ` "${credentialName}"` : ''}`;
	const said = api.errorTextOf(body);
	const problem = { message: '', description: '' };
	if (status !== undefined) {
		problem.message = `${api.displayName} answered ${status}${said ? `: ${said}` : ''}`;
		problem.description = nextStep(status, credential);
	} else if (code !== undefined) {
		problem.message = `${api.displayName} cannot be reached`;
		problem.description = `Check the address in ${credential}, and whether n8n can reach it (${connectionProblem(code)}).`;
	} else {
		problem.message = messageIn(error);
		problem.description = `Check ${credential}.`;
	}
	problem.message = redactor(secrets).text(problem.message);
	return new NodeApiError(
		node,
		{ message: problem.message },
		{ ...problem, httpCode: status === undefined ? undefined : String(status) },
	);
}

function nextStep(status: number, credential: string): string {
	if (status === 401 || status === 403) return `Check ${credential}, and what it may do.`;
	if (status === 429 || status >= 500) return 'Try again later.';
	if (status < 400) return `Check the address in ${credential}: the API answers elsewhere.`;
	return 'Correct the fields of the node.';
}

/** Looks through n8n's errors for the HTTP client's, which it keeps as their cause. */
function answerIn(error: unknown): Answer {
	for (let current = error; current instanceof Error; current = current.cause) {
		const response: unknown = 'response' in current ? current.response : undefined;
		if (isJsonObject(response) && typeof response.status === 'number') {
			return { status: response.status, body: isJson(response.data) ? response.data : undefined };
		}
		if ('code' in current && typeof current.code === 'string') return { code: current.code };
	}
	return answerKeptBy(error);
}

/** What n8n 1 and the first of n8n 2 keep of the answer: they drop the cause of their errors. */
function answerKeptBy(error: unknown): Answer {
	if (!(error instanceof NodeApiError) || !error.httpCode) return {};
	const { data } = error.context;
	if (!/^\d{3}$/.test(error.httpCode)) return { code: error.httpCode };
	return { status: Number(error.httpCode), body: isJson(data) ? data : undefined };
}

/** The message of the innermost error: n8n's own around it say less. */
function messageIn(error: unknown): string {
	let message = String(error);
	for (let current = error; current instanceof Error; current = current.cause) {
		message = current.message;
	}
	return message;
}

/** The status of an error that `callApi` threw. */
export function statusOf(error: unknown): number | undefined {
	return error instanceof NodeApiError && error.httpCode !== null
		? Number(error.httpCode)
		: undefined;
}

function isJson(value: unknown): value is Json {
	return value !== undefined && typeof value !== 'function';
}

/**
 * What ends a lifecycle method, as one message: n8n shows nothing else of it, and never again tries an activation
 * whose message has the word that is replaced here.
 */
export function toActivationError(node: INode, error: unknown): NodeOperationError {
	return new NodeOperationError(node, explanationOf(error));
}

/** What happened and what to do next, in one text. */
export function explanationOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const next = error instanceof NodeApiError && error.description ? ` ${error.description}` : '';
	const end = /[.!?]$/.test(message) ? '' : '.';
	return `${message}${end}${next}`.replace(/authorization/gi, 'token');
}
