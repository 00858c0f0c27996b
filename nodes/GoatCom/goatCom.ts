import { textOf, UNKNOWN } from '../core/event';
import { listAndOthers } from '../core/filterProperties';
import { own, type JsonObject } from '../core/json';
import { otherEvents, type Provider } from '../core/provider';
import {
	customer,
	dateField,
	group,
	list,
	moneyField,
	notSent,
	numberField,
	textField,
} from '../core/shape';

const CART_ABANDONED = 'CART_ABANDONED';

const eventName = (body: JsonObject) => textOf(own(body, 'event_type')) ?? UNKNOWN;

/** GoatCom, an e-commerce platform: its page "Exemplo de Webhook Recebido". */
export const goatCom: Provider = {
	id: 'goatCom',
	displayName: 'GoatCom',
	connect:
		'In the panel of GoatCom, register a webhook with the production URL of this node and the token of the credential, and publish the workflow.',
	events: [
		{
			code: 'ORDER_CREATED',
			name: 'Order Created',
			label: 'Created',
			description: 'When an order is created',
		},
		{
			code: 'ORDER_APPROVED',
			name: 'Order Approved',
			label: 'Approved',
			description: 'When an order is approved',
		},
		{
			code: 'ORDER_REJECTED',
			name: 'Order Rejected',
			label: 'Rejected',
			description: 'When an order is rejected',
		},
		{
			code: 'ORDER_UPDATE',
			name: 'Order Updated',
			label: 'Updated',
			description: 'When an order is updated',
		},
		{
			code: CART_ABANDONED,
			name: 'Cart Abandoned',
			label: 'Abandoned',
			description: 'When a cart is abandoned before an order is made',
		},
		otherEvents,
	],
	credential: 'goatComWebhookApi',
	token: {
		places: [{ in: 'header', name: 'Authorization', bearer: 'required' }],
		field: 'token',
	},
	eventOf: ({ body }) => ({ name: eventName(body), place: 'event_type of the body' }),
	filters: [
		{
			properties: listAndOthers({
				displayName: 'Status',
				name: 'status',
				options: [
					{ name: 'Being Sorted', value: 'PRODUCTS_BEING_SORTED' },
					{ name: 'Canceled', value: 'CANCELED' },
					{ name: 'Delivered', value: 'DELIVERED' },
					{ name: 'Failed', value: 'FAILED' },
					{ name: 'In Transit', value: 'IN_TRANSIT' },
					{ name: 'Invoiced', value: 'INVOICED' },
					{ name: 'Order Authorized', value: 'ORDER_AUTHORIZED' },
					{ name: 'Paid', value: 'PAID' },
					{ name: 'Pending', value: 'PENDING' },
					{ name: 'Ready for Shipment', value: 'READY_FOR_SHIPMENT' },
				],
				description: 'The order statuses that start the workflow',
				others: {
					displayName: 'Other Statuses',
					name: 'otherStatuses',
					placeholder: 'e.g. REFUNDED',
					noun: 'statuses',
				},
			}),
			values: (body) => [own(body, 'status')],
		},
		{
			properties: [
				{
					displayName: 'Payment Method',
					name: 'paymentMethod',
					type: 'string',
					default: '',
					placeholder: 'e.g. pix',
					description:
						'The payment methods that start the workflow, comma-separated, as GoatCom writes them',
				},
			],
			ignoreCase: true,
			values: (body) => [own(body, 'payment_method')],
		},
	],
	identityOf: (body) => body,
	ignoresDuplicatesByDefault: true,
	defaultTimezone: 'America/Sao_Paulo',
	item: {
		id: textField((body) => (eventName(body) === CART_ABANDONED ? 'cart.id' : 'id')),
		status: textField('status'),
		createdAt: dateField('created_at'),
		updatedAt: notSent,
		customer: customer('cart.customer', { name: 'name', email: 'email', mobile: 'phone' }),
		order: group({ id: textField('id'), total: moneyField('total_price') }),
		cart: group(
			{
				id: textField('id'),
				origin: textField('origin'),
				total: moneyField('total_price'),
				subtotal: moneyField('subtotal'),
				discount: moneyField('total_discount'),
				shipping: moneyField('shipping_price'),
				recoveryUrl: textField('/link_recovery'),
			},
			'cart',
		),
		items: list('cart.products', {
			productId: textField('id'),
			variantId: textField('variant.id'),
			sku: textField('variant.sku'),
			title: textField('title'),
			variant: textField('variant.title'),
			quantity: numberField('quantity'),
			price: moneyField('variant.price'),
			costPrice: moneyField('variant.cost_price'),
			imageUrl: textField('variant.image.image'),
		}),
		payment: group({
			method: textField('payment_method'),
			paidAt: dateField('payment_date'),
			pixCode: textField('pix_code'),
			pixQrCodeUrl: textField('pix_qr_code'),
			bankSlipUrl: textField('bank_slip_url'),
			bankSlipCode: textField('bank_slip_code'),
		}),
		shipping: group(
			{
				method: textField('shipping_label'),
				price: moneyField('shipping_price'),
				estimatedAt: dateField('delivery_time'),
				address: group({
					street: textField('address'),
					number: textField('number'),
					neighborhood: textField('neighborhood'),
					city: textField('city'),
					state: textField('uf'),
					postalCode: textField('zipcode'),
				}),
			},
			'shipping',
		),
	},
};
