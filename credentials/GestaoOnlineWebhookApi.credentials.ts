import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';

export class GestaoOnlineWebhookApi implements ICredentialType {
	name = 'gestaoOnlineWebhookApi';

	displayName = 'Gestão Online Webhook API';

	icon: Icon = {
		light: 'file:../nodes/GestaoOnline/gestaoOnline.svg',
		dark: 'file:../nodes/GestaoOnline/gestaoOnline.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/gestao-online.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret: 16 or more letters, digits and - . _ ~',
			description:
				'A secret of your own, 16 characters or more, of letters, digits and - . _ ~ only: it travels in the URL',
		},
		{
			displayName: 'Parameter Name',
			name: 'parameterName',
			type: 'string',
			default: 'token',
			description: 'The query parameter of the URL that holds the token, as in ?token=…',
		},
		previousToken,
	];
}
