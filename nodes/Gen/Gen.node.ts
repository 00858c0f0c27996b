import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { toOperations, runOperations } from '../core/action';
import { actionProperties, actionSubtitle } from '../core/actionDescription';
import { genResources } from './actions';

export class Gen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gen',
		name: 'gen',
		icon: { light: 'file:gen.svg', dark: 'file:gen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: actionSubtitle,
		description: 'Create orders and payments, refund PIX and read events with Gen',
		defaults: { name: 'Gen' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'genApi', required: true }],
		properties: actionProperties(genResources, 'payment'),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, toOperations(genResources));
	}
}
