import type { ActionOperation } from '../../../core/action';
import { applyLimit } from '../../../core/parameters';
import { readEntries, withoutAuthorization } from '../answer';
import { ask, getCredential } from '../request';
import { explainStatus } from './explainStatus';

const NOT_OFFERED = 'The API of this Gen account does not offer the list of webhooks';

/** No document has the list of webhooks: an account whose API lacks it answers 404 or 405. */
export const getAll: ActionOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many webhooks',
	description: 'Get many registered URLs, where the API of the account offers it',
	properties: [],
	returnsMany: true,
	async execute(context, itemIndex) {
		const credential = await getCredential(context, itemIndex);
		const answer = await explainStatus(
			context,
			ask(context, credential, { method: 'GET', path: '/api/webhooks' }),
			{
				404: NOT_OFFERED,
				405: NOT_OFFERED,
			},
		);
		return applyLimit(context, itemIndex, readEntries(answer)).map(withoutAuthorization);
	},
};
