import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { connect } from '../../testkit/live/harness.mts';
import { isFullMatrix } from '../../testkit/live/matrix.mts';
import { senderOf, senders } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

const PACKAGE = 'n8n-nodes-brazil-commerce';
/** A person looks at the first results only. */
const PLACES = 5;

let n8n: N8nApi;
let editor: Editor;
beforeAll(async () => {
	n8n = await connect();
	editor = await Editor.open(n8n);
});
afterAll(async () => await editor.close());

it.each(isFullMatrix ? senders : [senderOf('gestaoOnline')])(
	'$displayName offers its events with a line about each, and the canvas cuts no name of an output',
	async ({ provider, nodeType, definition: { events } }) => {
		const parameters = { events: ['*'], outputMode: 'perEvent' };
		const { id } = await n8n.createWorkflow({
			name: `Outputs of ${provider}`,
			nodes: [{ name: 'Trigger', type: nodeType, typeVersion: 2, parameters }],
			connections: {},
		});
		await editor.openWorkflow(id);
		expect(await editor.outputNames('Trigger')).toEqual(events.map(({ label }) => label));
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
const schemas = ['Gen', 'GestaoOnline'].flatMap((folder) => {
	const root = join(repositoryRoot, 'nodes', folder, '__schema__', 'v1.0.0');
	return readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json'))
		.map((file) => {
			const [resource = '', operation = ''] = file.replace('.json', '').split(/[\\/]/);
			const schema: { properties: object } = JSON.parse(readFileSync(join(root, file), 'utf8'));
			const node = folder.charAt(0).toLowerCase() + folder.slice(1);
			return { node, resource, operation, fields: Object.keys(schema.properties) };
		});
});

it.each(isFullMatrix ? schemas : schemas.slice(0, 1))(
	'a node after $node, $resource: $operation sees its fields before anything ran',
	async ({ node, resource, operation, fields }) => {
		const main = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
		const { id } = await n8n.createWorkflow({
			name: `Preview of ${resource}: ${operation}`,
			nodes: [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
				{
					...{ name: 'Action', type: `${PACKAGE}.${node}`, typeVersion: 1 },
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

/** n8n shows a trigger and an action of one name as one entry, and leaves the word Trigger out. */
const entries = [
	...senders.map(({ displayName, provider, searchWords }) => ({
		entry: displayName,
		icon: provider,
		words: searchWords,
	})),
	{ entry: 'Gen Event Log', icon: 'gen', words: ['event log', 'genpag'] },
];

it('the panel of the first step finds each trigger among the first, with its icon', async () => {
	await editor.newWorkflow('Node panel');
	await editor.openNodePanel();
	for (const { entry, icon, words } of entries) {
		for (const word of isFullMatrix ? [entry, ...words] : words.slice(0, 1)) {
			const found = await editor.find(word, entry);
			expect({ word, isAmongFirst: found.place < PLACES }).toEqual({ word, isAmongFirst: true });
			expect(found.icon).toMatch(new RegExp(`/${icon}\\.svg$`));
		}
	}
	await editor.theme('dark');
	for (const { entry, icon } of isFullMatrix ? entries : entries.slice(-1)) {
		expect((await editor.find(entry, entry)).icon).toMatch(new RegExp(`/${icon}\\.dark\\.svg$`));
	}
	await editor.theme('light');
});
