import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { itemOf } from '../../../core/item';
import type { JsonObject } from '../../../core/json';
import { isSimplified, limited } from '../../../core/parameters';
import type { Redactor } from '../../../core/redact';
import { idOf } from '../../eventLog';
import { gen } from '../../gen';
import { callGen } from '../../genApi';
import { entriesOf } from '../answer';
import { credentialOf, redactorOf } from '../request';

/** Gen's page "Webhooks e Eventos", under "Conferindo os eventos ocorridos". */
export const getAll: ActionOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many events',
	description: 'Get many events that have happened, as the event log of Gen keeps them',
	properties: [],
	returnsMany: true,
	simplifies: true,
	async execute(context, itemIndex) {
		const redact = redactorOf(await credentialOf(context, itemIndex));
		const answer = await callGen(context, { method: 'GET', path: '/api/events' });
		const events = limited(context, itemIndex, entriesOf(answer));
		return isSimplified(context, itemIndex)
			? events.map((event) => eventItem(event, redact))
			: events.map((event) => redact.payload(event).payload);
	},
};

/** The item that the trigger would make of an event. */
export function eventItem(body: JsonObject, redact: Redactor): IDataObject {
	const event = gen.eventOf({ body, headers: {}, query: {} });
	return itemOf(gen, event, body, {
		id: idOf(body),
		isTest: false,
		redact,
		simplify: true,
		includePayload: false,
	});
}
