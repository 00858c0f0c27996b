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
import { gestaoOnline } from './gestaoOnline';

export class GestaoOnlineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gestão Online Trigger',
		name: 'gestaoOnlineTrigger',
		icon: { light: 'file:gestaoOnline.svg', dark: 'file:gestaoOnline.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description:
			'Starts the workflow when Gestão Online sends an event of an order, an invoice, a payment or a delivery',
		defaults: { name: 'Gestão Online Trigger' },
		inputs: [],
		outputs: outputsExpression(gestaoOnline.events),
		credentials: [{ name: 'gestaoOnlineWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(gestaoOnline),
		eventTriggerDescription: listeningDescription(gestaoOnline),
		properties: triggerProperties(gestaoOnline),
	};

	methods = { credentialTest: { testToken: tokenTest(gestaoOnline.token) } };

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
		return await receive(this, gestaoOnline);
	}
}
