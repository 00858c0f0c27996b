import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { runOperations, type Operations } from '../core/action';
import { eventFields, eventOperations } from './actions/event';
import { notificationFields, notificationOperations } from './actions/notification';
import { orderFields, orderOperations } from './actions/order';
import { paymentFields, paymentOperations } from './actions/payment';
import { webhookFields, webhookOperations } from './actions/webhook';

const operations: Operations = {
	event: eventOperations,
	notification: notificationOperations,
	order: orderOperations,
	payment: paymentOperations,
	webhook: webhookOperations,
};

export class Gen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gen',
		name: 'gen',
		icon: { light: 'file:gen.svg', dark: 'file:gen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Create orders and payments, refund PIX and read events with Gen',
		defaults: { name: 'Gen' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'genApi', required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'payment',
				options: [
					{ name: 'Event', value: 'event' },
					{ name: 'Notification', value: 'notification' },
					{ name: 'Order', value: 'order' },
					{ name: 'Payment', value: 'payment' },
					{ name: 'Webhook', value: 'webhook' },
				],
			},
			...eventFields,
			...notificationFields,
			...orderFields,
			...paymentFields,
			...webhookFields,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, operations);
	}
}
