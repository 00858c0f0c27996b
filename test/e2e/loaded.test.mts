import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { connect } from '../../testkit/live/harness.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

// What the package declares, as n8n loads it, stands in test/package/loaded.test.mts.

const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
};
const namesOf = (files: string[]) =>
	files.map((file) => {
		const [name = ''] = basename(file).split('.');
		return name.charAt(0).toLowerCase() + name.slice(1);
	});

interface LoadedType {
	name: string;
	iconUrl: { light: string; dark: string };
}

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

const named = async (kind: 'nodes' | 'credentials') =>
	new Map(((await n8n.getTypes(kind)) as LoadedType[]).map((type) => [type.name, type]));

it('n8n serves a light and a dark icon of every node and credential', async () => {
	const [nodes, credentials] = [await named('nodes'), await named('credentials')];
	const types = [
		...namesOf(manifest.n8n.nodes).map((name) => nodes.get(`${manifest.name}.${name}`)),
		...namesOf(manifest.n8n.credentials).map((name) => credentials.get(name)),
	];
	for (const type of types) {
		const icons = [type?.iconUrl.light, type?.iconUrl.dark].map(async (path) => {
			const icon = await request({ url: `${n8n.url}/${path}`, method: 'GET' });
			expect([path, icon.headers['content-type']]).toEqual([
				path,
				expect.stringContaining('image/svg'),
			]);
			return icon.body;
		});
		expect(new Set(await Promise.all(icons)).size).toBe(2);
	}
});

it('n8n offers the action nodes as tools for agents, and no trigger', () => {
	const nodes = new Set(n8n.session.nodes.map(({ name }) => name));
	for (const name of namesOf(manifest.n8n.nodes)) {
		const isTool = nodes.has(`${manifest.name}.${name}Tool`);
		expect([name, isTool]).toEqual([name, !name.endsWith('Trigger')]);
	}
});
