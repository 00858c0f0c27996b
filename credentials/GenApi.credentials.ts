import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { previousWebhookToken } from '../nodes/core/credentialFields';
import { readAccessToken, renewAccessToken } from '../nodes/Gen/genToken';

export class GenApi implements ICredentialType {
	name = 'genApi';

	displayName = 'Gen API';

	icon: Icon = {
		light: 'file:../nodes/Gen/gen.svg',
		dark: 'file:../nodes/Gen/gen.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-brazil-commerce/n8n-nodes-brazil-commerce/blob/main/docs/gen.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'sandbox',
			options: [
				{ name: 'Custom', value: 'custom', description: 'Another address of the API' },
				{ name: 'Production', value: 'production', description: 'Real payments' },
				{
					name: 'Sandbox',
					value: 'sandbox',
					description: 'For tests: no money moves',
				},
			],
		},
		{
			displayName:
				'Gen documents the address of its sandbox only. Ask Gen for the address of the production API and enter it below.',
			name: 'productionNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { environment: ['production'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.example.com',
			displayOptions: { show: { environment: ['custom', 'production'] } },
			description: 'The address of the API, with https, without /api at the end',
		},
		{
			displayName: 'Seller ID',
			name: 'sellerId',
			type: 'string',
			required: true,
			default: '',
			description:
				'In Gen, under Perfil e preferências > Desenvolvedor > Chaves de Acesso > Meu ID',
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'In Gen, under Perfil e preferências > Desenvolvedor > Gerar nova chave. It does not expire; n8n renews the access token with it.',
		},
		{
			displayName: 'Webhook Token',
			name: 'webhookToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Needed by the Gen Trigger: make up a secret of 16 characters or more. After you change it, unpublish and publish each workflow with a Gen Trigger.',
			description:
				'A secret of your own, 16 characters or more, for the Gen Trigger: it is registered with Gen, which sends it with every event. Gen sends a changed one only after you publish the workflow again: keep the old one under Previous Webhook Token until then.',
		},
		previousWebhookToken('Gen'),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	/** n8n calls this when there is no access token yet, when the API answered 401, and for the test. */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		return { accessToken: await renewAccessToken(this.helpers, credentials) };
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const token = readAccessToken(credentials);
		// Without a token of this account the API answers 401, and n8n renews it.
		if (token === undefined) return requestOptions;
		const headers = { ...requestOptions.headers, Authorization: `Bearer ${token}` };
		return { ...requestOptions, headers };
	}

	// Declarative: only so does n8n renew the access token, and thereby try the refresh token.
	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ $credentials.environment === "sandbox" ? "https://api-sandbox.genpag.com.br" : $credentials.baseUrl.replace(/\\/+$/, "") }}',
			url: '/api/events',
		},
	};
}
