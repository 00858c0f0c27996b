import type { INodeProperties } from 'n8n-workflow';
import { own, type JsonObject } from '../../core/json';
import { parseJsonObject, mergeDeep } from '../../core/parameters';

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

/** A request's object with the user's Extra Fields, which win, merged into it. */
export const withExtraFields = (fields: JsonObject, additionalFields: JsonObject): JsonObject =>
	mergeDeep(fields, parseJsonObject(own(additionalFields, 'extraFields'), 'Extra Fields'));
