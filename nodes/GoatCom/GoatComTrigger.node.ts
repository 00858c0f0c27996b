import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { tokenTest } from '../core/credentialTest';
import {
	listeningDescription,
	triggerPanel,
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../core/description';
import { outputsExpression } from '../core/output';
import { receive } from '../core/webhook';
import { goatCom } from './goatCom';

export class GoatComTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GoatCom Trigger',
		name: 'goatComTrigger',
		icon: { light: 'file:goatCom.svg', dark: 'file:goatCom.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description: 'Starts the workflow when GoatCom sends an event of an order or an abandoned cart',
		defaults: { name: 'GoatCom Trigger' },
		inputs: [],
		outputs: outputsExpression(goatCom.events),
		credentials: [{ name: 'goatComWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(goatCom),
		eventTriggerDescription: listeningDescription(goatCom),
		properties: triggerProperties(goatCom),
	};

	methods = { credentialTest: { testToken: tokenTest(goatCom.token) } };

	// The user registers the URL with the provider: there is nothing to check, create or delete.
	webhookMethods = {
		default: {
			async checkExists() {
				return true;
			},
			async create() {
				return true;
			},
			async delete() {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, goatCom);
	}
}
