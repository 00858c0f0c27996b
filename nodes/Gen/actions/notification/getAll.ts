import type { ActionOperation } from '../../../core/action';
import { limited } from '../../../core/parameters';
import { entriesOf, withoutAuthorization } from '../answer';
import { ask, credentialOf } from '../request';

/** Gen's page "Webhooks e Eventos", under "Realizando re-tentativas de notificações". */
export const getAll: ActionOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many notifications',
	description: 'Get many notifications that Gen has sent to webhooks',
	properties: [],
	returnsMany: true,
	async execute(context, itemIndex) {
		const credential = await credentialOf(context, itemIndex);
		const answer = await ask(context, credential, { method: 'GET', path: '/api/notifications' });
		// No document shows a notification's JSON: it may repeat the request, with a webhook's secret in it.
		return limited(context, itemIndex, entriesOf(answer)).map(withoutAuthorization);
	},
};
