import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { previousToken } from '../nodes/core/credentialFields';

export class AbacatePayWebhookApi implements ICredentialType {
	name = 'abacatePayWebhookApi';

	displayName = 'AbacatePay Webhook API';

	icon: Icon = {
		light: 'file:../nodes/AbacatePay/abacatePay.svg',
		dark: 'file:../nodes/AbacatePay/abacatePay.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/abacatepay.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Make up a secret of 32 letters and digits or more, and enter the same at AbacatePay',
			description: 'What is entered as Secret for the webhook in the panel of AbacatePay',
		},
		previousToken,
	];
}
