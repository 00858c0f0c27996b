import type { INodeProperties } from 'n8n-workflow';

/** Shared by the operations on an order that is there already. */
export const orderIdField: INodeProperties = {
	displayName: 'Order ID',
	name: 'orderId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 593',
	description: 'The ID of the order in Gestão Online',
};

/** What an action makes or changes, in the warnings of its item. */
export const expectedOrder = { provider: 'Gestão Online', subject: 'order' };
