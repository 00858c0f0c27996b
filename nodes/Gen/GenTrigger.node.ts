import type {
	IHookFunctions,
	INodeProperties,
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
import { checkSelected } from '../core/settings';
import { receive } from '../core/webhook';
import { gen, genManual } from './gen';
import { isRegistered, register, unregister } from './registration';

const registration: INodeProperties = {
	displayName: 'Registration',
	name: 'registration',
	type: 'options',
	noDataExpression: true,
	default: 'automatic',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'Through the API when the workflow is published; needs a Gen API credential',
		},
		{
			name: 'Manual',
			value: 'manual',
			description: 'You enter the URL of this node and the token in the Gen panel',
		},
	],
	description: 'How the URL of this node is registered with Gen',
};

const manualNotice: INodeProperties = {
	displayName:
		'In Gen, open <b>Perfil e preferências > Notificações > + Criar Webhook</b>. Enter the production URL of this node, the token of the credential as <b>Autorização</b>, and the events.',
	name: 'manualNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { registration: ['manual'] } },
};

const isManual = (context: IHookFunctions | IWebhookFunctions) =>
	context.getNodeParameter('registration', 'automatic') === 'manual';

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
		properties: [registration, manualNotice, ...triggerProperties(gen)],
	};

	methods = { credentialTest: { testToken: tokenTest(genManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				checkSelected(this, gen);
				return isManual(this) || (await isRegistered(this));
			},
			async create(this: IHookFunctions) {
				return isManual(this) || (await register(this));
			},
			async delete(this: IHookFunctions) {
				return isManual(this) || (await unregister(this));
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? genManual : gen);
	}
}
