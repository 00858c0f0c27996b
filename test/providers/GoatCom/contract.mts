import type { Contract } from '../contracts.mts';

export const contract: Contract = {
	trigger: {
		name: 'goatComTrigger',
		displayName: 'GoatCom Trigger',
		credentials: [{ name: 'goatComWebhookApi', required: true, testedBy: 'testToken' }],
		parameters: {
			events: ['*'],
			outputMode: 'single',
			outputsNotice: '',
			simplify: true,
			filters: {},
			options: {},
		},
		events: [
			'ORDER_CREATED',
			'ORDER_APPROVED',
			'ORDER_REJECTED',
			'ORDER_UPDATE',
			'CART_ABANDONED',
			'other',
		],
		options: { ignoreDuplicates: true, timezone: 'America/Sao_Paulo' },
		filters: { status: [], otherStatuses: '', paymentMethod: '' },
	},
	credentials: [
		{
			name: 'goatComWebhookApi',
			displayName: 'GoatCom Webhook API',
			fields: { token: '', previousToken: '' },
			secrets: ['token', 'previousToken'],
		},
	],
};
