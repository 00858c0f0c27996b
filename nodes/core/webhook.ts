import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ignored, RECEIVED, REFUSALS } from './answers';
import { toTestError, type TestFailure } from './diagnosis';
import { logRefusal } from './log';
import { processDelivery, type Result } from './pipeline';
import type { Provider } from './provider';

/**
 * A trigger's `webhook` method. In a test in the editor it throws for a delivery that the live URL would refuse or
 * ignore, so that n8n shows on the trigger what is wrong.
 */
export async function receive(
	context: IWebhookFunctions,
	provider: Provider,
): Promise<IWebhookResponseData> {
	const result = await processDelivery(context, provider);
	const failure = findTestFailure(result);
	if (failure && context.getMode() === 'manual') {
		throw await toTestError(context, provider, failure);
	}
	return respond(context, result);
}

/** Why a result ends a test. A provider's own test call does not: the user waits for an event. */
function findTestFailure(result: Result): TestFailure | undefined {
	if (result.kind === 'refused') return result.reason;
	if (result.kind !== 'ignored') return undefined;
	return result.reason === 'event' || result.reason === 'filter' ? result.reason : undefined;
}

/** Turns the outcome of a delivery into what n8n expects. Only refusals are answered here: n8n has no status for them. */
function respond(context: IWebhookFunctions, result: Result): IWebhookResponseData {
	switch (result.kind) {
		case 'accepted':
			return { workflowData: result.outputs, webhookResponse: RECEIVED };
		case 'ignored':
			return { webhookResponse: ignored(result.reason) };
		case 'refused': {
			logRefusal(context, result.reason, result.error);
			const { status, body } = REFUSALS[result.reason];
			context.getResponseObject().status(status).json(body);
			return { noWebhookResponse: true };
		}
		case 'closed':
			return { noWebhookResponse: true };
	}
}
