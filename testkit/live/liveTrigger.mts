import { randomBytes, randomUUID } from 'node:crypto';
import type { N8nApi, WorkflowNode } from '../n8n/api.mts';
import type { JsonObject, Sender } from '../providers/senders.mts';

export const TRIGGER = 'Trigger';

/** A token as a user should make it: 32 characters that survive a URL. */
export const newToken = () => randomBytes(24).toString('base64url');

/** An active workflow that begins with a provider's trigger, each output of which leads to a node of its own. */
export interface LiveTrigger {
	n8n: N8nApi;
	sender: Sender;
	token: string;
	url: string;
	workflowId: string;
	credentialId: string;
}

export interface TriggerSettings {
	parameters?: JsonObject;
	token?: string;
	/** More fields of the credential. */
	credential?: Record<string, unknown>;
	/** How many outputs the parameters make. */
	outputs?: number;
	/** The nodes after the first output, in a row, in place of one after each output. */
	chain?: WorkflowNode[];
}

/** Creates a credential and a workflow with the provider's trigger, and activates it. */
export async function liveTrigger(
	n8n: N8nApi,
	sender: Sender,
	{
		parameters = {},
		token = newToken(),
		credential = {},
		outputs = 1,
		chain,
	}: TriggerSettings = {},
): Promise<LiveTrigger> {
	const { id, name } = await n8n.createCredential(
		sender.credentialType,
		`${sender.provider} test`,
		{
			...sender.credentialData(token),
			...credential,
		},
	);
	const after = Array.from({ length: outputs }, (_, index) => ({
		name: `After output ${index}`,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
	}));
	const to = (nodes: WorkflowNode[]) => nodes.map(({ name: node }) => leadTo(node));
	const inARow = (nodes: WorkflowNode[]) =>
		nodes.slice(1).map((next, index) => [nodes[index]?.name, { main: to([next]) }]);
	const webhookId = randomUUID();
	const workflow = await n8n.createWorkflow({
		name: `${sender.provider} ${webhookId}`,
		nodes: [
			{
				name: TRIGGER,
				type: sender.nodeType,
				typeVersion: 2,
				webhookId,
				parameters: { ...sender.nodeParameters, ...parameters },
				credentials: { [sender.credentialType]: { id, name } },
			},
			...(chain ?? after),
		],
		connections: {
			[TRIGGER]: { main: to(chain?.slice(0, 1) ?? after) },
			...Object.fromEntries(inARow(chain ?? [])),
		},
	});
	await n8n.activate(workflow.id);
	return {
		n8n,
		sender,
		token,
		url: n8n.webhookUrl(webhookId),
		workflowId: workflow.id,
		credentialId: id,
	};
}

const leadTo = (node: string) => [{ node, type: 'main', index: 0 }];
