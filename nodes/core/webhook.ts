import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ignored, RECEIVED, REFUSALS } from './answers';
import { toTestError } from './diagnosis';
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
	const isTest = context.getMode() === 'manual';
	if (isTest && result.kind === 'refused')
		throw await toTestError(context, provider, result.reason);
	if (isTest && result.kind === 'ignored' && result.reason !== 'duplicate') {
		throw await toTestError(context, provider, result.reason);
	}
	return respond(context, result);
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
