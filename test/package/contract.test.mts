import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { repositoryRoot } from '../../scripts/n8n/paths.mts';
import { contracts } from '../providers/contracts.mts';
import { build } from './built.mts';

/**
 * What saved workflows and credentials depend on, typed by hand: a change breaks them. What else they depend on, down to
 * each field of a collection and each key of an item, is in contract.json: see versioning.test.mts.
 */
const TRIGGERS = contracts.map(({ trigger }) => trigger);
const OTHER_NODES = contracts.flatMap(({ otherNodes = [] }) => otherNodes);
const CREDENTIALS = contracts.flatMap(({ credentials }) => credentials);
const COMMON_OPTIONS = { duplicateWindow: 600, includePayload: false, ipAllowlist: '' };

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

interface Manifest {
	version: string;
	n8n: { nodes: string[]; credentials: string[]; n8nNodesApiVersion: number };
}
const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as Manifest;

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;
const isProperty = (option: Option): option is INodeProperties => 'type' in option;

/** Names and defaults, in the order in which the editor shows them. */
const defaultsOf = (properties: Option[]) =>
	Object.fromEntries(
		properties.filter(isProperty).map((property) => [property.name, property.default]),
	);
const valuesOf = (options: Option[]) =>
	options.map((option) => ('value' in option ? option.value : undefined));

let loader: PackageDirectoryLoader;

function descriptionOf(name: string) {
	const { type } = loader.getNode(name);
	if ('nodeVersions' in type) throw new Error(`${name} has several versions.`);
	return type.description;
}

function optionsOf(node: string, property: string): Option[] {
	return descriptionOf(node).properties.find(({ name }) => name === property)?.options ?? [];
}

beforeAll(async () => {
	build();
	loader = new PackageDirectoryLoader(repositoryRoot);
	await loader.loadAll();
}, 120_000);

describe('the package, loaded as n8n loads it', () => {
	it('has these nodes and credentials and no others', () => {
		const nodes = [...TRIGGERS, ...OTHER_NODES].map(({ name }) => name);
		expect(Object.keys(loader.nodeTypes).sort()).toEqual(nodes.sort());
		expect(Object.keys(loader.credentialTypes).sort()).toEqual(
			CREDENTIALS.map(({ name }) => name).sort(),
		);
	});

	it('has files for all that package.json names, and names all files that there are', () => {
		const { nodes, credentials, n8nNodesApiVersion } = manifest.n8n;
		for (const file of [...nodes, ...credentials])
			expect([file, existsSync(inRoot(file))]).toEqual([file, true]);
		const sources = (folder: string, ending: string) =>
			readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
				.filter((file) => file.endsWith(ending))
				.map((file) => join('dist', folder, file.replace(/\.ts$/, '.js')));
		expect([...nodes].sort()).toEqual(sources('nodes', '.node.ts').sort());
		expect([...credentials].sort()).toEqual(sources('credentials', '.credentials.ts').sort());
		expect(n8nNodesApiVersion).toBe(1);
	});

	it('has the same classes for those who require it', () => {
		const required: unknown = createRequire(inRoot('package.json'))(repositoryRoot);
		const classNames = (files: string[]) => files.map((file) => basename(file).split('.')[0]);
		expect(required).toEqual({
			nodes: expect.anything(),
			credentials: expect.anything(),
		});
		const { nodes, credentials } = required as Record<string, Record<string, unknown>>;
		expect(Object.keys(nodes ?? {})).toEqual(classNames(manifest.n8n.nodes));
		expect(Object.keys(credentials ?? {})).toEqual(classNames(manifest.n8n.credentials));
		const { known } = loader;
		const loaded = (types: typeof known.nodes) =>
			Object.values(types).map(({ className }) => className);
		expect(Object.keys(nodes ?? {})).toEqual(loaded(known.nodes));
		expect(Object.keys(credentials ?? {})).toEqual(loaded(known.credentials));
	});
});

