import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ignored, RECEIVED, REFUSALS } from './answers';
import { processDelivery, type Result } from './pipeline';
import type { Provider } from './provider';

/** A trigger's `webhook` method. */
export async function receive(
	context: IWebhookFunctions,
	provider: Provider,
): Promise<IWebhookResponseData> {
	return respond(context, await processDelivery(context, provider));
}

/** Turns the outcome of a delivery into what n8n expects. Only refusals are answered here: n8n has no status for them. */
function respond(context: IWebhookFunctions, result: Result): IWebhookResponseData {
	switch (result.kind) {
		case 'accepted':
			return { workflowData: result.outputs, webhookResponse: RECEIVED };
		case 'ignored':
			return { webhookResponse: ignored(result.reason) };
		case 'refused': {
			const { status, body } = REFUSALS[result.reason];
			context.getResponseObject().status(status).json(body);
			return { noWebhookResponse: true };
		}
		case 'closed':
			return { noWebhookResponse: true };
	}
}
