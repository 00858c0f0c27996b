import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

export class GestaoOnlineApi implements ICredentialType {
	name = 'gestaoOnlineApi';

	displayName = 'Gestão Online API';

	icon: Icon = {
		light: 'file:../nodes/GestaoOnline/gestaoOnline.svg',
		dark: 'file:../nodes/GestaoOnline/gestaoOnline.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/gestao-online.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'The access token of the ERP, which the team of Gestão Online gives out on request',
		},
		{
			displayName: 'Origin',
			name: 'origin',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://www.example.com',
			description: 'The URL of your own that Gestão Online knows; it goes along as Origin',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.gestao.plus',
			description: 'The address of the API, with https',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				'x-api-key': '={{$credentials.apiKey}}',
				Origin: '={{$credentials.origin}}',
			},
		},
	};
}
