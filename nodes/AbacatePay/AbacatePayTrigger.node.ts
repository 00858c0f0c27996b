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
	registrationProperties,
	triggerPanel,
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../core/description';
import { outputsExpression } from '../core/output';
import { isManual, isRegistered, register, unregister } from '../core/registration';
import { receive } from '../core/webhook';
import { abacatePay, abacatePayManual } from './abacatePay';
import { abacatePayApi } from './abacatePayApi';
import { panelEvents } from './events';
import { abacatePayWebhooks } from './registration';

const panelEventsNotice: INodeProperties = {
	displayName:
		'The API of AbacatePay does not register <b>Subscription Payment Failed</b> and <b>Subscription Plan Changed</b>. To receive them, set Registration to Manual.',
	name: 'panelEventsNotice',
	type: 'notice',
	default: '',
	displayOptions: {
		show: { registration: ['automatic'], events: panelEvents.map(({ code }) => code) },
	},
};

export class AbacatePayTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AbacatePay Trigger',
		name: 'abacatePayTrigger',
		icon: { light: 'file:abacatePay.svg', dark: 'file:abacatePay.dark.svg' },
		group: ['trigger'],
		// Starts at 2: at exactly 1, n8n evaluates an expression on every request before it calls the node.
		version: 2,
		subtitle: triggerSubtitle,
		description:
			'Starts the workflow when AbacatePay sends an event of a checkout, a payment, a subscription or a transfer',
		defaults: { name: 'AbacatePay Trigger' },
		inputs: [],
		outputs: outputsExpression(abacatePay.events),
		credentials: [
			{
				name: 'abacatePayApi',
				required: true,
				// `hide` rather than `show`: with `show` n8n would move the parameter into the credential window.
				displayOptions: { hide: { registration: ['manual'] } },
			},
			{
				name: 'abacatePayWebhookApi',
				required: true,
				testedBy: 'testToken',
				displayOptions: { hide: { registration: ['automatic'] } },
			},
		],
		webhooks: [webhookDescription],
		triggerPanel: triggerPanel(abacatePay),
		eventTriggerDescription: listeningDescription(abacatePay),
		properties: [
			...registrationProperties(
				abacatePayApi,
				'In AbacatePay, open <b>Webhooks > Criar</b>. Enter a name, the production URL of this node, the token of the credential as <b>Secret</b>, and the events. Choose version 2 where AbacatePay asks for one.',
			),
			panelEventsNotice,
			...triggerProperties(abacatePay),
		],
	};

	methods = { credentialTest: { testToken: tokenTest(abacatePayManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				return await isRegistered(this, abacatePayWebhooks);
			},
			async create(this: IHookFunctions) {
				return await register(this, abacatePayWebhooks);
			},
			async delete(this: IHookFunctions) {
				return await unregister(this, abacatePayWebhooks);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? abacatePayManual : abacatePay);
	}
}
