import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { N8nApi, WorkflowInput, WorkflowNode } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { connect, newToken } from '../../testkit/live/harness.mts';
import { isFullMatrix } from '../../testkit/live/matrix.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

const PACKAGE = 'n8n-nodes-brazil-commerce';
const MAPPING = 'Mapping';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder)
	.filter((file) => isFullMatrix || file === 'gen.json')
	.map((file) => {
		const workflow: WorkflowInput = JSON.parse(readFileSync(join(folder, file), 'utf8'));
		return { file, workflow };
	});
const pinned = examples.flatMap(({ file, workflow }) =>
	workflow.nodes
		.filter(({ name }) => name.endsWith('Trigger') && workflow.pinData?.[name])
		.map(({ name: trigger }) => ({ file, workflow, trigger })),
);

let n8n: N8nApi;
let editor: Editor;
let credentials: Map<string, WorkflowNode['credentials']>;
beforeAll(async () => {
	n8n = await connect();
	credentials = await createCredentials();
	editor = await Editor.open(n8n);
});
afterAll(async () => await editor.close());

/** Credentials by node type. Nothing is sent with them. */
async function createCredentials() {
	const token = newToken();
	const genApi = { sellerId: 'example', refreshToken: 'example', webhookToken: token };
	const store = { apiKey: 'example', origin: 'https://store.example.com' };
	const all: Array<[node: string, type: string, data: Record<string, string>]> = [
		...senders.map(({ nodeType, credentialType, credentialData }): (typeof all)[number] => [
			nodeType,
			credentialType,
			credentialData(token),
		]),
		[`${PACKAGE}.gestaoOnline`, 'gestaoOnlineApi', store],
		[`${PACKAGE}.gen`, 'genApi', genApi],
		[`${PACKAGE}.genTrigger`, 'genApi', genApi],
		[`${PACKAGE}.genEventLogTrigger`, 'genApi', genApi],
	];
	const byNode = new Map<string, WorkflowNode['credentials']>();
	for (const [node, type, data] of all) {
		const { id, name } = await n8n.createCredential(type, 'Example', data);
		byNode.set(node, { [type]: { id, name } });
	}
	return byNode;
}

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

it.each(examples)('$file opens without warnings', async ({ file, workflow }) => {
	await open(workflow);
	const steps = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
	await editor.nodes.nth(steps.length - 1).waitFor();
	expect(await editor.nodes.count()).toBe(steps.length);
	expect(await editor.canvas.getByTestId('node-issues').count()).toBe(0);
	expect(await editor.messages.count()).toBe(0);
	await editor.screenshot(`example-${file.replace('.json', '')}`);
});

it.each(pinned)('$file runs from $trigger, whose fields can be dragged', async (example) => {
	const { file, workflow, trigger } = example;
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
	await editor.screenshot(`example-${file.replace('.json', '')}-mapped`);
});
