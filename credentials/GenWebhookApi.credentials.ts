import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';

export class GenWebhookApi implements ICredentialType {
	name = 'genWebhookApi';

	displayName = 'Gen Webhook API';

	icon: Icon = {
		light: 'file:../nodes/Gen/gen.svg',
		dark: 'file:../nodes/Gen/gen.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/gen.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret of 16 characters or more, and enter the same at Gen',
			description:
				'A secret of your own, 16 characters or more: what is entered as Autorização for the webhook in Gen',
		},
		previousToken,
	];
}
