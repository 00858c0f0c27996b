import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { testToken } from '../core/credentialTest';
import { triggerProperties, webhookDescription } from '../core/description';
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
		triggerPanel: {
			header: 'Waiting for Gen',
			executionsHelp: {
				inactive:
					'<b>Connect:</b> in Gen, open <b>Perfil e preferências &gt; Notificações &gt; + Criar Webhook</b>. Enter the URL of this node, as <b>Autorização</b> the token of the credential, and the events.<br><br><b>Test:</b> click <b>Listen for test event</b> and send an event to the test URL. An event with a wrong token, or one that is not selected, shows nothing here.',
				active:
					'The workflow is active: every selected event that Gen sends with the right token starts it. An event with a wrong token, or one that is not selected, leaves no execution.',
			},
			activationHint: 'Activate the workflow to receive events at the production URL.',
		},
		properties: [registration, ...triggerProperties(gen)],
	};

	methods = {
		credentialTest: {
			async testToken(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				return testToken(gen.token, credential);
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
		return await receive(this, gen);
	}
}
