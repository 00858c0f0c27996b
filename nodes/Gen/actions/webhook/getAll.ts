import type { ActionOperation } from '../../../core/action';
import { limited } from '../../../core/parameters';
import { entriesOf, withoutAuthorization } from '../answer';
import { ask, credentialOf } from '../request';
import { explainStatus } from './explainStatus';

/** No document has the list of webhooks: an account whose API lacks it answers 404 or 405. */
export const getAll: ActionOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many webhooks',
	description: 'Get many registered URLs, where the API of the account offers it',
	properties: [],
	returnsMany: true,
	async execute(context, itemIndex) {
		const credential = await credentialOf(context, itemIndex);
		const answer = await explainStatus(
			context,
			ask(context, credential, { method: 'GET', path: '/api/webhooks' }),
			{
				404: 'The API of this Gen account does not offer the list of webhooks',
				405: 'The API of this Gen account does not offer the list of webhooks',
			},
		);
		return limited(context, itemIndex, entriesOf(answer)).map(withoutAuthorization);
	},
};
