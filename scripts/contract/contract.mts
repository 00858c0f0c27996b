import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialType,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import {
	FORBIDDEN_SOURCE,
	ignored,
	KEYS_UNAVAILABLE,
	NOT_A_JSON_OBJECT,
	RECEIVED,
	UNAUTHORIZED,
	UNAVAILABLE,
} from '../../nodes/core/answers';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import { schemas, type ObjectSchema, type ValueSchema } from '../schemas/schema.mts';

/** What saved workflows, saved credentials and the providers depend on. */
export type Contract = {
	/** The package version that promised it. */
	version: string;
	/** By name and version of the node: a new version of a node is a promise of its own. */
	nodes: JsonObject;
	credentials: JsonObject;
	/** The keys of what a node returns, in their order, with their types; by the node's folder and version. */
	items: Record<string, Record<string, string>>;
	/** What a provider is answered. */
	answers: Record<string, string>;
};

interface Loaded {
	nodes: Record<string, new () => INodeType>;
	credentials: Record<string, new () => ICredentialType>;
}

/** As JSON keeps it: without what is undefined. */
const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** Whether a version of the node has this parameter, whatever else has to be chosen for it to show. */
function isInVersion(property: INodeProperties, version: number): boolean {
	const { show, hide } = property.displayOptions ?? {};
	const displayOptions = {
		...(show?.['@version'] && { show: { '@version': show['@version'] } }),
		...(hide?.['@version'] && { hide: { '@version': hide['@version'] } }),
	};
	const byVersion = { ...property, displayOptions };
	return NodeHelpers.displayParameter({}, byVersion, { typeVersion: version }, null);
}

/** Where several parameters have one name, it is the resource and the operation that tell them apart. */
function keyOf(property: INodeProperties, all: INodeProperties[], before: string): string {
	const path = `${before}${property.name}`;
	if (all.filter(({ name }) => name === property.name).length === 1) return path;
	const { '@version': _, ...shown } = property.displayOptions?.show ?? {};
	const where = Object.values(shown).map((values) => (values ?? []).join('|'));
	return `${path} (${where.join(', ')})`;
}

/** Parameters by their paths, those inside a collection after it. */
function parametersOf(
	properties: INodeProperties[],
	version: number,
	before = '',
): Array<[string, JsonObject]> {
	const present = properties.filter((property) => isInVersion(property, version));
	return present.flatMap((property) => {
		const options = property.options ?? [];
		const values = options.flatMap((option) => ('value' in option ? [option.value] : []));
		const contract = plain({
			type: property.type,
			default: property.default ?? null,
			required: property.required || undefined,
			// Hidden in the editor.
			secret: property.typeOptions?.password || undefined,
			// What a user can choose.
			values: values.length > 0 ? values : undefined,
		});
		const key = keyOf(property, present, before);
		const fields = options.flatMap((option) => ('type' in option ? [option] : []));
		const groups = options.flatMap((option) => ('values' in option ? [option] : []));
		return [
			[key, contract],
			...parametersOf(fields, version, `${key}.`),
			...groups.flatMap((group) => parametersOf(group.values, version, `${key}.${group.name}.`)),
		];
	});
}

/** A record of entries, none of which may hide another. */
function recordOf<T>(entries: Array<[string, T]>): Record<string, T> {
	const record = Object.fromEntries(entries);
	const names = entries.map(([name]) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw new Error(`The contract has ${twice} twice. Tell them apart.`);
	return record;
}

/** The outputs of a trigger, as the editor draws them. */
export function drawOutputs(
	outputs: `={{${string}}}`,
	parameters: object,
): Array<{ type: string; displayName?: string }> {
	const draw = new Function('$parameter', `return ${outputs.slice('={{'.length, -'}}'.length)}`);
	return draw(parameters);
}

/** The events in the order of their outputs, where each has one of its own. */
function outputsOf({ outputs, properties }: INodeTypeDescription): string[] | undefined {
	if (typeof outputs !== 'string') return undefined;
	const labels = (events: string[]) =>
		drawOutputs(outputs, { outputMode: 'perEvent', events, customEvents: '' }).map(
			({ displayName }) => displayName,
		);
	const events = properties.find(({ name }) => name === 'events')?.options ?? [];
	const codes = events.flatMap((option) => ('value' in option ? [String(option.value)] : []));
	const all = labels(['*']);
	return codes
		.filter((code) => code !== '*')
		.sort((a, b) => all.indexOf(labels([a])[0]) - all.indexOf(labels([b])[0]));
}

/** The contract of each version of a node. */
const nodeContracts = ({ description }: INodeType) =>
	[description.version].flat().map((version): [string, JsonObject] => [
		`${description.name}@${version}`,
		plain({
			displayName: description.displayName,
			credentials: (description.credentials ?? []).map(({ name }) => name),
			// The URLs that providers know.
			webhooks: description.webhooks,
			outputs: outputsOf(description),
			parameters: recordOf(parametersOf(description.properties, version)),
		}),
	]);

const typesOf = ({ type }: ValueSchema) => [type].flat().join(' or ');

/** The keys of what a schema describes, in their order. */
function keysOf({ properties }: ObjectSchema, before = ''): Array<[string, string]> {
	return Object.entries(properties).flatMap(([key, part]): Array<[string, string]> => {
		const path = `${before}${key}`;
		if ('properties' in part) return [[path, 'object'], ...keysOf(part, `${path}.`)];
		if (!('items' in part)) return [[path, typesOf(part)]];
		if (!('properties' in part.items)) return [[path, `array of ${typesOf(part.items)}`]];
		return [[path, 'array'], ...keysOf(part.items, `${path}[].`)];
	});
}

const itemContracts = (): Contract['items'] =>
	Object.fromEntries(
		Object.entries(schemas)
			.map(([file, schema]): [string, Record<string, string>] => [
				file.replace(/^nodes\//, '').replace(/__schema__\/|\.json$/g, ''),
				Object.fromEntries(keysOf(schema)),
			])
			// By name: file systems list the providers in different orders.
			.sort(),
	);

/** Texts of errors may change; that there is one, and its status, may not. */
const answerContracts = (): Contract['answers'] => ({
	accepted: `200 ${JSON.stringify(RECEIVED)}`,
	...Object.fromEntries(
		(['test', 'event', 'filter', 'duplicate'] as const).map((reason) => [
			`ignored as ${reason}`,
			`200 ${JSON.stringify(ignored(reason))}`,
		]),
	),
	...Object.fromEntries(
		Object.entries({
			'wrong token': UNAUTHORIZED,
			'source not allowed': FORBIDDEN_SOURCE,
			'no JSON object': NOT_A_JSON_OBJECT,
			unavailable: UNAVAILABLE,
			'public keys unavailable': KEYS_UNAVAILABLE,
		}).map(([name, { status, body }]) => [name, `${status} {${Object.keys(body).join()}}`]),
	),
});

/** The contract of the package as it is built in dist/. Throws when it is not built. */
export function currentContract(): Contract {
	const require = createRequire(join(repositoryRoot, 'package.json'));
	const { version }: { version: string } = require('./package.json');
	const loaded: Loaded = require('./index.js');
	const credentials = Object.values(loaded.credentials).map((Type) => new Type());
	return {
		version,
		nodes: Object.fromEntries(
			Object.values(loaded.nodes).flatMap((Type) => nodeContracts(new Type())),
		),
		credentials: Object.fromEntries(
			credentials.map(({ name, properties }) => [name, recordOf(parametersOf(properties, 1))]),
		),
		items: itemContracts(),
		answers: answerContracts(),
	};
}
