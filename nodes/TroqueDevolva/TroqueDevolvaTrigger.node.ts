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
import { troqueDevolva } from './troqueDevolva';

export class TroqueDevolvaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Troque & Devolva Trigger',
		name: 'troqueDevolvaTrigger',
		icon: { light: 'file:troqueDevolva.svg', dark: 'file:troqueDevolva.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description:
			'Starts the workflow when Troque & Devolva sends an event of a return or exchange request',
		defaults: { name: 'Troque & Devolva Trigger' },
		inputs: [],
		outputs: outputsExpression(troqueDevolva.events),
		credentials: [{ name: 'troqueDevolvaWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(troqueDevolva),
		eventTriggerDescription: listeningDescription(troqueDevolva),
		properties: triggerProperties(troqueDevolva),
	};

	methods = { credentialTest: { testToken: tokenTest(troqueDevolva.token) } };

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
		return await receive(this, troqueDevolva);
	}
}
