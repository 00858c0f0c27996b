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
import { wooviWebhooks } from './registration';
import { woovi, wooviManual } from './woovi';
import { wooviApi } from './wooviApi';

export class WooviTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Woovi Trigger',
		name: 'wooviTrigger',
		icon: { light: 'file:woovi.svg', dark: 'file:woovi.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description:
			'Starts the workflow when Woovi sends an event of a charge, a Pix, a refund, a payment or a dispute',
		defaults: { name: 'Woovi Trigger' },
		inputs: [],
		outputs: outputsExpression(woovi.events),
		credentials: [
			{
				name: 'wooviApi',
				required: true,
				// `hide` rather than `show`: with `show` n8n would move the parameter into the credential window.
				displayOptions: { hide: { registration: ['manual'] } },
			},
			{
				name: 'wooviWebhookApi',
				required: true,
				testedBy: 'testToken',
				displayOptions: { hide: { registration: ['automatic'] } },
			},
		],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(woovi),
		eventTriggerDescription: listeningDescription(woovi),
		properties: [
			...registrationProperties(
				wooviApi,
				'In Woovi, open <b>API/Plugins > Novo Webhook</b>. Enter the production URL of this node, the token of the credential as <b>authorization</b>, and the event; once for each event.',
			),
			...triggerProperties(woovi),
		],
	};

	methods = { credentialTest: { testToken: tokenTest(wooviManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				return await isRegistered(this, wooviWebhooks);
			},
			async create(this: IHookFunctions) {
				return await register(this, wooviWebhooks);
			},
			async delete(this: IHookFunctions) {
				return await unregister(this, wooviWebhooks);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? wooviManual : woovi);
	}
}
