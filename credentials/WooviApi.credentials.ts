import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class WooviApi implements ICredentialType {
	name = 'wooviApi';

	displayName = 'Woovi API';

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
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- whoever has it may use the API
		{
			displayName: 'AppID',
			name: 'appId',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'In Woovi, under API/Plugins. If you restrict what it may do, allow it to create, list and delete webhooks, and to list their events.',
		},
		{
			displayName: 'Webhook Token',
			name: 'webhookToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Needed by the Woovi Trigger: make up a secret of 16 letters, digits and - . _ ~ or more. After you change it, unpublish and publish each workflow with a Woovi Trigger.',
			description:
				'A secret of your own for the Woovi Trigger: it is registered with Woovi, which sends it with every event. Woovi sends a changed one only after you publish the workflow again: keep the old one under Previous Webhook Token until then.',
		},
		{
			displayName: 'Previous Webhook Token',
			name: 'previousToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The webhook token that is being replaced: it is still accepted until 2 seconds after you empty this field. Empty it when Woovi sends the new one.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '={{ $credentials.appId }}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ $credentials.environment === "custom" ? $credentials.baseUrl.replace(/\\/+$/, "") : $credentials.environment === "sandbox" ? "https://api.woovi-sandbox.com" : "https://api.woovi.com" }}',
			url: '/api/v1/webhook',
		},
	};
}
