import type { Contract } from '../contracts.mts';

export const contract: Contract = {
	trigger: {
		name: 'gestaoOnlineTrigger',
		displayName: 'Gestão Online Trigger',
		credentials: [{ name: 'gestaoOnlineWebhookApi', required: true, testedBy: 'testToken' }],
		parameters: {
			events: ['*'],
			outputMode: 'single',
			outputsNotice: '',
			simplify: true,
			options: {},
		},
		events: [
			'ORDER_CREATED',
			'ORDER_CANCEL',
			'TAX_INVOICE_CHANGE_STATUS',
			'FINANCIAL_PAYMENT_DISCHARGE',
			'FINANCIAL_PAYMENT_STATUS',
			'ORDER_DELIVERY_CHANGE_STATUS',
			'other',
		],
		options: { ignoreDuplicates: false },
		filters: {},
	},
	otherNodes: [
		{
			name: 'gestaoOnline',
			displayName: 'Gestão Online',
			credential: 'gestaoOnlineApi',
			isTrigger: false,
			parameters: {
				resource: 'order',
				operation: 'get',
				orderId: '',
				reason: '',
				customerName: '',
				customerEmail: '',
				customerDocument: '',
				items: {},
				additionalFields: {},
				simplify: true,
			},
			operations: { order: ['cancel', 'create', 'get'] },
		},
	],
	credentials: [
		{
			name: 'gestaoOnlineApi',
			displayName: 'Gestão Online API',
			fields: { apiKey: '', origin: '', baseUrl: 'https://api.gestao.plus' },
			secrets: ['apiKey'],
		},
		{
			name: 'gestaoOnlineWebhookApi',
			displayName: 'Gestão Online Webhook API',
			fields: { token: '', parameterName: 'token', previousToken: '' },
			secrets: ['token', 'previousToken'],
		},
	],
};
