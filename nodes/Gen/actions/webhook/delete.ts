import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import { readRequiredText } from '../../../core/parameters';
import { ask, getCredential } from '../request';
import { explainStatus } from './explainStatus';

/** No document has the removal of webhooks: an account whose API lacks it answers 405, or 404 as for an unknown ID. */
export const deleteWebhook: ActionOperation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a webhook',
	description: 'Remove a registered URL, where the API of the account offers it',
	properties: [
		{
			displayName: 'Webhook ID',
			name: 'webhookId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
			description: 'The ID that Gen gave the webhook when it was created',
		},
	],
	async execute(context, itemIndex) {
		const credential = await getCredential(context, itemIndex);
		const id = readRequiredText(context, 'webhookId', itemIndex, 'Webhook ID');
		await explainStatus(
			context,
			ask(context, credential, { method: 'DELETE', path: encodePath`/api/webhooks/${id}` }),
			{
				404: 'Gen has no webhook with this ID, or does not offer to delete webhooks',
				405: 'The API of this Gen account does not offer to delete webhooks',
			},
		);
		return { id, deleted: true };
	},
};
