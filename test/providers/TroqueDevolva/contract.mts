import type { Contract } from '../contracts.mts';

export const contract: Contract = {
	trigger: {
		name: 'troqueDevolvaTrigger',
		displayName: 'Troque & Devolva Trigger',
		credentials: [{ name: 'troqueDevolvaWebhookApi', required: true, testedBy: 'testToken' }],
		parameters: {
			events: ['*'],
			outputMode: 'single',
			outputsNotice: '',
			simplify: true,
			filters: {},
			options: {},
		},
		events: [
			'request.created',
			'request.rejected',
			'request.authorized',
			'request.posted',
			'request.delivered',
			'request.done',
			'other',
		],
		options: { ignoreDuplicates: true },
		filters: { status: [], otherStatuses: '', requestType: '' },
	},
	credentials: [
		{
			name: 'troqueDevolvaWebhookApi',
			displayName: 'Troque & Devolva Webhook API',
			fields: { headerName: 'X-Webhook-Token', headerValue: '', previousToken: '' },
			secrets: ['headerValue', 'previousToken'],
		},
	],
};
