import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { limited, requiredText, type Operation } from '../../core/action';
import { asObject, simplifyAnswer } from '../../core/actionAnswer';
import { pathOf, statusOf } from '../../core/api';
import { own, type Json, type JsonObject } from '../../core/json';
import { OTHER } from '../../core/provider';
import { textField } from '../../core/shape';
import { gen } from '../gen';
import { objectOf } from '../genApi';
import { eventsToRegister } from '../registration';
import { ask, credentialOf, entriesOf, listFields, shownFor, withoutAuthorization } from './common';
import type { Parameters } from './values';

/** Gen's page "Webhooks e Eventos", under "Cadastrando um webhook". */
export const webhookFields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'create',
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a webhook',
				description: 'Register a URL to which Gen sends events',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a webhook',
				description: 'Remove a registered URL, where the API of the account offers it',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many webhooks',
				description: 'Get many registered URLs, where the API of the account offers it',
			},
		],
		displayOptions: { show: { resource: ['webhook'] } },
	},
	{
		displayName: 'Target URL',
		name: 'target',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/webhooks/gen',
		description:
			'The address to which Gen sends the events. Gen sends the Webhook Token of the credential along, so that the receiver can tell who sends.',
		displayOptions: shownFor('webhook', 'create'),
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
		displayOptions: shownFor('webhook', 'create'),
	},
	{
		displayName: 'Custom Events',
		name: 'customEvents',
		type: 'string',
		default: '',
		placeholder: 'e.g. PAYMENT.PAID, ORDER.CREATED',
		description:
			'More events, comma-separated, as Gen names them. A pattern that ends in * takes every event that begins so.',
		displayOptions: shownFor('webhook', 'create'),
	},
	{
		displayName: 'Webhook ID',
		name: 'webhookId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 6c48f2e3-722a-8198-fffc-73b458502665',
		description: 'The ID that Gen gave the webhook when it was created',
		displayOptions: shownFor('webhook', 'delete'),
	},
	...listFields('webhook'),
];

/** What registers a webhook. Its secret is the credential's: a node's parameters are stored in the clear. */
export function webhookBody(parameters: Parameters, credential: Parameters): JsonObject {
	const target = String(own(parameters, 'target') ?? '').trim();
	if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
		throw new Error('Target URL is no address. Enter one as in https://example.com/webhooks/gen.');
	}
	const events = eventsToRegister(own(parameters, 'events'), own(parameters, 'customEvents'));
	if (events.length === 0) throw new Error('Events is empty. Choose one, or enter a custom event.');
	const authorization = String(own(credential, 'webhookToken') ?? '');
	if (authorization.trim() === '') {
		throw new Error(
			'The Gen API credential has no Webhook Token: enter a secret of your own there, which Gen then sends with every event.',
		);
	}
	return { webhook: { events, target, authorization } };
}

const create: Operation = async (context, itemIndex) => {
	const credential = await credentialOf(context, itemIndex);
	const parameters = {
		target: requiredText(context, 'target', itemIndex, 'Target URL'),
		events: context.getNodeParameter('events', itemIndex, []),
		customEvents: context.getNodeParameter('customEvents', itemIndex, ''),
	};
	const body = webhookBody(parameters, credential);
	const answer = await ask(context, credential, { method: 'POST', path: '/api/webhooks', body });
	return createdWebhook(answer);
};

/** The webhook that Gen answered with. No document shows it: without an ID, all that was answered is carried along. */
function createdWebhook(answer: Json): IDataObject {
	const webhook = objectOf(answer);
	const payload = withoutAuthorization(asObject(answer));
	const expected = { provider: 'Gen', subject: 'webhook' };
	const { values, problem } = simplifyAnswer({ id: textField('id') }, webhook, payload, expected);
	return values.id === null ? { ...values, ...problem } : withoutAuthorization(webhook);
}

const MANAGED_IN_PANEL = 'Manage webhooks in Gen under Perfil e preferências > Notificações.';

/** No document has the list of webhooks: an account whose API lacks it answers 404 or 405. */
const getAll: Operation = async (context, itemIndex) => {
	const credential = await credentialOf(context, itemIndex);
	const answer = await orExplained(
		ask(context, credential, { method: 'GET', path: '/api/webhooks' }),
		context,
		(status) =>
			status === 404 || status === 405
				? 'The API of this Gen account does not offer the list of webhooks'
				: undefined,
	);
	return limited(context, itemIndex, entriesOf(answer)).map(withoutAuthorization);
};

/** No document has the removal of webhooks: an account whose API lacks it answers 405, or 404 as for an unknown ID. */
const remove: Operation = async (context, itemIndex) => {
	const credential = await credentialOf(context, itemIndex);
	const id = requiredText(context, 'webhookId', itemIndex, 'Webhook ID');
	await orExplained(
		ask(context, credential, { method: 'DELETE', path: pathOf`/api/webhooks/${id}` }),
		context,
		(status) => {
			if (status === 405) return 'The API of this Gen account does not offer to delete webhooks';
			if (status !== 404) return undefined;
			return 'Gen has no webhook with this ID, or does not offer to delete webhooks';
		},
	);
	return { id, deleted: true };
};

/** The answer, or an error that says what its status means where `explain` knows it. */
async function orExplained(
	answer: Promise<Json>,
	context: IExecuteFunctions,
	explain: (status: number | undefined) => string | undefined,
): Promise<Json> {
	return await answer.catch((error: Error) => {
		const message = explain(statusOf(error));
		if (message === undefined) throw error;
		throw new NodeOperationError(context.getNode(), message, { description: MANAGED_IN_PANEL });
	});
}

export const webhookOperations = { create, delete: remove, getAll };
