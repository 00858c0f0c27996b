import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { N8nApi, WorkflowInput, WorkflowNode } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { connect, newToken } from '../../testkit/live/harness.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

/** Whether some examples must have a trigger with pinned data. */
const EXPECT_PINNED = true;

const OWN = 'n8n-nodes-brazil-commerce.';
const MAPPING = 'Mapping';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder).map((file) => {
	const workflow: WorkflowInput = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	return { file, workflow };
});
const pinned = examples.flatMap(({ file, workflow }) =>
	workflow.nodes
		.map(({ name }) => name)
		.filter((name) => name.endsWith('Trigger') && workflow.pinData?.[name])
		.map((trigger) => ({ file, workflow, trigger })),
);

let n8n: N8nApi;
let editor: Editor;
let credentials: Map<string, WorkflowNode['credentials']>;

beforeAll(async () => {
	n8n = await connect();
	credentials = await ownCredentials();
	editor = await Editor.open(n8n);
});
afterAll(async () => {
	await editor.close();
});

/** A credential for every node of this package. Nothing is sent with them. */
async function ownCredentials() {
	const token = newToken();
	const genApi = { sellerId: 'example', refreshToken: 'example', webhookToken: token };
	const data: Array<[nodes: string[], type: string, data: Record<string, string>]> = [
		...senders
			.filter(({ provider }) => provider !== 'gen')
			.map((sender): [string[], string, Record<string, string>] => [
				[sender.nodeType],
				sender.credentialType,
				sender.credentialData(token),
			]),
		[
			[`${OWN}gestaoOnline`],
			'gestaoOnlineApi',
			{ apiKey: 'example', origin: 'https://store.example.com' },
		],
		[[`${OWN}gen`, `${OWN}genTrigger`, `${OWN}genEventLogTrigger`], 'genApi', genApi],
	];
	const byNode = new Map<string, WorkflowNode['credentials']>();
	for (const [nodes, type, fields] of data) {
		const { id, name } = await n8n.createCredential(type, 'Example', fields);
		for (const node of nodes) byNode.set(node, { [type]: { id, name } });
	}
	return byNode;
}

/** The example with credentials, and with a node after a trigger for the mapping. */
async function open(workflow: WorkflowInput, trigger?: string): Promise<void> {
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(credentials.has(node.type) && { credentials: credentials.get(node.type) }),
		// Nobody waits for half an hour.
		...(node.type.endsWith('.wait') && { parameters: { amount: 1, unit: 'seconds' } }),
	}));
	const added = { ...workflow, nodes };
	if (trigger) {
		nodes.push({
			name: MAPPING,
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [240, 320],
		});
		const after = { node: MAPPING, type: 'main', index: 0 };
		const [first = [], ...others] = outputsOf(workflow, trigger);
		added.connections = {
			...workflow.connections,
			[trigger]: { main: [[...first, after], ...others] },
		};
	}
	const { id } = await n8n.createWorkflow(added);
	await editor.openWorkflow(id);
}

/** What the outputs of a node lead to. */
function outputsOf({ connections }: WorkflowInput, node: string): unknown[][] {
	const from = connections[node];
	const isObject = typeof from === 'object' && from !== null && 'main' in from;
	return isObject && Array.isArray(from.main) ? from.main : [];
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

it('there are examples with pinned data', () => {
	expect(pinned.length > 0 || !EXPECT_PINNED).toBe(true);
});

const each = pinned.length > 0 ? it.each(pinned) : it.skip.each([]);

each('$file runs from $trigger, whose fields can be dragged', async (example) => {
	const { file, workflow, trigger } = example;
	await open(workflow, trigger);
	await editor.openNode(MAPPING);
	const fields = editor.panel.getByTestId('assignment-collection-assignments');
	await editor.drag('.event', fields.getByTestId('assignment-collection-drop-area'));
	await fields.getByText('{{ $json.event }}').waitFor();
	await editor.closeNode();

	expect(await editor.run(trigger)).toMatch(/executed successfully/);
	expect(await editor.node(trigger).getByTestId('canvas-node-status-pinned').count()).toBe(1);
	const mapped = editor.node(MAPPING);
	await mapped.getByTestId('canvas-node-status-success').waitFor();
	expect(await editor.canvas.getByTestId('node-issues').count()).toBe(0);
	await editor.openNode(MAPPING);
	expect(await editor.outputFields()).toEqual([['event', expect.stringMatching(/\w/)]]);
	await editor.screenshot(`example-${file.replace('.json', '')}-mapped`);
});
