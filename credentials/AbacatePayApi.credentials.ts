import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { previousWebhookToken } from '../nodes/core/credentialFields';

export class AbacatePayApi implements ICredentialType {
	name = 'abacatePayApi';

	displayName = 'AbacatePay API';

	icon: Icon = {
		light: 'file:../nodes/AbacatePay/abacatePay.svg',
		dark: 'file:../nodes/AbacatePay/abacatePay.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/abacatepay.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'A key with the permissions WEBHOOK:CREATE, WEBHOOK:READ and WEBHOOK:DELETE. A key of the dev mode registers webhooks for simulated events, one of production those for real events.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.abacatepay.com/v2',
			description:
				'The address of the API, with https. It is the same for dev mode and production.',
		},
		{
			displayName: 'Webhook Token',
			name: 'webhookToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Make up a secret of 32 letters and digits or more. After you change it, unpublish and publish each workflow with an AbacatePay Trigger.',
			description:
				'A secret of your own for the AbacatePay Trigger, 32 characters or more: it is registered with AbacatePay, which sends it with every event. AbacatePay sends a changed one only after you publish the workflow again: keep the old one under Previous Webhook Token until then.',
		},
		previousWebhookToken('AbacatePay'),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	// Only reads. The API says in the body whether a request succeeded.
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.replace(/\\/+$/, "") }}',
			url: '/webhooks/list',
			qs: { limit: 1 },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'success',
					value: false,
					message: 'AbacatePay refused the API key. Check the key and its permissions.',
				},
			},
		],
	};
}
