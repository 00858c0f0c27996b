import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

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
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'production',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'Another address of the API, such as https://api.openpix.com.br',
				},
				{ name: 'Production', value: 'production', description: 'Real payments' },
				{
					name: 'Sandbox',
					value: 'sandbox',
					description: 'For tests, with an account of its own: no money moves',
				},
			],
			description: 'Where n8n reads the public keys that check the signatures of events',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.openpix.com.br',
			displayOptions: { show: { environment: ['custom'] } },
			description: 'The address of the API, with https, without /api at the end',
		},
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
		{
			displayName: 'Previous Token',
			name: 'previousToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The token that is being replaced: it is still accepted until 2 seconds after you empty this field',
		},
	];
}
