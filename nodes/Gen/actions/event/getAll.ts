import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { itemOf } from '../../../core/item';
import type { JsonObject } from '../../../core/json';
import { readSimplify, applyLimit } from '../../../core/parameters';
import type { Redactor } from '../../../core/redact';
import { getDeliveryId } from '../../eventLog';
import { gen } from '../../gen';
import { callGen, createRedactor } from '../../genApi';
import { readEntries } from '../answer';
import { getCredential } from '../request';

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
		const redact = createRedactor(await getCredential(context, itemIndex));
		const answer = await callGen(context, { method: 'GET', path: '/api/events' });
		const events = applyLimit(context, itemIndex, readEntries(answer));
		return readSimplify(context, itemIndex)
			? events.map((event) => eventItem(event, redact))
			: events.map((event) => redact.payload(event).payload);
	},
};

/** The item that the trigger makes of an event. */
function eventItem(body: JsonObject, redact: Redactor): IDataObject {
	const event = gen.eventOf({ body, headers: {}, query: {} });
	return itemOf(gen, event, body, {
		id: getDeliveryId(body),
		isTest: false,
		redact,
		simplify: true,
		includePayload: false,
	});
}
