import type {
	ICredentialDataDecryptedObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeProperties,
} from 'n8n-workflow';
import { simplifyAnswer, type SimplifiedAnswer } from '../../core/actionAnswer';
import type { ApiCall } from '../../core/api';
import { unreadableWarning } from '../../core/item';
import { isJsonObject, type Json, type JsonObject } from '../../core/json';
import { redactor, type Redactor } from '../../core/redact';
import { acceptedTokens } from '../../core/token';
import { gen } from '../gen';
import { callGen, listOf } from '../genApi';
import type { Parameters } from './values';

/** Shown with these operations of a resource. */
export const shownFor = (resource: string, ...operation: string[]): IDisplayOptions => ({
	show: { resource: [resource], operation },
});

/** What an operation that gets a list has: how much of it. */
export const listFields = (resource: string): INodeProperties[] => [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: shownFor(resource, 'getAll'),
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { resource: [resource], operation: ['getAll'], returnAll: [false] } },
	},
];

export const simplifyField = (resource: string, ...operation: string[]): INodeProperties => ({
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: shownFor(resource, ...operation),
});

/** An entry of Additional Fields. */
export const externalIdField: INodeProperties = {
	displayName: 'External ID',
	name: 'externalId',
	type: 'string',
	default: '',
	placeholder: 'e.g. order-123',
	description: 'An ID in your own system. Gen repeats it in its answers and notifications.',
};

/** An entry of Additional Fields. */
export const extraFieldsField: INodeProperties = {
	displayName: 'Extra Fields',
	name: 'extraFields',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. {"name": "value"}',
	description:
		'A JSON object for what the documentation of Gen does not describe. Its fields are added to those of the node, and win over them.',
};

export const credentialOf = async (context: IExecuteFunctions, itemIndex: number) =>
	await context.getCredentials<ICredentialDataDecryptedObject>('genApi', itemIndex);

/** The values of parameters; empty texts for those that are not shown. */
export const parametersOf = (
	context: IExecuteFunctions,
	itemIndex: number,
	names: readonly string[],
): Parameters =>
	Object.fromEntries(names.map((name) => [name, context.getNodeParameter(name, itemIndex, '')]));

/** Removes the secrets of a credential that Gen may echo: it was given them with the webhooks. */
export const redactorOf = (credential: Parameters): Redactor =>
	redactor(acceptedTokens(gen.token, credential));

/** Calls Gen, and keeps the credential's webhook tokens out of what it answers. */
export async function ask(
	context: IExecuteFunctions,
	credential: Parameters,
	call: ApiCall,
): Promise<Json> {
	const answer = await callGen(context, call);
	return redactorOf(credential).payload({ answer }).payload.answer ?? null;
}

/** The entries of a list that Gen answered with. Throws where there is no list, or one entry is no object. */
export function entriesOf(answer: Json): JsonObject[] {
	const list = listOf(answer);
	if (!list) {
		throw new Error(
			'Gen answered with something that is no list. Check the environment in the Gen API credential.',
		);
	}
	return list.map((entry, index) => {
		if (isJsonObject(entry)) return entry;
		throw new Error(
			`Gen answered with a list whose entry ${index + 1} is no object. Check the environment in the Gen API credential.`,
		);
	});
}

/** A copy in which nothing under a key `authorization`, in whatever case, can be read. */
export function withoutAuthorization(object: JsonObject): JsonObject {
	const entries = Object.entries(object).map(([key, value]): [string, Json] =>
		key.toLowerCase() === 'authorization' ? [key, '[redacted]'] : [key, inside(value)],
	);
	return Object.fromEntries(entries);
}

function inside(value: Json): Json {
	if (Array.isArray(value)) return value.map(inside);
	return isJsonObject(value) ? withoutAuthorization(value) : value;
}

/**
 * Reads the order or payment that Gen answered with, as the trigger reads one. No document shows the answers to an
 * order, a capture and a refund.
 */
export function shapedAnswer(subject: 'order' | 'payment', answer: Json): SimplifiedAnswer {
	const { data, ...others } = isJsonObject(answer) ? answer : {};
	const object = data ?? answer;
	const isClash = Object.hasOwn(others, subject);
	const payload =
		object === answer || isClash ? { [subject]: answer } : { ...others, [subject]: object };
	const expected = { provider: 'Gen', subject };
	if (isJsonObject(object) || object === null || object === '') {
		return simplifyAnswer(gen.item, { [subject]: object }, payload, expected);
	}
	const { values } = simplifyAnswer(gen.item, { [subject]: {} }, payload, expected);
	return { values, problem: { warning: unreadableWarning([subject]), payload } };
}
