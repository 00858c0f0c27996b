import type { ActionResource } from '../../core/action';
import { getAll as getEvents } from './event/getAll';
import { getAll as getNotifications } from './notification/getAll';
import { create as createOrder } from './order/create';
import { capture } from './payment/capture';
import { create as createPayment } from './payment/create';
import { refund } from './payment/refund';
import { create as createWebhook } from './webhook/create';
import { deleteWebhook } from './webhook/delete';
import { getAll as getWebhooks } from './webhook/getAll';

/** What the Gen node can do. */
export const genResources: ActionResource[] = [
	{ value: 'event', name: 'Event', operations: [getEvents] },
	{ value: 'notification', name: 'Notification', operations: [getNotifications] },
	{ value: 'order', name: 'Order', operations: [createOrder] },
	{
		value: 'payment',
		name: 'Payment',
		operations: [capture, createPayment, refund],
		defaultOperation: createPayment,
	},
	{
		value: 'webhook',
		name: 'Webhook',
		operations: [createWebhook, deleteWebhook, getWebhooks],
	},
];
