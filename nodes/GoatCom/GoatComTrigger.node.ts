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
import { goatCom } from './goatCom';

export class GoatComTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GoatCom Trigger',
		name: 'goatComTrigger',
		icon: { light: 'file:goatCom.svg', dark: 'file:goatCom.dark.svg' },
		group: ['trigger'],
		// Starts at 2: for a node at exactly 1, n8n evaluates an expression on every request before the node is asked.
		version: 2,
		subtitle:
			'={{ $parameter["events"].includes("*") ? "All events" : $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when GoatCom sends an event of an order or an abandoned cart',
		defaults: { name: 'GoatCom Trigger' },
		inputs: [],
		outputs: outputsExpression(goatCom.events),
		credentials: [{ name: 'goatComWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: {
			header: 'Waiting for GoatCom',
			executionsHelp: {
				inactive:
					'<b>Connect:</b> in the panel of GoatCom, register a webhook with the URL of this node and the token of the credential.<br><br><b>Test:</b> click <b>Listen for test event</b> and send an event to the test URL. An event with a wrong token, or one that is not selected, shows nothing here.',
				active:
					'The workflow is active: every selected event that GoatCom sends with the right token starts it. An event with a wrong token, or one that is not selected, leaves no execution.',
			},
			activationHint: 'Activate the workflow to receive events at the production URL.',
		},
		properties: triggerProperties(goatCom),
	};

	methods = {
		credentialTest: {
			async testToken(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				return testToken(goatCom.token, credential);
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
		return await receive(this, goatCom);
	}
}
