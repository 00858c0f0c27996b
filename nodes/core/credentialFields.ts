import type { INodeProperties } from 'n8n-workflow';

const STILL_ACCEPTED =
	'token that is being replaced: it is still accepted until 2 seconds after you empty this field';

/** The field for the token that is being replaced, in a credential that holds nothing but tokens. */
export const previousToken: INodeProperties = {
	displayName: 'Previous Token',
	name: 'previousToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description: `The ${STILL_ACCEPTED}`,
};

/** The same field in a credential of an API, with which the token is registered. */
export const previousWebhookToken = (provider: string): INodeProperties => ({
	...previousToken,
	displayName: 'Previous Webhook Token',
	description: `The webhook ${STILL_ACCEPTED}. Empty it when ${provider} sends the new one.`,
});
