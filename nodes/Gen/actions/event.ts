import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { limited, type Operation } from '../../core/action';
import { itemOf } from '../../core/item';
import type { JsonObject } from '../../core/json';
import type { Redactor } from '../../core/redact';
import { idOf } from '../eventLog';
import { gen } from '../gen';
import { callGen } from '../genApi';
import { credentialOf, entriesOf, listFields, redactorOf, simplifyField } from './common';

/** Gen's page "Webhooks e Eventos", under "Conferindo os eventos ocorridos". */
export const eventFields: INodeProperties[] = [
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
				action: 'Get many events',
				description: 'Get many events that have happened, as the event log of Gen keeps them',
			},
		],
		displayOptions: { show: { resource: ['event'] } },
	},
	...listFields('event'),
	simplifyField('event', 'getAll'),
];

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

const getAll: Operation = async (context, itemIndex) => {
	const redact = redactorOf(await credentialOf(context, itemIndex));
	const answer = await callGen(context, { method: 'GET', path: '/api/events' });
	const events = limited(context, itemIndex, entriesOf(answer));
	return context.getNodeParameter('simplify', itemIndex, true) === false
		? events.map((event) => redact.payload(event).payload)
		: events.map((event) => eventItem(event, redact));
};

export const eventOperations = { getAll };
