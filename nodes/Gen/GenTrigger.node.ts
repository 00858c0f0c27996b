import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { tokenTest } from '../core/credentialTest';
import {
	listeningDescription,
	registrationProperties,
	triggerPanel,
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../core/description';
import { outputsExpression } from '../core/output';
import { isManual, isRegistered, register, unregister } from '../core/registration';
import { receive } from '../core/webhook';
import { gen, genManual } from './gen';
import { genApi } from './genApi';
import { genWebhooks } from './registration';

export class GenTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gen Trigger',
		name: 'genTrigger',
		icon: { light: 'file:gen.svg', dark: 'file:gen.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description: 'Starts the workflow when Gen sends an event of a payment or an order',
		defaults: { name: 'Gen Trigger' },
		inputs: [],
		outputs: outputsExpression(gen.events),
		credentials: [
			{
				name: 'genApi',
				required: true,
				// `hide` rather than `show`: with `show` n8n would move the parameter into the credential window.
				displayOptions: { hide: { registration: ['manual'] } },
			},
			{
				name: 'genWebhookApi',
				required: true,
				testedBy: 'testToken',
				displayOptions: { hide: { registration: ['automatic'] } },
			},
		],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(gen),
		eventTriggerDescription: listeningDescription(gen),
		properties: [
			...registrationProperties(
				genApi,
				'In Gen, open <b>Perfil e preferências > Notificações > + Criar Webhook</b>. Enter the production URL of this node, the token of the credential as <b>Autorização</b>, and the events.',
			),
			...triggerProperties(gen),
		],
	};

	methods = { credentialTest: { testToken: tokenTest(genManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				return await isRegistered(this, genWebhooks);
			},
			async create(this: IHookFunctions) {
				return await register(this, genWebhooks);
			},
			async delete(this: IHookFunctions) {
				return await unregister(this, genWebhooks);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? genManual : gen);
	}
}
