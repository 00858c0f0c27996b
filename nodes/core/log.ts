import type { IWebhookFunctions } from 'n8n-workflow';

/** Logs an error that the user must fix, with the node and the workflow it is in. */
export function logError(context: IWebhookFunctions, message: string, error: unknown): void {
	context.logger.error(message, {
		node: context.getNode().name,
		workflowId: context.getWorkflow().id,
		reason: error instanceof Error ? error.message : String(error),
	});
}
