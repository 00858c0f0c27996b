import type {
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { tokenTest } from '../core/credentialTest';
import { triggerPanel, triggerProperties, webhookDescription } from '../core/description';
import { outputsExpression } from '../core/output';
import { receive } from '../core/webhook';
import { gen } from './gen';

/** Registration through the API comes with the credential for it, and is then the default. */
const registration: INodeProperties = {
	displayName: 'Registration',
	name: 'registration',
	type: 'options',
	default: 'manual',
	options: [
		{
			name: 'Manual',
			value: 'manual',
			description: 'You enter the URL of this node and the token in the panel of Gen',
		},
	],
	description: 'How Gen learns the URL of this node',
};

export class GenTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gen Trigger',
		name: 'genTrigger',
		icon: { light: 'file:gen.svg', dark: 'file:gen.dark.svg' },
		group: ['trigger'],
		// Starts at 2: for a node at exactly 1, n8n evaluates an expression on every request before the node is asked.
		version: 2,
		subtitle:
			'={{ $parameter["events"].includes("*") ? "All events" : $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when Gen sends an event of a payment or an order',
		defaults: { name: 'Gen Trigger' },
		inputs: [],
		outputs: outputsExpression(gen.events),
		credentials: [{ name: 'genWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(gen),
		properties: [registration, ...triggerProperties(gen)],
	};

	methods = { credentialTest: { testToken: tokenTest(gen.token) } };

	// The user registers the URL with the provider: there is nothing to look for, create or remove.
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
		return await receive(this, gen);
	}
}
