import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { RefusalReason } from './answers';
import { authenticate } from './authentication';
import { readJsonBody } from './body';
import { Claims, deliveryId, type Claim } from './duplicate';
import { itemOf } from './item';
import { routeItem } from './output';
import type { Provider } from './provider';
import { select, type Ignored } from './selection';
import { readSettings, type Settings } from './settings';
import { isAllowedSource } from './sourceIp';

/** A delivery that is not accepted, and what n8n threw, where that is why. */
export interface Refused {
	kind: 'refused';
	reason: RefusalReason;
	error?: unknown;
}

/** The outcome of a delivery. */
export type Result =
	| { kind: 'accepted'; outputs: INodeExecutionData[][] }
	| Ignored
	| Refused
	/** The sender closed the connection: nobody is left to answer. */
	| { kind: 'closed' };

/** The deliveries that this process remembers, at about 300 bytes each. */
const claims = new Claims(20_000);

/**
 * Processes a delivery: source IP → token → body → event → filters → duplicate → clean item → output.
 * Nothing is read from the body, and no state changes, before the sender is authenticated.
 *
 * Errors are thrown only after authentication: n8n then answers 500 and records a failed execution, and the provider
 * tries again.
 */
export async function processDelivery(
	context: IWebhookFunctions,
	provider: Provider,
): Promise<Result> {
	const request = context.getRequestObject();
	let settings: Settings;
	try {
		settings = readSettings(context, provider);
	} catch (error) {
		return { kind: 'refused', reason: 'optionsUnreadable', error };
	}
	if (!isAllowedSource(settings.ipAllowlist, request.ip)) {
		return { kind: 'refused', reason: 'sourceNotAllowed' };
	}

	const authentication = await authenticate(context, provider, request);
	if (authentication.kind === 'refused') return authentication;

	const body = await readJsonBody(request);
	if (!body) return { kind: 'refused', reason: 'notAJsonObject' };

	const selection = settings.readSelection();
	const { headers, query } = request;
	const selected = select(provider, selection, { body, headers, query });
	if (selected.kind === 'ignored') return selected;

	const { event, route } = selected;
	const id = deliveryId(provider, body, event.name, request.rawBody);
	const isTest = context.getMode() === 'manual';
	if (settings.ignoreDuplicates && !isTest) {
		const claim = await claimDelivery(context, id, settings.duplicateWindowMs);
		if (claim.kind !== 'claimed') return claim;
	}

	const { redact } = authentication;
	const item = { json: itemOf(provider, event, body, { id, isTest, redact, ...selection }) };
	const outputs = selection.isPerEvent ? routeItem(item, route, selection.chosen.length) : [[item]];
	return { kind: 'accepted', outputs };
}

/** Waits until this copy of a delivery is the first one, a duplicate, or its sender has closed the connection. */
async function claimDelivery(
	context: IWebhookFunctions,
	id: string,
	windowMs: number,
): Promise<Ignored | { kind: 'claimed' } | { kind: 'closed' }> {
	const response = context.getResponseObject();
	const key = `${context.getWorkflow().id} ${context.getNode().id} ${id}`;
	for (;;) {
		const outcome = claims.claim(key, windowMs, Date.now());
		if (outcome === 'duplicate') return { kind: 'ignored', reason: 'duplicate' };
		if ('claim' in outcome) {
			settleWithAnswer(response, outcome.claim);
			return { kind: 'claimed' };
		}
		await outcome.undecided;
		if (response.destroyed) return { kind: 'closed' };
	}
}

/** n8n has stored the execution when it answers 2xx. With any other answer, or none, the claim is released. */
function settleWithAnswer(
	response: ReturnType<IWebhookFunctions['getResponseObject']>,
	claim: Claim,
): void {
	if (response.destroyed) return claim.release();
	response.once('finish', () => {
		const isAccepted = response.statusCode >= 200 && response.statusCode < 300;
		if (isAccepted) claim.keep();
		else claim.release();
	});
	response.once('close', () => claim.release());
}
