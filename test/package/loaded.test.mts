import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import type { INodeType } from 'n8n-workflow';
import { drawOutputs } from '../../scripts/contract/contract.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

interface Manifest {
	homepage: string;
	n8n: { nodes: string[]; credentials: string[]; n8nNodesApiVersion: number };
}
const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as Manifest;

const loader = new PackageDirectoryLoader(repositoryRoot);
beforeAll(async () => await loader.loadAll());

const typeNames = (files: string[]) =>
	files.map((file) => {
		const [name = ''] = basename(file).split('.');
		return name.charAt(0).toLowerCase() + name.slice(1);
	});

function typeOf(name: string): INodeType {
	const { type } = loader.getNode(name);
	if ('nodeVersions' in type) throw new Error(`${name} has several versions.`);
	return type;
}

it('the package, loaded as n8n loads it, has all nodes and credentials that there are, and no others', () => {
	const { nodes, credentials, n8nNodesApiVersion } = manifest.n8n;
	const compiled = (folder: string, ending: string) =>
		readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith(ending))
			.map((file) => join('dist', folder, file.replace(/\.ts$/, '.js')));
	expect([...nodes].sort()).toEqual(compiled('nodes', '.node.ts').sort());
	expect([...credentials].sort()).toEqual(compiled('credentials', '.credentials.ts').sort());
	expect(n8nNodesApiVersion).toBe(1);
	expect(Object.keys(loader.nodeTypes).sort()).toEqual(typeNames(nodes).sort());
	expect(Object.keys(loader.credentialTypes).sort()).toEqual(typeNames(credentials).sort());
});

describe.each(typeNames(manifest.n8n.nodes))('%s', (name) => {
	it('says what to do while it listens, if it has a webhook', () => {
		const { displayName, webhooks, eventTriggerDescription } = typeOf(name).description;
		const provider = displayName.replace(/ Trigger$/, '');
		if (webhooks) expect(eventTriggerDescription).toContain(`Make ${provider} send an event`);
		else expect(eventTriggerDescription).toBeUndefined();
	});

	it('draws its outputs under labels that differ and that the canvas does not cut', () => {
		const { outputs } = typeOf(name).description;
		if (typeof outputs !== 'string') return expect(outputs).toEqual(['main']);
		expect(outputs.indexOf('}}')).toBe(outputs.length - '}}'.length);
		expect(drawOutputs(outputs, { outputMode: 'single', events: ['*'] })).toEqual([
			{ type: 'main' },
		]);
		const all = { outputMode: 'perEvent', events: ['*'], customEvents: '' };
		const labels = drawOutputs(outputs, all).map(({ displayName = '' }) => displayName);
		expect(new Set(labels).size).toBe(labels.length);
		for (const label of labels) expect(label.length).toBeLessThanOrEqual(11);
	});

	it('requires its credentials, and has the functions that its description names', () => {
		const { description, methods, webhook, webhookMethods } = typeOf(name);
		const { webhooks = [], credentials = [] } = description;
		for (const { required, testedBy } of credentials) {
			expect(required).toBe(true);
			if (testedBy === undefined) continue;
			expect(methods?.credentialTest).toHaveProperty(String(testedBy), expect.any(Function));
		}
		expect(typeof webhook).toBe(webhooks.length > 0 ? 'function' : 'undefined');
		expect(Object.keys(webhookMethods?.default ?? {})).toEqual(
			webhooks.length > 0 ? ['checkExists', 'create', 'delete'] : [],
		);
	});
});

it('every address of a documentation leads to the page of the provider in docs/', () => {
	const pageOf = (belongsTo: (provider: string, folder: string) => boolean) => {
		const page = senders.find(({ provider, folder }) => belongsTo(provider, folder))?.page;
		return existsSync(inRoot(`docs/${page}.md`))
			? `${manifest.homepage.replace('#readme', '')}/blob/main/docs/${page}.md`
			: 'no page';
	};
	for (const name of typeNames(manifest.n8n.credentials)) {
		const url = pageOf((provider) => name.startsWith(provider));
		expect([name, loader.getCredential(name).type.documentationUrl]).toEqual([name, url]);
	}
	for (const name of typeNames(manifest.n8n.nodes)) {
		const { sourcePath } = loader.getNode(name);
		const page = { url: pageOf((_, folder) => sourcePath.includes(`/${folder}/`)) };
		expect([name, typeOf(name).description.codex?.resources]).toEqual([
			name,
			{ primaryDocumentation: [page], credentialDocumentation: [page] },
		]);
	}
});