describe.each(TRIGGERS)('$displayName', ({ name, displayName, credentials, ...expected }) => {
	it('has the name, version and webhook that saved workflows depend on', () => {
		expect(descriptionOf(name)).toMatchObject({
			name,
			displayName,
			version: 2,
			group: ['trigger'],
			inputs: [],
			defaults: { name: displayName },
			credentials,
		});
		expect(descriptionOf(name).webhooks).toEqual([
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'webhook',
				responseMode: 'onReceived',
				responseData: '',
			},
		]);
	});

	it('has these parameters with these defaults, in this order', () => {
		const properties = defaultsOf(descriptionOf(name).properties);
		expect(properties).toEqual(expected.parameters);
		expect(Object.keys(properties)).toEqual(Object.keys(expected.parameters));
	});

	it('offers all events, every documented one, and the rest', () => {
		const offered = valuesOf(optionsOf(name, 'events'));
		expect(offered[0]).toBe('*');
		expect(offered.at(-1)).toBe('other');
		expect([...offered].sort()).toEqual(['*', ...expected.events].sort());
		expect(descriptionOf(name).properties).toContainEqual(
			expect.objectContaining({
				name: 'events',
				displayName: 'Trigger On',
				required: !('customEvents' in expected.parameters),
			}),
		);
		expect(valuesOf(optionsOf(name, 'outputMode')).sort()).toEqual(['perEvent', 'single']);
	});

	it('has these options and filters with these defaults', () => {
		expect(defaultsOf(optionsOf(name, 'options'))).toEqual({
			...COMMON_OPTIONS,
			...expected.options,
		});
		expect(defaultsOf(optionsOf(name, 'filters'))).toEqual(expected.filters);
		expect(Object.keys(defaultsOf(optionsOf(name, 'filters')))).toEqual(
			Object.keys(expected.filters),
		);
	});

	it('draws an output per event in the documented order, under labels that the canvas does not cut', () => {
		const { outputs } = descriptionOf(name);
		if (typeof outputs !== 'string') throw new Error('The outputs are no expression.');
		const inner = outputs.slice('={{'.length, -'}}'.length);
		expect(inner).not.toContain('}}');
		const draw: unknown = new Function('$parameter', `return ${inner}`);
		if (typeof draw !== 'function') throw new Error('The outputs cannot be drawn.');
		expect(draw({ outputMode: 'single', events: ['*'] })).toEqual([{ type: 'main' }]);
		const drawn = (events: string[]): Array<{ type: string; displayName: string }> =>
			draw({ outputMode: 'perEvent', events, customEvents: '' });
		const all = drawn(['*']);
		expect(all).toEqual(expected.events.map((event) => drawn([event])[0]));
		const labels = all.map((output) => output.displayName);
		expect(new Set(labels).size).toBe(labels.length);
		for (const label of labels) expect(label.length).toBeLessThanOrEqual(11);
	});

	it('has its light and dark icon and its codex file beside it', () => {
		const { iconUrl, codex } = descriptionOf(name);
		if (typeof iconUrl !== 'object') throw new Error('The icon is not a light and a dark one.');
		const icons = Object.values(iconUrl).map((url) => url.replace(/^icons\/[^/]+\//, ''));
		expect(icons).toHaveLength(2);
		for (const icon of icons) expect([icon, statSync(inRoot(icon)).size > 0]).toEqual([icon, true]);
		expect(codex?.categories?.length).toBeGreaterThan(0);
		expect(codex?.alias).toContain('brazil');
		const { sourcePath } = loader.getNode(name);
		const file = readFileSync(inRoot(sourcePath.replace(/\.js$/, '.json')), 'utf8');
		expect(JSON.parse(file)).toMatchObject({
			node: `n8n-nodes-brazil-commerce.${name}`,
			nodeVersion: '2.0',
			codexVersion: '1.0',
		});
	});

	it('has the functions that its description names', async () => {
		const { type } = loader.getNode(name);
		if ('nodeVersions' in type) throw new Error(`${name} has several versions.`);
		expect(typeof type.webhook).toBe('function');
		expect(typeof type.methods?.credentialTest?.testToken).toBe('function');
		expect(Object.keys(type.webhookMethods?.default ?? {})).toEqual([
			'checkExists',
			'create',
			'delete',
		]);
	});
});

describe.each(OTHER_NODES)('$displayName', ({ name, displayName, credential, ...expected }) => {
	it('has the name, version and credential that saved workflows depend on', () => {
		expect(descriptionOf(name)).toMatchObject({
			name,
			displayName,
			version: 1,
			group: [expected.isTrigger ? 'trigger' : 'transform'],
			defaults: { name: displayName },
		});
		expect(descriptionOf(name).usableAsTool).toBe(expected.isTrigger ? undefined : true);
		expect(descriptionOf(name).credentials).toMatchObject([{ name: credential, required: true }]);
	});

	it('has these parameters with these defaults', () => {
		const { operation: _, ...parameters } = defaultsOf(descriptionOf(name).properties);
		const { operation: __, ...expectedParameters } = {
			operation: '',
			...expected.parameters,
		};
		expect(parameters).toEqual(expectedParameters);
	});

	it('has these operations', () => {
		const offered = descriptionOf(name)
			.properties.filter((property) => property.name === 'operation')
			.map(({ displayOptions, options = [] }) => [
				displayOptions?.show?.resource?.[0],
				valuesOf(options),
			]);
		expect(Object.fromEntries(offered)).toEqual(expected.operations);
	});

	it('has its codex file beside it', () => {
		const { sourcePath } = loader.getNode(name);
		const file = readFileSync(inRoot(sourcePath.replace(/\.js$/, '.json')), 'utf8');
		expect(JSON.parse(file)).toMatchObject({
			node: `n8n-nodes-brazil-commerce.${name}`,
			nodeVersion: '1.0',
		});
		expect(descriptionOf(name).codex?.alias).toContain('brazil');
	});
});

describe.each(CREDENTIALS)('$displayName', ({ name, displayName, fields, secrets }) => {
	it('has the name and the fields that saved credentials depend on', () => {
		const { type } = loader.getCredential(name);
		expect(type).toMatchObject({ name, displayName });
		const defaults = defaultsOf(type.properties);
		expect(defaults).toEqual(fields);
		expect(Object.keys(defaults)).toEqual(Object.keys(fields));
	});

	it('hides its secrets in the editor', () => {
		const hidden = loader
			.getCredential(name)
			.type.properties.filter(({ typeOptions }) => typeOptions?.password === true);
		expect(hidden.map((property) => property.name)).toEqual(secrets);
	});

	it('has its light and dark icon', () => {
		const { iconUrl } = loader.getCredential(name).type;
		if (typeof iconUrl !== 'object') throw new Error('The icon is not a light and a dark one.');
		const icons = Object.values(iconUrl).map((url) => url.replace(/^icons\/[^/]+\//, ''));
		for (const icon of icons) expect([icon, existsSync(inRoot(icon))]).toEqual([icon, true]);
		expect(icons).toHaveLength(2);
	});
});
