import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { toObject, simplifyAnswer } from '../../../core/actionAnswer';
import { checkWebhookToken, eventsToRegister } from '../../../core/desiredWebhooks';
import type { Json } from '../../../core/json';
import { readRequiredText } from '../../../core/parameters';
import { OTHER } from '../../../core/provider';
import { textField } from '../../../core/shape';
import { gen } from '../../gen';
import { unwrapObject } from '../../genApi';
import { genWebhooks } from '../../registration';
import { withoutAuthorization } from '../answer';
import { ask, getCredential } from '../request';

/** Gen's page "Webhooks e Eventos", under "Cadastrando um webhook". */
export const create: ActionOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create a webhook',
	description: 'Register a URL to which Gen sends events',
	properties: [
		{
			displayName: 'Target URL',
			name: 'target',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.com/webhooks/gen',
			description:
				'The address to which Gen sends the events. Gen sends the Webhook Token of the credential along, so that the receiver can tell who sends.',
		},
		{
			displayName: 'Events',
			name: 'events',
			type: 'multiOptions',
			default: ['PAYMENT.*', 'ORDER.*'],
			options: gen.events
				.filter(({ code }) => code !== OTHER)
				.map(({ code, name, description }) => ({ name, value: code, description }))
				.sort((a, b) => a.name.localeCompare(b.name)),
			description: 'The events that Gen sends',
		},
		{
			displayName: 'Custom Events',
			name: 'customEvents',
			type: 'string',
			default: '',
			placeholder: 'e.g. PAYMENT.PAID, ORDER.CREATED',
			description:
				'More events, comma-separated, as Gen names them. A pattern that ends in * takes every event that begins so.',
		},
	],
	async execute(context, itemIndex) {
		const credential = await getCredential(context, itemIndex);
		const target = readRequiredText(context, 'target', itemIndex, 'Target URL');
		if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
			throw new Error('Target URL must be a web address such as https://example.com/webhooks/gen.');
		}
		const events = eventsToRegister(
			genWebhooks,
			context.getNodeParameter('events', itemIndex, []),
			context.getNodeParameter('customEvents', itemIndex, ''),
		);
		if (events.length === 0) {
			throw new Error('Events is empty. Choose one, or enter a custom event.');
		}
		// The credential's, because n8n stores parameters unencrypted.
		const authorization = String(credential.webhookToken ?? '');
		checkWebhookToken(genWebhooks, authorization);
		const body = { webhook: { events, target, authorization } };
		const answer = await ask(context, credential, { method: 'POST', path: '/api/webhooks', body });
		return createdWebhook(answer);
	},
};

/** The item of the webhook in an answer. No document shows one: without an ID, the item has the whole answer. */
function createdWebhook(answer: Json): IDataObject {
	const webhook = unwrapObject(answer);
	const payload = withoutAuthorization(toObject(answer));
	const expected = { provider: 'Gen', subject: 'webhook' };
	const { values, problem } = simplifyAnswer({ id: textField('id') }, webhook, payload, expected);
	return values.id === null ? { ...values, ...problem } : withoutAuthorization(webhook);
}
