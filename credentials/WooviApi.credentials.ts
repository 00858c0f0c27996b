import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { previousWebhookToken } from '../nodes/core/credentialFields';
import { baseUrl, environment, HOSTS } from '../nodes/Woovi/wooviApi';

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
		environment,
		baseUrl,
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
		previousWebhookToken('Woovi'),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '={{ $credentials.appId }}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ $credentials.environment === "custom" ? $credentials.baseUrl.replace(/\\/+$/, "") : $credentials.environment === "sandbox" ? "${HOSTS.sandbox}" : "${HOSTS.production}" }}`,
			url: '/api/v1/webhook',
		},
	};
}
