// What the pictures in docs/images show, so that a test can tell when one no longer shows what is there.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { exampleNames, readExample } from '../testkit/live/examples.mts';
import type { WorkflowInput, WorkflowNode } from '../testkit/n8n/api.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import { expectedItem } from '../testkit/providers/items.mts';
import { senderOf, senders, type Sender } from '../testkit/providers/senders.mts';

export const PICTURES = 'docs/images';
export const FINGERPRINTS = join(repositoryRoot, PICTURES, 'fingerprints.json');

/** What the pictures of the open triggers show; of any other provider, all events. */
const EVENTS: Readonly<Record<string, string[]>> = {
	gestaoOnline: ['ORDER_CREATED', 'TAX_INVOICE_CHANGE_STATUS', 'ORDER_DELIVERY_CHANGE_STATUS'],
	goatCom: ['CART_ABANDONED', 'ORDER_APPROVED'],
	troqueDevolva: ['request.created', 'request.delivered', 'request.done'],
	gen: ['PAYMENT.*', 'ORDER.*'],
};

export interface Picture {
	/** The file's name, without extension. */
	name: string;
	workflow: WorkflowInput;
	/** The trigger's provider, where the picture shows a trigger. */
	sender: Sender;
	/** What else it shows. */
	more?: unknown;
}

const triggerName = ({ displayName }: Sender) => `${displayName} Trigger`;

function triggerWorkflow(sender: Sender, parameters: WorkflowNode['parameters']): WorkflowInput {
	const { displayName, nodeType } = sender;
	const name = triggerName(sender);
	return {
		name: `${displayName} events`,
		nodes: [{ name, type: nodeType, typeVersion: 2, position: [0, 0], parameters }],
		connections: {},
	};
}

/** The open triggers, by `trigger-<provider>`. */
export const openTriggers: Picture[] = senders.map((sender) => ({
	name: `trigger-${sender.provider}`,
	sender,
	workflow: triggerWorkflow(sender, {
		events: EVENTS[sender.provider] ?? ['*'],
		outputMode: 'perEvent',
	}),
}));

/** A trigger on the canvas, with a node after each of its outputs. */
function outputsPicture(): Picture {
	const sender = senderOf('goatCom');
	const workflow = triggerWorkflow(sender, { events: sender.events, outputMode: 'perEvent' });
	const after = ['Reserve Stock', 'Ship It', 'Tell the Customer', 'Update Status', 'Win Back'];
	const nodes = after.map((name, index): WorkflowNode => {
		const position: [number, number] = [360, (index - 2) * 140];
		return { name, type: 'n8n-nodes-base.noOp', typeVersion: 1, position };
	});
	const main = after.map((node) => [{ node, type: 'main', index: 0 }]);
	return {
		name: 'outputs',
		sender,
		workflow: {
			...workflow,
			nodes: [...workflow.nodes, ...nodes],
			connections: { [triggerName(sender)]: { main } },
		},
	};
}
export const outputs = outputsPicture();

/** The open trigger with the item of a delivery. */
function itemPicture(): Picture & { event: string } {
	const sender = senderOf('troqueDevolva');
	const event = 'request.authorized';
	return {
		name: 'item',
		event,
		sender,
		workflow: triggerWorkflow(sender, { events: [event] }),
		more: expectedItem(sender.folder, event),
	};
}
export const item = itemPicture();

/** The canvas of each example, by `workflow-<example>`. */
export const canvases = exampleNames.map((example) => ({
	name: `workflow-${example}`,
	workflow: readExample(example),
}));

const { nodes: nodeTypes }: { nodes: Record<string, new () => INodeType> } = createRequire(
	join(repositoryRoot, 'package.json'),
)('./index.js');
const descriptions = Object.values(nodeTypes).map((Type) => new Type().description);

/** The texts of a description that the editor shows beside a parameter or in a list. */
function visibleTexts(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(visibleTexts);
	if (typeof value !== 'object' || value === null) return [];
	const { displayName, name } = value as { displayName?: string; name?: string };
	const own = displayName ?? ('value' in value ? name : undefined);
	return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(visibleTexts)];
}

/** The visible texts of those of this package's nodes that a workflow has. */
const textsIn = ({ nodes }: WorkflowInput) =>
	descriptions
		.filter(({ name }) => nodes.some(({ type }) => type.endsWith(`.${name}`)))
		.map(visibleTexts);

const fingerprint = (...shown: unknown[]) =>
	createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);

/** By picture, a hash of what it shows. Needs the package to be built. */
export function fingerprints(): Record<string, string> {
	const panel = descriptions.map(({ displayName, description }) => [displayName, description]);
	const entries = [
		['node-panel', fingerprint(panel)],
		...[...openTriggers, outputs, item].map(({ name, workflow, more }) => [
			name,
			fingerprint(workflow, textsIn(workflow), more),
		]),
		...canvases.map(({ name, workflow: { nodes, connections } }) => [
			name,
			fingerprint(nodes, connections),
		]),
	];
	return Object.fromEntries(entries);
}
