import { randomUUID } from 'node:crypto';
import type { N8nApi, Workflow, WorkflowNode } from '../n8n/api.mts';
import { GenMockApi, type GenOptions } from '../mockApis/gen.mts';
import type { JsonObject } from '../providers/senders.mts';
import { eventually, newToken, TRIGGER } from './harness.mts';
import { PUBLIC_URL } from './ownN8n.mts';

export const GEN_TRIGGER = 'n8n-nodes-brazil-commerce.genTrigger';
export const GEN_EVENT_LOG_TRIGGER = 'n8n-nodes-brazil-commerce.genEventLogTrigger';

/** Poll Times of an event log trigger. */
export const EVERY_SECOND = { item: [{ mode: 'custom', cronExpression: '* * * * * *' }] };

/** A mock of Gen that delivers to this n8n. */
export async function startGen(n8n: N8nApi, options: GenOptions = {}): Promise<GenMockApi> {
	return await GenMockApi.start({
		retryDelayMs: 5,
		hosts: { [PUBLIC_URL]: n8n.url },
		...options,
	});
}

export interface GenCredential {
	id: string;
	name: string;
	webhookToken: string;
	/** What was saved. */
	data: Record<string, string>;
}

/** A credential for a mock's account. */
export async function genCredential(n8n: N8nApi, gen: GenMockApi): Promise<GenCredential> {
	const webhookToken = newToken();
	const data = gen.credential(webhookToken);
	const { id, name } = await n8n.createCredential('genApi', `Gen ${randomUUID()}`, data);
	return { id, name, webhookToken, data };
}

/** A workflow of one Gen trigger and a node after it, not active. */
export async function genWorkflow(
	n8n: N8nApi,
	type: string,
	credential: GenCredential,
	parameters: JsonObject = {},
): Promise<Workflow> {
	return await n8n.createWorkflow({
		name: `Gen ${randomUUID()}`,
		nodes: [
			{
				name: TRIGGER,
				type,
				typeVersion: type === GEN_TRIGGER ? 2 : 1,
				...(type === GEN_TRIGGER && { webhookId: randomUUID() }),
				parameters,
				credentials: { genApi: { id: credential.id, name: credential.name } },
			},
			{ name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1 },
		],
		connections: { [TRIGGER]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
	});
}

/** The trigger's node in a workflow. */
export function triggerIn(workflow: Workflow): WorkflowNode {
	const trigger = workflow.nodes.find(({ name }) => name === TRIGGER);
	if (!trigger) throw new Error('The workflow has no trigger.');
	return trigger;
}

/** The URL at which Gen reaches a workflow's trigger. */
export const targetOf = (workflow: Workflow) =>
	`${PUBLIC_URL}/webhook/${triggerIn(workflow).webhookId}/webhook`;

/** Waits until the event log was asked for a few times more. */
export async function polled(gen: GenMockApi, count = 2): Promise<void> {
	const polls = () => gen.requests.filter(({ path }) => path === '/api/events').length;
	const before = polls();
	await eventually(() => expect(polls()).toBeGreaterThanOrEqual(before + count));
}

/** A workflow's nodes, with changes to the one of that name. */
export const withNode = (
	workflow: Workflow,
	name: string,
	changes: Partial<WorkflowNode>,
): WorkflowNode[] =>
	workflow.nodes.map((node) => (node.name === name ? { ...node, ...changes } : node));

/** The changes to a workflow that give its trigger another name. */
export const renamed = (workflow: Workflow): Partial<Workflow> => ({
	nodes: withNode(workflow, TRIGGER, { name: 'Renamed' }),
	connections: { Renamed: workflow.connections[TRIGGER] },
});

/** Saves changed parameters of the trigger and publishes them. */
export async function republish(n8n: N8nApi, id: string, parameters: JsonObject): Promise<void> {
	const nodes = withNode(await n8n.getWorkflow(id), TRIGGER, { parameters });
	await n8n.updateWorkflow(id, { nodes });
	await n8n.activate(id);
}
