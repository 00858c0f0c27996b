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
import { troqueDevolva } from './troqueDevolva';

export class TroqueDevolvaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Troque & Devolva Trigger',
		name: 'troqueDevolvaTrigger',
		icon: { light: 'file:troqueDevolva.svg', dark: 'file:troqueDevolva.dark.svg' },
		group: ['trigger'],
		// Starts at 2: for a node at exactly 1, n8n evaluates an expression on every request before the node is asked.
		version: 2,
		subtitle:
			'={{ $parameter["events"].includes("*") ? "All events" : $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when Troque & Devolva sends an event of a return or exchange request',
		defaults: { name: 'Troque & Devolva Trigger' },
		inputs: [],
		outputs: outputsExpression(troqueDevolva.events),
		credentials: [{ name: 'troqueDevolvaWebhookApi', required: true, testedBy: 'testToken' }],
		webhooks: [webhookDescription],
		triggerPanel: {
			header: 'Waiting for Troque & Devolva',
			executionsHelp: {
				inactive:
					'<b>Connect:</b> in Troque & Devolva, open <b>Configurações &gt; Webhooks &gt; Novo Webhook</b>. Enter the URL of this node, choose the events and the method POST, and add a header with the name and value of the credential. The payload does not name its event: register one webhook per event, and add <code>?event=</code> and the event to its URL.<br><br><b>Test:</b> click <b>Listen for test event</b> and send an event to the test URL. An event with a wrong token, or one that is not selected, shows nothing here.',
				active:
					'The workflow is active: every selected event that Troque & Devolva sends with the right token starts it. An event with a wrong token, or one that is not selected, leaves no execution.',
			},
			activationHint: 'Activate the workflow to receive events at the production URL.',
		},
		properties: triggerProperties(troqueDevolva),
	};

	methods = {
		credentialTest: {
			async testToken(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				return testToken(troqueDevolva.token, credential);
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
		return await receive(this, troqueDevolva);
	}
}
