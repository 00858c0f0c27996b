import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { encodePath } from '../../../core/api';
import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json';
import { centsOf } from '../../../core/money';
import {
	readList,
	omitUndefined,
	requireText,
	readSimplify,
	readObject,
	readParameters,
	readText,
	parseInteger,
	type Parameters,
} from '../../../core/parameters';
import { unwrapObject, getSellerId } from '../../genApi';
import { simplifySubject } from '../answer';
import { customerFields, readCustomer, customerParameters } from '../customer';
import { externalIdField, extraFieldsField, withExtraFields } from '../fields';
import { ask, getCredential } from '../request';

const itemFields: INodeProperties[] = [
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Camiseta azul',
		description: 'What is sold',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		required: true,
		default: 1,
		description: 'How many are sold',
	},
	{
		displayName: 'Unit Price',
		name: 'unitPrice',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		required: true,
		default: '',
		placeholder: 'e.g. 19.99',
		description: 'The price of one, in reais',
	},
];

const additionalFields: INodeProperties[] = [
	{
		displayName: 'Checkout Page',
		name: 'checkout',
		type: 'options',
		default: 'automatic',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'Homologation with the sandbox of the credential, production otherwise',
			},
			{
				name: 'Homologation',
				value: 'homologation',
				description: 'The page at checkout.dev.gen.com.br',
			},
			{ name: 'Production', value: 'production', description: 'The page at checkout.gen.com.br' },
		],
		description: 'The checkout of Gen to which the checkout URL in the output leads',
	},
	externalIdField,
	extraFieldsField,
	{
		displayName: 'Max Installments',
		name: 'maxInstallments',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 12, numberPrecision: 0 },
		default: 12,
		description: 'The largest number of installments that the customer can choose with a card',
	},
	{
		displayName: 'Payment Methods',
		name: 'methods',
		type: 'multiOptions',
		default: [],
		options: [
			{ name: 'Bank Slip', value: 'BANK_SLIP' },
			{ name: 'Credit Card', value: 'CREDIT' },
			{ name: 'PIX', value: 'PIX' },
		],
		description: 'The methods with which the order can be paid; all active ones when empty',
	},
	{
		displayName: 'Redirect URL',
		name: 'redirectUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/thanks',
		description:
			'Where the checkout page leads the customer in the end. It becomes a part of the checkout URL in the output.',
	},
];

/** Gen's page "Gerando pedidos". */
export const create: ActionOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create an order',
	description: 'Create an order that can then be paid, also on the checkout page of Gen',
	properties: [
		{
			displayName: 'Items',
			name: 'items',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			required: true,
			default: {},
			placeholder: 'Add Item',
			options: [{ displayName: 'Item', name: 'item', values: itemFields }],
			description: 'What the customer buys, one item or more',
		},
		...customerFields({
			name: 'Entered at Checkout',
			value: 'none',
			description: 'The customer enters the data when paying',
		}),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: additionalFields,
		},
	],
	simplifies: true,
	async execute(context, itemIndex) {
		const credential = await getCredential(context, itemIndex);
		const parameters = readParameters(context, itemIndex, [
			'items',
			'additionalFields',
			...customerParameters,
		]);
		// Read before the order exists: a wrong redirect URL must not lose its answer.
		const page = getCheckoutPage(
			credential.environment,
			readObject(parameters, 'additionalFields'),
		);
		const answer = await ask(context, credential, {
			method: 'POST',
			path: encodePath`/api/sellers/${getSellerId(credential)}/orders`,
			body: orderBody(parameters),
		});
		return orderItem(answer, readSimplify(context, itemIndex), page);
	},
};

/** The request that creates an order; prices in reais are sent in cents. Throws where something is missing or wrong. */
function orderBody(parameters: Parameters): JsonObject {
	const additional = readObject(parameters, 'additionalFields');
	const maxInstallments = own(additional, 'maxInstallments') ?? '';
	const order = omitUndefined({
		items: readItems(readObject(parameters, 'items')),
		...readCustomer(parameters),
		methods: readMethods(additional),
		max_installments:
			maxInstallments === '' ? undefined : parseInteger(maxInstallments, 'Max Installments', 12),
		external_id: readText(additional, 'externalId'),
	});
	const complete = withExtraFields(order, additional);
	if (own(complete, 'items') === undefined) throw new Error('Items is empty. Add one.');
	return { order: complete };
}

function readItems(items: JsonObject): JsonObject[] | undefined {
	const entries = readList(items, 'item');
	if (entries.length === 0) return undefined;
	return entries.map((entry, index) => {
		const item = isJsonObject(entry) ? entry : {};
		const of = `of item ${index + 1}`;
		return {
			description: requireText(own(item, 'description'), `Description ${of}`),
			quantity: parseInteger(own(item, 'quantity'), `Quantity ${of}`),
			unit_price_cents: centsOf(own(item, 'unitPrice'), `Unit Price ${of}`),
		};
	});
}

function readMethods(additional: JsonObject): Json[] | undefined {
	const methods = readList(additional, 'methods').filter((method) => method !== '');
	return methods.length > 0 ? methods : undefined;
}

/** The address of a checkout page, before and after the order's ID. */
interface CheckoutPage {
	base: string;
	query: string;
}

/**
 * The page on which customers pay ("Integrando com nosso checkout").
 *
 * @param environment the credential's
 */
function getCheckoutPage(environment: unknown, additional: JsonObject): CheckoutPage {
	const chosen = own(additional, 'checkout');
	const isHomologation =
		chosen === 'homologation' || (chosen !== 'production' && environment === 'sandbox');
	const redirectUrl = readText(additional, 'redirectUrl');
	return {
		base: `https://${isHomologation ? 'checkout.dev.gen.com.br' : 'checkout.gen.com.br'}`,
		query: redirectUrl === undefined ? '' : `?redirectTo=${encodeURIComponent(redirectUrl)}`,
	};
}

/** The page on which an order is paid; null where its ID is not known. */
function buildCheckoutUrl(orderId: unknown, { base, query }: CheckoutPage): string | null {
	if ((typeof orderId !== 'string' && typeof orderId !== 'number') || orderId === '') return null;
	return `${base}/external/order/${encodeURIComponent(orderId)}${query}`;
}

/** The item of a created order. */
function orderItem(answer: Json, simplify: boolean, page: CheckoutPage): IDataObject {
	const data = unwrapObject(answer);
	const checkoutUrl = buildCheckoutUrl(own(data, 'id'), page);
	if (!simplify) return { ...data, checkoutUrl };
	const { values, problem } = simplifySubject('order', answer);
	const { id, status, createdAt, updatedAt, customer, order } = values;
	return { id, status, createdAt, updatedAt, customer, order, checkoutUrl, ...problem };
}
