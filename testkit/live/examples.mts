import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { N8nApi, Workflow, WorkflowInput, WorkflowNode } from '../n8n/api.mts';
import { repositoryRoot } from '../n8n/paths.mts';
import { senders, type JsonObject } from '../providers/senders.mts';
import { publishesErrorWorkflows } from './differences.mts';
import { newToken, type LiveTrigger } from './liveTrigger.mts';

const PACKAGE = 'n8n-nodes-brazil-commerce';

export const examplesFolder = join(repositoryRoot, 'examples');

/** The names of the workflows in `examples/`, without extensions. */
export const exampleNames = readdirSync(examplesFolder).map((file) => basename(file, '.json'));

export function readExample(name: string): WorkflowInput {
	return JSON.parse(readFileSync(join(examplesFolder, `${name}.json`), 'utf8')) as WorkflowInput;
}

/** The pinned json of a node. */
export const pinnedItems = ({ pinData = {} }: WorkflowInput, name: string): JsonObject[] =>
	((pinData[name] ?? []) as Array<{ json: JsonObject }>).map(({ json }) => json);

export interface LiveExample {
	workflow: Workflow;
	/** Its webhook triggers by provider. */
	triggers: Map<string, LiveTrigger>;
}

/** What a user would set in a node before publishing: credentials, other parameters, whether it is disabled. */
type Settings = (node: WorkflowNode) => Partial<WorkflowNode> | undefined;

/** Imports an example and activates it. Webhook triggers get a credential unless the settings have one. */
export async function activateExample(
	n8n: N8nApi,
	example: WorkflowInput,
	settings: Settings = () => undefined,
): Promise<LiveExample> {
	const tokens = new Map<string, { token: string; credentialId: string }>();
	const nodes: WorkflowNode[] = [];
	for (const node of example.nodes) {
		const set = { ...node, ...settings(node) };
		// The editor gives a pasted trigger one; of n8n's API only a newer one does.
		if (node.type.startsWith(PACKAGE)) set.webhookId = randomUUID();
		const sender = senders.find(({ nodeType }) => nodeType === node.type);
		if (sender && !set.credentials) {
			const token = newToken();
			const type = sender.credentialType;
			const { id, name } = await n8n.createCredential(type, type, sender.credentialData(token));
			tokens.set(node.name, { token, credentialId: id });
			set.parameters = { ...sender.nodeParameters, ...set.parameters };
			set.credentials = { [type]: { id, name } };
		}
		nodes.push(set);
	}
	const workflow = await n8n.createWorkflow({ ...example, nodes, pinData: {} });
	const isErrorWorkflow = nodes.some(({ type }) => type === 'n8n-nodes-base.errorTrigger');
	if (!isErrorWorkflow || publishesErrorWorkflows) await n8n.activate(workflow.id);
	const triggers = new Map<string, LiveTrigger>();
	for (const { name, type, webhookId = '' } of workflow.nodes) {
		const sender = senders.find(({ nodeType }) => nodeType === type);
		const known = tokens.get(name);
		if (!sender || !known) continue;
		const url = n8n.webhookUrl(webhookId);
		triggers.set(sender.provider, { n8n, sender, url, workflowId: workflow.id, ...known });
	}
	return { workflow, triggers };
}

/** Credentials by node type, for workflows that are looked at. No API is called with them. */
export async function showcaseCredentials(
	n8n: N8nApi,
	token = newToken(),
): Promise<Map<string, WorkflowNode['credentials']>> {
	const genApi = { sellerId: 'example', refreshToken: 'example', webhookToken: token };
	const store = { apiKey: 'example', origin: 'https://store.example.com' };
	const all: Array<[node: string, type: string, data: Record<string, string>]> = [
		...senders.map(({ nodeType, credentialType, credentialData }): (typeof all)[number] => [
			nodeType,
			credentialType,
			credentialData(token),
		]),
		[`${PACKAGE}.gestaoOnline`, 'gestaoOnlineApi', store],
		[`${PACKAGE}.gestaoOnlineTool`, 'gestaoOnlineApi', store],
		[`${PACKAGE}.gen`, 'genApi', genApi],
		[`${PACKAGE}.genTrigger`, 'genApi', genApi],
		[`${PACKAGE}.genEventLogTrigger`, 'genApi', genApi],
		[`${PACKAGE}.wooviTrigger`, 'wooviApi', { appId: 'example', webhookToken: token }],
		[`${PACKAGE}.abacatePayTrigger`, 'abacatePayApi', { apiKey: 'example', webhookToken: token }],
		['@n8n/n8n-nodes-langchain.lmChatOpenAi', 'openAiApi', { apiKey: 'example' }],
	];
	const byNode = new Map<string, WorkflowNode['credentials']>();
	for (const [node, type, data] of all) {
		const { id, name } = await n8n.createCredential(type, 'Shop', data);
		// A trigger gets one for each registration; n8n uses the one it needs.
		byNode.set(node, { ...byNode.get(node), [type]: { id, name } });
	}
	return byNode;
}

/** A credential for n8n's own API with these scopes. */
export async function createApiCredential(n8n: N8nApi, ...scopes: string[]) {
	const key = { label: scopes.join(), scopes, expiresAt: null };
	const { rawApiKey: apiKey } = await n8n.rest<{ rawApiKey: string }>('POST', '/api-keys', key);
	const data = ({ url }: N8nApi) => ({ apiKey, baseUrl: `${url}/api/v1` });
	const { id, name } = await n8n.createCredential('n8nApi', 'This n8n', data(n8n));
	return {
		credentials: { n8nApi: { id, name } },
		/** Every start of n8n has another port. */
		moveTo: async (started: N8nApi) =>
			await started.updateCredential(id, 'n8nApi', name, data(started)),
	};
}

interface Table {
	id: string;
	projectId: string;
}

const tables = async (n8n: N8nApi) =>
	(await n8n.rest<{ data: Table[] }>('GET', '/data-tables-global?take=100')).data;
const pathOf = ({ projectId, id }: Table) => `/projects/${projectId}/data-tables/${id}`;

/** Deletes n8n's Data Tables, which outlive the workflows that made them. */
export async function deleteTables(n8n: N8nApi): Promise<void> {
	for (const table of await tables(n8n)) await n8n.rest('DELETE', pathOf(table));
}

/** The rows of n8n's only Data Table. */
export async function tableRows(n8n: N8nApi): Promise<JsonObject[]> {
	const [table, ...more] = await tables(n8n);
	if (!table || more.length > 0) throw new Error(`There are ${more.length} more tables.`);
	const path = `${pathOf(table)}/rows?take=250`;
	return (await n8n.rest<{ data: JsonObject[] }>('GET', path)).data;
}
