import type { IDataObject } from 'n8n-workflow';
import type { ActionOperation } from '../../../core/action';
import { asObject, simplifyAnswer } from '../../../core/actionAnswer';
import { own, type Json, type JsonObject } from '../../../core/json';
import { parametersOf, requiredText, type Parameters } from '../../../core/parameters';
import { OTHER } from '../../../core/provider';
import { textField } from '../../../core/shape';
import { gen } from '../../gen';
import { checkWebhookToken, objectOf } from '../../genApi';
import { eventsToRegister } from '../../wanted';
import { withoutAuthorization } from '../answer';
import { ask, credentialOf } from '../request';

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
		const credential = await credentialOf(context, itemIndex);
		const parameters = {
			...parametersOf(context, itemIndex, ['events', 'customEvents']),
			target: requiredText(context, 'target', itemIndex, 'Target URL'),
		};
		const body = webhookBody(parameters, credential);
		const answer = await ask(context, credential, { method: 'POST', path: '/api/webhooks', body });
		return createdWebhook(answer);
	},
};

/** What registers a webhook. Its secret is the credential's: a node's parameters are stored in the clear. */
export function webhookBody(parameters: Parameters, credential: Parameters): JsonObject {
	const target = String(own(parameters, 'target') ?? '').trim();
	if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
		throw new Error('Target URL must be a web address such as https://example.com/webhooks/gen.');
	}
	const events = eventsToRegister(own(parameters, 'events'), own(parameters, 'customEvents'));
	if (events.length === 0) throw new Error('Events is empty. Choose one, or enter a custom event.');
	const authorization = String(own(credential, 'webhookToken') ?? '');
	checkWebhookToken(authorization);
	return { webhook: { events, target, authorization } };
}

/** The webhook that Gen answered with. No document shows it: without an ID, all that was answered is carried along. */
function createdWebhook(answer: Json): IDataObject {
	const webhook = objectOf(answer);
	const payload = withoutAuthorization(asObject(answer));
	const expected = { provider: 'Gen', subject: 'webhook' };
	const { values, problem } = simplifyAnswer({ id: textField('id') }, webhook, payload, expected);
	return values.id === null ? { ...values, ...problem } : withoutAuthorization(webhook);
}
