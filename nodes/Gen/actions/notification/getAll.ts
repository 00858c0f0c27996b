import type { ActionOperation } from '../../../core/action';
import { applyLimit } from '../../../core/parameters';
import { readEntries, withoutAuthorization } from '../answer';
import { ask, getCredential } from '../request';

/** Gen's page "Webhooks e Eventos", under "Realizando re-tentativas de notificações". */
export const getAll: ActionOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many notifications',
	description: 'Get many notifications that Gen has sent to webhooks',
	properties: [],
	returnsMany: true,
	async execute(context, itemIndex) {
		const credential = await getCredential(context, itemIndex);
		const answer = await ask(context, credential, { method: 'GET', path: '/api/notifications' });
		// No document shows a notification's JSON: it may repeat the request, with a webhook's secret in it.
		return applyLimit(context, itemIndex, readEntries(answer)).map(withoutAuthorization);
	},
};
