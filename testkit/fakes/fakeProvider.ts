import { textOf, UNKNOWN } from '../../nodes/core/event';
import { own, type JsonObject } from '../../nodes/core/json';
import { OTHER, type Provider } from '../../nodes/core/provider';
import {
	customer,
	dateField,
	group,
	list,
	moneyField,
	notSent,
	textField,
} from '../../nodes/core/shape';

/** A provider that no document describes: what holds for it holds for every provider. */
export const shop: Provider = {
	id: 'shop',
	displayName: 'Shop',
	connect: 'In Shop, enter the URL of this node.',
	events: [
		{ code: 'SALE.NEW', name: 'New Sale', label: 'New', description: 'When something is sold' },
		{ code: 'SALE.*', name: 'Sale Events', label: 'Sales', description: 'Every event of a sale' },
		{ code: 'REFUND', name: 'Refund', label: 'Refund', description: 'When money goes back' },
		{ code: OTHER, name: 'Other Events', label: 'Other', description: 'Everything else' },
	],
	hasCustomEvents: true,
	credential: 'shopWebhookApi',
	token: {
		places: [{ in: 'header', name: 'X-Shop-Token', bearer: 'never' }],
		field: 'token',
	},
	eventOf: ({ body }) => ({ name: textOf(own(body, 'event')) ?? UNKNOWN }),
	filters: [
		{
			properties: [
				{
					displayName: 'Status',
					name: 'status',
					type: 'multiOptions',
					default: [],
					options: [{ name: 'Paid', value: 'PAID' }],
				},
				{ displayName: 'Other Statuses', name: 'otherStatuses', type: 'string', default: '' },
			],
			values: (body) => [own(body, 'status')],
		},
	],
	identityOf: (body) => body,
	ignoresDuplicatesByDefault: true,
	item: {
		id: textField('id'),
		status: textField('status'),
		createdAt: dateField('created'),
		updatedAt: notSent,
		customer: customer('buyer', { name: 'name', email: 'email', mobile: 'mobile' }),
		sale: group({ total: moneyField('total') }, 'sale'),
		items: list('items', { sku: textField('sku') }),
	},
};

/** A delivery that the shop sends. */
export const sale = (more: JsonObject = {}): JsonObject => ({
	event: 'SALE.NEW',
	id: 7,
	status: 'PAID',
	created: '2026-07-01T10:00:00-03:00',
	buyer: { name: 'Ana', email: 'ana@example.com', mobile: '11987654321' },
	sale: { total: '395.00' },
	items: [{ sku: 'A-1' }],
	...more,
});

/** JSON text nested so deeply that a function which calls itself for every level cannot finish. */
export const deepJson = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
