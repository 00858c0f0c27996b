import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';

export class TroqueDevolvaWebhookApi implements ICredentialType {
	name = 'troqueDevolvaWebhookApi';

	displayName = 'Troque & Devolva Webhook API';

	icon: Icon = {
		light: 'file:../nodes/TroqueDevolva/troqueDevolva.svg',
		dark: 'file:../nodes/TroqueDevolva/troqueDevolva.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/troque-devolva.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-Webhook-Token',
			description: 'The header that is added to the webhook in the panel of Troque & Devolva',
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- its value is the secret
		{
			displayName: 'Header Value',
			name: 'headerValue',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret of 16 characters or more, and enter the same at Troque & Devolva',
			description: 'A secret of your own, 16 characters or more: the value of that header',
		},
		previousToken,
	];
}
