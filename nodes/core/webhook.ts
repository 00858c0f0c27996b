import type {
	ICredentialDataDecryptedObject,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import {
	FORBIDDEN_SOURCE,
	ignored,
	NOT_A_JSON_OBJECT,
	RECEIVED,
	UNAUTHORIZED,
	UNAVAILABLE,
	type Answer,
} from './answers';
import { jsonBodyOf } from './body';
import { KeptCredentials } from './credential';
import { Claims, DEFAULT_DUPLICATE_WINDOW, deliveryId, type Claim } from './duplicate';
import { itemOf } from './item';
import type { JsonObject } from './json';
import { atOutput } from './output';
import type { Provider } from './provider';
import { redactor, type Redactor } from './redact';
import { readCollection, readSelection, select } from './selection';
import { isAllowedSource } from './sourceIp';
import { acceptedTokens, tokenCheck, type TokenRequest } from './token';

/** The deliveries known to this process, at about 300 bytes each. */
const claims = new Claims(20_000);

/** What a trigger needs of its credential, made once for many requests. */
interface Secret {
	isProven(request: TokenRequest): boolean;
	redact: Redactor;
}

const secrets = new KeptCredentials<Secret>();

/**
 * What a trigger does with a request: source IP → token → body → event → filters → duplicate → clean item → output.
 * Nothing is read from the body, and no state changes, before the token is proven.
 *
 * What throws, throws after that: n8n then answers 500 and keeps a failed execution, and the provider tries again.
 */
export async function receive(
	context: IWebhookFunctions,
	provider: Provider,
): Promise<IWebhookResponseData> {
	const request = context.getRequestObject();
	const options = readOptions(context);
	if (options === 'unreadable') return refuse(context, UNAVAILABLE);
	if (!isAllowedSource(options.ipAllowlist, request.ip)) return refuse(context, FORBIDDEN_SOURCE);

	const secret = await provenSecret(context, provider, request);
	if ('status' in secret) return refuse(context, secret);

	const body = await jsonBodyOf(request);
	if (!body) return refuse(context, NOT_A_JSON_OBJECT);

	const selection = readSelection(context, provider, options);
	const { headers, query } = request;
	const selected = select(provider, selection, { body, headers, query });
	if (typeof selected === 'string') return { webhookResponse: ignored(selected) };

	const { event, route } = selected;
	const id = deliveryId(provider, body, event.name, request.rawBody);
	const isTest = context.getMode() === 'manual';
	const ignoresDuplicates = options.ignoreDuplicates ?? provider.ignoresDuplicatesByDefault;
	if (ignoresDuplicates && !isTest) {
		const turn = await takeTurn(
			context,
			id,
			Number(options.duplicateWindow) || DEFAULT_DUPLICATE_WINDOW,
		);
		if (turn === 'duplicate') return { webhookResponse: ignored('duplicate') };
		if (turn === 'closed') return { noWebhookResponse: true };
	}

	const json = itemOf(provider, event, body, {
		id,
		isTest,
		redact: secret.redact,
		...selection,
	});
	return {
		workflowData: selection.isPerEvent
			? atOutput({ json }, route, selection.chosen.length)
			: [[{ json }]],
		webhookResponse: RECEIVED,
	};
}

function readOptions(context: IWebhookFunctions): JsonObject | 'unreadable' {
	try {
		return readCollection(context, 'options');
	} catch (error) {
		logError(context, 'The options of a trigger cannot be read. Correct their expressions.', error);
		return 'unreadable';
	}
}

/** The secret that a request's token proves, or the answer where it proves none. */
async function provenSecret(
	context: IWebhookFunctions,
	{ credential: type, token: place }: Provider,
	request: TokenRequest,
): Promise<Secret | Answer> {
	const node = context.getNode();
	const credentialId = node.credentials?.[type]?.id;
	if (!credentialId) return UNAUTHORIZED;
	const key = `${context.getWorkflow().id} ${node.id} ${type} ${credentialId}`;
	const now = Date.now();
	let hasRead = false;
	const read = async (): Promise<Secret> => {
		hasRead = true;
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		return {
			isProven: tokenCheck(place, credential),
			redact: redactor(acceptedTokens(place, credential)),
		};
	};
	try {
		const kept = await secrets.get(key, now, read);
		if (kept.isProven(request)) return kept;
		if (hasRead) return UNAUTHORIZED;
		const newest = await secrets.getNewest(key, now, read);
		return newest.isProven(request) ? newest : UNAUTHORIZED;
	} catch (error) {
		// n8n's class is not exported to nodes.
		const isDeleted =
			error instanceof Error && error.constructor.name === 'CredentialNotFoundError';
		const next = isDeleted
			? 'Choose another one in the node.'
			: 'Check the database and the encryption key of n8n.';
		logError(context, `The credential of a trigger cannot be read. ${next}`, error);
		return isDeleted ? UNAUTHORIZED : UNAVAILABLE;
	}
}

function logError(context: IWebhookFunctions, message: string, error: unknown): void {
	context.logger.error(message, {
		node: context.getNode().name,
		workflowId: context.getWorkflow().id,
		reason: error instanceof Error ? error.message : String(error),
	});
}

/** Waits until this copy of a delivery is the first, a duplicate, or its connection was closed meanwhile. */
async function takeTurn(
	context: IWebhookFunctions,
	id: string,
	windowSeconds: number,
): Promise<'first' | 'duplicate' | 'closed'> {
	const response = context.getResponseObject();
	const key = `${context.getWorkflow().id} ${context.getNode().id} ${id}`;
	for (;;) {
		const outcome = claims.claim(key, windowSeconds * 1000, Date.now());
		if (outcome === 'duplicate') return 'duplicate';
		if ('claim' in outcome) {
			settleWithAnswer(response, outcome.claim);
			return 'first';
		}
		await outcome.undecided;
		if (response.destroyed) return 'closed';
	}
}

/** n8n has stored the execution when it answers 2xx; until then, and without an answer, nothing is certain. */
function settleWithAnswer(
	response: ReturnType<IWebhookFunctions['getResponseObject']>,
	claim: Claim,
): void {
	if (response.destroyed) return claim.giveBack();
	response.once('finish', () => {
		const isAccepted = response.statusCode >= 200 && response.statusCode < 300;
		if (isAccepted) claim.keep();
		else claim.giveBack();
	});
	response.once('close', () => claim.giveBack());
}

function refuse(context: IWebhookFunctions, { status, body }: Answer): IWebhookResponseData {
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}
