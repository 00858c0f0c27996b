import type { INodeProperties } from 'n8n-workflow';
import { limited, type Operation } from '../../core/action';
import { ask, credentialOf, entriesOf, listFields, withoutAuthorization } from './common';

/** Gen's page "Webhooks e Eventos", under "Realizando re-tentativas de notificações". */
export const notificationFields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getAll',
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many notifications',
				description: 'Get many notifications that Gen has sent to webhooks',
			},
		],
		displayOptions: { show: { resource: ['notification'] } },
	},
	...listFields('notification'),
];

const getAll: Operation = async (context, itemIndex) => {
	const credential = await credentialOf(context, itemIndex);
	const answer = await ask(context, credential, { method: 'GET', path: '/api/notifications' });
	// No document shows a notification's JSON: it may repeat the request, with a webhook's secret in it.
	return limited(context, itemIndex, entriesOf(answer)).map(withoutAuthorization);
};

export const notificationOperations = { getAll };
