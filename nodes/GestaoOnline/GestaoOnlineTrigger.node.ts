import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { testToken } from '../core/credentialTest';
import { triggerProperties, webhookDescription } from '../core/description';
import { outputsExpression } from '../core/output';
import { receive } from '../core/webhook';
import { gestaoOnline } from './gestaoOnline';

export class GestaoOnlineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gestão Online Trigger',
		name: 'gestaoOnlineTrigger',
		icon: { light: 'file:gestaoOnline.svg', dark: 'file:gestaoOnline.dark.svg' },
		group: ['trigger'],
		// Starts at 2: for a node at exactly 1, n8n evaluates an expression on every request before the node is asked.
		version: 2,
		subtitle:
			'={{ $parameter["events"].includes("*") ? "All events" : $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when Gestão Online sends an event of an order, an invoice, a payment or a delivery',
		defaults: { name: 'Gestão Online Trigger' },
		inputs: [],
		outputs: outputsExpression(gestaoOnline.events),
		credentials: [{ name: 'gestaoOnlineWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: {
			header: 'Waiting for Gestão Online',
			executionsHelp: {
				inactive:
					'<b>Connect:</b> Gestão Online has no panel for webhooks. Copy the URL of this node, add <code>?token=</code> and the token of the credential to it, and ask suporte@gestao-online.com to send the notifications there.<br><br><b>Test:</b> click <b>Listen for test event</b> and send an event to the test URL. An event with a wrong token, or one that is not selected, shows nothing here.',
				active:
					'The workflow is active: every selected event that Gestão Online sends with the right token starts it. An event with a wrong token, or one that is not selected, leaves no execution.',
			},
			activationHint: 'Activate the workflow to receive events at the production URL.',
		},
		properties: triggerProperties(gestaoOnline),
	};

	methods = {
		credentialTest: {
			async testToken(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				return testToken(gestaoOnline.token, credential);
			},
		},
	};

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
		return await receive(this, gestaoOnline);
	}
}
