import {
	NodeApiError,
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
	/** The secrets of the credential, which no error may repeat. */
	getSecrets(credential: Readonly<Record<string, unknown>>): string[];
	/** The API's address, without a slash at its end. Throws where the credential has no usable one. */
	getBaseUrl(credential: Readonly<Record<string, unknown>>): string;
	/** The API's own words in the body of an error answer. */
	readErrorText(body: Json | undefined): string | undefined;
	/** Whether an answer says that the request failed although its status does not. */
	isFailure?(body: Json): boolean;
}

export interface ApiCall {
	method: IHttpRequestMethods;
	/** Begins with `/`; its ids are encoded, see `encodePath`. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

/**
 * A template tag that encodes the values in a path, so that an id can never lead to another path. Throws for `.` and
 * `..`.
 */
export function encodePath(strings: TemplateStringsArray, ...parts: string[]): string {
	return strings.reduce((path, text, index) => {
		const part = parts[index - 1] ?? '';
		// URL parsers resolve these two even when they are encoded.
		if (part === '.' || part === '..') {
			throw new Error(`"${part}" is not a valid ID. Enter the ID as the provider shows it.`);
		}
		return `${path}${encodeURIComponent(part)}${text}`;
	});
}

/**
 * Calls a provider's API. n8n signs the request with the credential and renews an expired access token.
 *
 * Resolves with the answer's JSON, or its text. Throws a NodeApiError that says what happened and what to
 * do next; its `httpCode` is the answer's status (200 for any 2xx that is a failure), null where there was no answer.
 */
export async function callApi(context: ApiContext, api: Api, call: ApiCall): Promise<Json> {
	try {
		const credential = await context.getCredentials(api.credential);
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			api.credential,
			{
				method: call.method,
				url: `${api.getBaseUrl(credential)}${call.path}`,
				qs: call.query,
				...jsonBody(call.body),
				json: true,
				// n8n would send the secrets along to wherever a redirect leads.
				disableFollowRedirect: true,
			},
		);
		const json = isJson(answer) ? answer : null;
		if (!api.isFailure?.(json)) return json;
		throw Object.assign(new Error('The answer is a failure.'), {
			response: { status: 200, data: json },
		});
	} catch (error) {
		// Read again: n8n may have renewed an access token meanwhile.
		const credential = await context.getCredentials(api.credential).catch(() => ({}));
		throw toApiError(context.getNode(), api, error, api.getSecrets(credential));
	}
}

/** The body of a request. An empty object is sent as text, because n8n would leave it out. */
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
function toApiError(
	node: INode,
	api: Api,
	error: unknown,
	secrets: readonly string[],
): NodeApiError {
	const { status, body, code } = findAnswer(error);
	const credentialName = node.credentials?.[api.credential]?.name;
	const credential = `the ${api.credentialDisplayName} credential${credentialName ? ` "${credentialName}"` : ''}`;
	const explain = (): [string, string] => {
		if (status !== undefined) {
			const said = api.readErrorText(body);
			const what = status < 300 ? 'refused the request' : `answered ${status}`;
			const message = `${api.displayName} ${what}${said ? `: ${said}` : ''}`;
			return [message, nextStep(status, credential)];
		}
		if (code === undefined) return [innermostMessage(error), `Check ${credential}.`];
		return [
			`${api.displayName} cannot be reached`,
			`Check the address in ${credential}, and whether n8n can reach it (${connectionProblem(code)}).`,
		];
	};
	const [text, description] = explain();
	const message = redactor(secrets).text(text);
	const httpCode = status === undefined ? undefined : String(status);
	return new NodeApiError(node, { message }, { message, description, httpCode });
}

function nextStep(status: number, credential: string): string {
	if (status === 401 || status === 403) return `Check ${credential}, and what it may do.`;
	if (status === 429 || status >= 500) return 'Try again later.';
	if (status >= 300 && status < 400)
		return `Check the address in ${credential}: the API answers elsewhere.`;
	return 'Correct the fields of the node.';
}

/** Finds the HTTP client's error among the causes of n8n's. */
function findAnswer(error: unknown): Answer {
	for (let current = error; current instanceof Error; current = current.cause) {
		const response: unknown = 'response' in current ? current.response : undefined;
		if (isJsonObject(response) && typeof response.status === 'number') {
			return { status: response.status, body: isJson(response.data) ? response.data : undefined };
		}
		if ('code' in current && typeof current.code === 'string') return { code: current.code };
	}
	return findAnswerInApiError(error);
}

/** n8n 1 and the first versions of n8n 2 drop the cause of their errors and keep only this of the answer. */
function findAnswerInApiError(error: unknown): Answer {
	if (!(error instanceof NodeApiError) || !error.httpCode) return {};
	const { data } = error.context;
	if (!/^\d{3}$/.test(error.httpCode)) return { code: error.httpCode };
	return { status: Number(error.httpCode), body: isJson(data) ? data : undefined };
}

/** The message of the innermost error: n8n's own around it say less. */
function innermostMessage(error: unknown): string {
	let message = String(error);
	for (let current = error; current instanceof Error; current = current.cause) {
		message = current.message;
	}
	return message;
}

/** The status of an error that `callApi` threw. */
export function httpStatus(error: unknown): number | undefined {
	return error instanceof NodeApiError && error.httpCode !== null
		? Number(error.httpCode)
		: undefined;
}

function isJson(value: unknown): value is Json {
	return value !== undefined && typeof value !== 'function';
}
