import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';

export class GoatComWebhookApi implements ICredentialType {
	name = 'goatComWebhookApi';

	displayName = 'GoatCom Webhook API';

	icon: Icon = {
		light: 'file:../nodes/GoatCom/goatCom.svg',
		dark: 'file:../nodes/GoatCom/goatCom.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/goatcom.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret of 16 characters or more, and enter the same at GoatCom',
			description: 'The token that is entered for the webhook in the panel of GoatCom',
		},
		previousToken,
	];
}
