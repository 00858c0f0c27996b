import type { INodeProperties } from 'n8n-workflow';

/** Shared by the operations on an existing order. */
export const orderIdField: INodeProperties = {
	displayName: 'Order ID',
	name: 'orderId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 593',
	description: 'The ID of the order in Gestão Online',
};

/** The words for an order in warnings. */
export const expectedOrder = { provider: 'Gestão Online', subject: 'order' };
