import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { connect } from '../../testkit/live/harness.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

/** Labels that are known to be cut. */
const CUT: string[] = [];

const OWN = 'n8n-nodes-brazil-commerce.';

let n8n: N8nApi;
let editor: Editor;

beforeAll(async () => {
	n8n = await connect();
	editor = await Editor.open(n8n);
});
afterAll(async () => {
	await editor.close();
});

it.each(senders)(
	'$displayName offers its events with a line about each, and the canvas cuts no name of an output',
	async ({ provider, displayName, definition: { events } }) => {
		const { id } = await n8n.createWorkflow({
			name: `Outputs of ${displayName}`,
			nodes: [
				{
					name: 'Trigger',
					type: `${OWN}${provider}Trigger`,
					typeVersion: 2,
					parameters: { events: ['*'], outputMode: 'perEvent' },
				},
			],
			connections: {},
		});
		await editor.openWorkflow(id);
		const labels = events.map(({ label }) => (CUT.includes(label) ? `${label}…` : label));
		expect(await editor.outputNames('Trigger')).toEqual(labels);
		await editor.screenshot(`outputs-${provider}`);

		await editor.openNode('Trigger');
		const offered = await editor.options('events');
		expect(offered.at(0)?.name).toBe('All Events');
		expect(offered).toHaveLength(events.length + 1);
		expect(offered).toEqual(
			expect.arrayContaining(events.map(({ name, description }) => ({ name, description }))),
		);
	},
);

/** The schemas of the action nodes' operations. */
const schemas = [
	['Gen', 'gen'],
	['GestaoOnline', 'gestaoOnline'],
].flatMap(([folder = '', node = '']) => {
	const root = join(repositoryRoot, 'nodes', folder, '__schema__', 'v1.0.0');
	if (!existsSync(root)) return [];
	return readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name: resource }) =>
			readdirSync(join(root, resource)).map((file) => {
				const text = readFileSync(join(root, resource, file), 'utf8');
				const { properties }: { properties: Record<string, unknown> } = JSON.parse(text);
				return {
					node,
					resource,
					operation: file.replace('.json', ''),
					fields: Object.keys(properties),
				};
			}),
		);
});

it.each(schemas)(
	'a node after $node, $resource: $operation sees its fields before anything ran',
	async ({ node, resource, operation, fields }) => {
		const main = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
		const { id } = await n8n.createWorkflow({
			name: `Preview of ${resource}: ${operation}`,
			nodes: [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
				{
					name: 'Action',
					type: `${OWN}${node}`,
					typeVersion: 1,
					parameters: { resource, operation },
				},
				{ name: 'After', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
			],
			connections: { Start: main('Action'), Action: main('After') },
		});
		await editor.openWorkflow(id);
		await editor.openNode('After');
		await editor.input.getByText('Usually outputs the following fields').waitFor();
		const names = (await editor.fields(editor.input)).map(([name]) => name);
		// The list holds only what is in view.
		expect(names).toEqual(expect.arrayContaining(fields.slice(0, 3)));
		await editor.screenshot(`preview-${node}-${resource}-${operation}`);
	},
);
