import type {
	IHookFunctions,
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
import { woovi, wooviManual } from './woovi';

const isManual = (context: IHookFunctions | IWebhookFunctions) =>
	context.getNodeParameter('registration', 'automatic') === 'manual';

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
		properties: [...triggerProperties(woovi)],
	};

	methods = { credentialTest: { testToken: tokenTest(wooviManual.token) } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				checkSelected(this, woovi);
				return isManual(this);
			},
			async create(this: IHookFunctions) {
				return isManual(this);
			},
			async delete(this: IHookFunctions) {
				return isManual(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, isManual(this) ? wooviManual : woovi);
	}
}
