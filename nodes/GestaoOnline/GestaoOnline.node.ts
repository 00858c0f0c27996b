import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { runOperations } from '../core/action';
import { testApiKey } from './gestaoOnlineApi';
import { orderOperations, orderProperties } from './order';

export class GestaoOnline implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gestão Online',
		name: 'gestaoOnline',
		icon: { light: 'file:gestaoOnline.svg', dark: 'file:gestaoOnline.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Create, get and cancel orders in Gestão Online',
		defaults: { name: 'Gestão Online' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'gestaoOnlineApi', required: true, testedBy: 'testApiKey' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'order',
				options: [{ name: 'Order', value: 'order' }],
			},
			...orderProperties,
		],
	};

	methods = { credentialTest: { testApiKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, { order: orderOperations });
	}
}
