import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';
import { baseUrl, environment } from '../nodes/Woovi/wooviApi';

export class WooviWebhookApi implements ICredentialType {
	name = 'wooviWebhookApi';

	displayName = 'Woovi Webhook API';

	icon: Icon = {
		light: 'file:../nodes/Woovi/woovi.svg',
		dark: 'file:../nodes/Woovi/woovi.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/woovi.md';

	properties: INodeProperties[] = [
		{
			...environment,
			description: 'Where n8n reads the public keys that check the signatures of events',
		},
		baseUrl,
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret of 16 letters, digits and - . _ ~ or more, and enter the same at Woovi',
			description:
				'A secret of your own: what is entered as authorization for the webhook in Woovi',
		},
		previousToken,
	];
}
