import { randomBytes, randomUUID } from 'node:crypto';
import type { N8nApi, WorkflowNode } from '../n8n/api.mts';
import type { JsonObject, Sender } from '../providers/senders.mts';

export const TRIGGER = 'Trigger';

/** A token as a user should make it: 32 characters that survive a URL. */
export const newToken = () => randomBytes(24).toString('base64url');

/** An active workflow that begins with a provider's trigger. */
export interface LiveTrigger {
	n8n: N8nApi;
	sender: Sender;
	token: string;
	url: string;
	workflowId: string;
	credentialId: string;
}

interface TriggerSettings {
	parameters?: JsonObject;
	token?: string;
	/** More fields of the credential. */
	credential?: Record<string, unknown>;
	/** The nodes after the first output, in a row. */
	chain?: WorkflowNode[];
}

const AFTER: WorkflowNode = { name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1 };

/** Creates a credential and a workflow with the provider's trigger, and activates it. */
export async function liveTrigger(
	n8n: N8nApi,
	sender: Sender,
	{ parameters = {}, token = newToken(), credential = {}, chain = [AFTER] }: TriggerSettings = {},
): Promise<LiveTrigger> {
	const { credentialType, nodeParameters, nodeType, provider } = sender;
	const data = { ...sender.credentialData(token), ...credential };
	const { id, name } = await n8n.createCredential(credentialType, `${provider} test`, data);
	const webhookId = randomUUID();
	const trigger = {
		...{ name: TRIGGER, type: nodeType, typeVersion: 2, webhookId },
		parameters: { ...nodeParameters, ...parameters },
		credentials: { [credentialType]: { id, name } },
	};
	const nodes = [trigger, ...chain];
	const connections = chain.map(({ name: node }, index) => [
		nodes[index]?.name,
		{ main: [[{ node, type: 'main', index: 0 }]] },
	]);
	const workflow = await n8n.createWorkflow({
		name: `${provider} ${webhookId}`,
		nodes,
		connections: Object.fromEntries(connections),
	});
	await n8n.activate(workflow.id);
	const url = n8n.webhookUrl(webhookId);
	return { n8n, sender, token, url, workflowId: workflow.id, credentialId: id };
}
