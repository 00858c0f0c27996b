import { textOf, UNKNOWN } from '../core/event';
import { listAndOthers } from '../core/filterProperties';
import { own, valueAt, without, type Json, type JsonObject } from '../core/json';
import { otherEvents, type Delivery, type NamedEvent, type Provider } from '../core/provider';
import { withoutSecrets } from './deliveryLog';
import { inLastStatus, item, statusPath } from './item';

/** The documented status codes, their names in the sample, and the event of those that have one (inferred). */
const STATUSES = [
	{ code: '0', name: 'New Request', event: 'request.created' },
	{ code: '11', name: 'Awaiting Posting', event: 'request.authorized' },
	{ code: '12', name: 'In Transport', event: 'request.posted' },
	{ code: '13', name: 'Awaiting Inspection', event: 'request.delivered' },
	{ code: '34', name: 'Awaiting Payment' },
	{ code: '5', name: 'Completed', event: 'request.done' },
];

const REJECTED_NAME = /rejeitad/i;

function valueIn(body: JsonObject, pathOf: (body: JsonObject) => string | undefined) {
	const path = pathOf(body);
	return path === undefined ? undefined : valueAt(body, path);
}

/** The payload does not name its event: `webhooks` is a log of past deliveries. The user may put it into the URL. */
function eventOf({ body, headers, query }: Delivery): NamedEvent {
	const places: Array<[string, string, unknown]> = [
		['query', 'the query parameter event', own(query, 'event')],
		['header', 'the header x-event', own(headers, 'x-event')],
		['payload', 'event of the body', own(body, 'event')],
		['status', 'the status of the request', eventFromStatus(body)],
	];
	for (const [source, place, value] of places) {
		const name = textOf(value);
		if (name !== undefined) return { name, source, place };
	}
	return { name: UNKNOWN, source: 'none' };
}

function eventFromStatus(body: JsonObject): string | undefined {
	// The code of a rejected request is documented nowhere; its translated name says it.
	const name = textOf(valueIn(body, inLastStatus('to_translated')));
	if (name !== undefined && REJECTED_NAME.test(name)) return 'request.rejected';
	const code = valueIn(body, statusPath);
	return STATUSES.find((status) => status.code === code || Number(status.code) === code)?.event;
}

/** Everything but what changes between retries. The event may come from the URL or a header, not from the body. */
function identityOf(body: JsonObject, event: string): Json {
	return [event, without(body, ['webhooks', 'updatedAt', '__v'])];
}

/** Troque & Devolva, a returns desk: its page "Webhooks". Any field can be missing. */
export const troqueDevolva: Provider = {
	id: 'troqueDevolva',
	displayName: 'Troque & Devolva',
	connect:
		'In Troque & Devolva, open <b>Configurações &gt; Webhooks &gt; Novo Webhook</b>. Enter the production URL of this node, choose the events and the method POST, and add a header with the name and value of the credential. The payload does not name its event: register one webhook per event, and add <code>?event=</code> and the event to its URL.',
	events: [
		{
			code: 'request.created',
			name: 'Request Created',
			label: 'Created',
			description: 'When a return or exchange is requested',
		},
		{
			code: 'request.rejected',
			name: 'Request Rejected',
			label: 'Rejected',
			description: 'When a request is rejected',
		},
		{
			code: 'request.authorized',
			name: 'Request Authorized',
			label: 'Authorized',
			description: 'When a request is authorized',
		},
		{
			code: 'request.posted',
			name: 'Request Posted',
			label: 'Posted',
			description: 'When the customer has posted the products',
		},
		{
			code: 'request.delivered',
			name: 'Request Delivered',
			label: 'Delivered',
			description: 'When the products have arrived',
		},
		{
			code: 'request.done',
			name: 'Request Done',
			label: 'Done',
			description: 'When a request is completed',
		},
		otherEvents,
	],
	credential: 'troqueDevolvaWebhookApi',
	token: {
		places: [
			{
				in: 'header',
				name: { field: 'headerName', default: 'X-Webhook-Token' },
				bearer: 'never',
			},
		],
		field: 'headerValue',
	},
	eventOf,
	filters: [
		{
			properties: listAndOthers({
				displayName: 'Status',
				name: 'status',
				options: STATUSES.map(({ code, name }) => ({
					name: `${name} (${code})`,
					value: code,
				})).sort((a, b) => a.name.localeCompare(b.name)),
				description: 'The statuses of the request that start the workflow',
				others: {
					displayName: 'Other Statuses',
					name: 'otherStatuses',
					placeholder: 'e.g. 99',
					noun: 'status codes',
				},
			}),
			values: (body) => [valueIn(body, statusPath)],
		},
		{
			properties: [
				{
					displayName: 'Request Type',
					name: 'requestType',
					type: 'string',
					default: '',
					placeholder: 'e.g. exchange',
					description:
						'The types that start the workflow, comma-separated; any item of the request may match',
				},
			],
			ignoreCase: true,
			values: (body) => {
				const items = valueAt(body, 'request.items');
				return Array.isArray(items) ? items.map((entry) => valueAt(entry, 'type')) : [];
			},
		},
	],
	identityOf,
	ignoresDuplicatesByDefault: true,
	withoutSecrets,
	item,
};
