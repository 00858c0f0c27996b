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
	triggerPanel,
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../core/description';
import { outputsExpression } from '../core/output';
import { checkSelected } from '../core/settings';
import { receive } from '../core/webhook';
import { abacatePay, abacatePayManual } from './abacatePay';

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
			description:
				'Through the API when the workflow is published; needs an AbacatePay API credential',
		},
		{
			name: 'Manual',
			value: 'manual',
			description: 'You enter the URL of this node and the secret in the AbacatePay panel',
		},
	],
	description: 'How the URL of this node is registered with AbacatePay',
};

const manualNotice: INodeProperties = {
	displayName:
		'In AbacatePay, open <b>Webhooks > Criar</b>. Enter a name, the production URL of this node, the token of the credential as <b>Secret</b>, and the events. Choose version 2 where AbacatePay asks for one.',
	name: 'manualNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { registration: ['manual'] } },
};

const isManual = (context: IHookFunctions | IWebhookFunctions) =>
	context.getNodeParameter('registration', 'automatic') === 'manual';

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
		properties: [registration, manualNotice, ...triggerProperties(abacatePay)],
	};

	methods = { credentialTest: { testToken: tokenTest(abacatePayManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				checkSelected(this, abacatePay);
				return isManual(this);
			},
			async create(this: IHookFunctions) {
				return isManual(this);
			},
			async delete(this: IHookFunctions) {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? abacatePayManual : abacatePay);
	}
}
