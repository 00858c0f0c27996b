import type { N8nApi, WorkflowInput, WorkflowNode } from '../../testkit/n8n/api.mts';
import {
	exampleNames,
	pinnedItems,
	readExample,
	showcaseCredentials,
} from '../../testkit/live/examples.mts';
import { connect } from '../../testkit/live/harness.mts';
import { isFullMatrix } from '../../testkit/live/matrix.mts';
import { Editor } from '../../testkit/editor/editor.mts';

const PACKAGE = 'n8n-nodes-brazil-commerce';
const MAPPING = 'Mapping';

const examples = exampleNames
	.filter((name) => isFullMatrix || name === 'canceled-order')
	.map((name) => ({ name, workflow: readExample(name) }));
const pinned = examples.flatMap(({ name, workflow }) =>
	workflow.nodes
		.filter(
			(node) => node.type.startsWith(PACKAGE) && pinnedItems(workflow, node.name).length === 1,
		)
		.filter(({ type }) => type.endsWith('Trigger'))
		.map(({ name: trigger }) => ({ name, workflow, trigger })),
);

let n8n: N8nApi;
let editor: Editor;
let credentials: Map<string, WorkflowNode['credentials']>;
beforeAll(async () => {
	n8n = await connect();
	credentials = await showcaseCredentials(n8n);
	editor = await Editor.open(n8n);
});
afterAll(async () => await editor.close());

/** Opens the example with credentials. */
async function open(workflow: WorkflowInput): Promise<void> {
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(credentials.has(node.type) && { credentials: credentials.get(node.type) }),
		// Nobody waits for half an hour.
		...(node.type.endsWith('.wait') && { parameters: { amount: 1, unit: 'seconds' } }),
	}));
	const { id } = await n8n.createWorkflow({ ...workflow, nodes });
	await editor.openWorkflow(id);
}

/** The example with one more node after a trigger. */
function withMapping(workflow: WorkflowInput, trigger: string): WorkflowInput {
	const mapping: WorkflowNode = {
		name: MAPPING,
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [240, 320],
	};
	const { main } = workflow.connections[trigger] as { main: unknown[][] };
	const [first = [], ...others] = main;
	const outputs = [[...first, { node: MAPPING, type: 'main', index: 0 }], ...others];
	return {
		...workflow,
		nodes: [...workflow.nodes, mapping],
		connections: { ...workflow.connections, [trigger]: { main: outputs } },
	};
}

it.each(examples)('$name opens without warnings', async ({ name, workflow }) => {
	await open(workflow);
	const steps = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
	await editor.nodes.nth(steps.length - 1).waitFor();
	expect(await editor.nodes.count()).toBe(steps.length);
	expect(await editor.canvas.getByTestId('node-issues').count()).toBe(0);
	expect(await editor.messages.count()).toBe(0);
	await editor.screenshot(`example-${name}`);
});

it.each(pinned)('$name runs from $trigger, whose fields can be dragged', async (example) => {
	const { name, workflow, trigger } = example;
	await open(withMapping(workflow, trigger));
	await editor.openNode(MAPPING);
	const fields = editor.panel.getByTestId('assignment-collection-assignments');
	await editor.drag('.event', fields.getByTestId('assignment-collection-drop-area'));
	await fields.getByText('{{ $json.event }}').waitFor();
	await editor.closeNode();

	expect(await editor.run(trigger)).toMatch(/executed successfully/);
	expect(await editor.node(trigger).getByTestId('canvas-node-status-pinned').count()).toBe(1);
	await editor.node(MAPPING).getByTestId('canvas-node-status-success').waitFor();
	expect(await editor.canvas.getByTestId('node-issues').count()).toBe(0);
	await editor.openNode(MAPPING);
	expect(await editor.outputFields()).toEqual([['event', expect.stringMatching(/\w/)]]);
	await editor.screenshot(`example-${name}-mapped`);
});
