import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { toOperations, runOperations } from '../core/action';
import { actionProperties, actionSubtitle } from '../core/actionDescription';
import { gestaoOnlineResources } from './actions';
import { testApiKey } from './gestaoOnlineApi';

export class GestaoOnline implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gestão Online',
		name: 'gestaoOnline',
		icon: { light: 'file:gestaoOnline.svg', dark: 'file:gestaoOnline.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: actionSubtitle,
		description: 'Create, get and cancel orders in Gestão Online',
		defaults: { name: 'Gestão Online' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'gestaoOnlineApi', required: true, testedBy: 'testApiKey' }],
		properties: actionProperties(gestaoOnlineResources, 'order'),
	};

	methods = { credentialTest: { testApiKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, toOperations(gestaoOnlineResources));
	}
}
