import {
	NodeApiError,
	NodeOperationError,
	type IHookFunctions,
	type INode,
	type ITriggerFunctions,
} from 'n8n-workflow';

/** Whether n8n activates the workflow because it starts, not because a user publishes it. */
export const isStartup = (context: IHookFunctions | ITriggerFunctions): boolean =>
	['init', 'leadershipChange'].includes(context.getActivationMode());

/** The error that ends a lifecycle method: n8n shows its message and nothing else of it. */
export const toActivationError = (node: INode, error: unknown): NodeOperationError =>
	new NodeOperationError(node, describeError(error));

/**
 * What happened and what to do next, in one text. It never contains "authorization": n8n does not retry an activation
 * whose message does.
 */
export function describeError(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const next = error instanceof NodeApiError && error.description ? ` ${error.description}` : '';
	const end = /[.!?]$/.test(message) ? '' : '.';
	return `${message}${end}${next}`.replace(/authorization/gi, 'token');
}
