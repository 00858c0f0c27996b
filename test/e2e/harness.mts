import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { N8nApi, nodeOutput, type WorkflowNode } from '../../scripts/n8n/api.mts';
import { request, type HttpResponse } from '../../scripts/n8n/http.mts';
import { openDatabaseFile, type Database } from '../../scripts/n8n/database.mts';

export type { Database };
import type { DeliveryOptions, JsonObject, Sender } from '../providers/senders.mts';

export const TRIGGER = 'Trigger';

/** The n8n that the run's global set-up started. */
export async function connect(): Promise<N8nApi> {
	return await N8nApi.connect(environment('E2E_N8N_URL'));
}

/** Where that n8n keeps its database, log and settings. */
export const userFolder = () => environment('E2E_N8N_USER_FOLDER');

/** The packed package, for tests that start an n8n of their own. */
export const tarball = () => environment('E2E_TARBALL');

function environment(name: string): string {
	const value = process.env[name];
	if (!value)
		throw new Error(`${name} is not set. Run the end-to-end tests with npm run test:e2e.`);
	return value;
}

/** A token as a user should make it: 32 characters that survive a URL. */
export const newToken = () => randomBytes(24).toString('base64url');

/** The database of the run's n8n, or of the n8n with another user folder. */
export const openDatabase = async (folder = userFolder()): Promise<Database> =>
	await openDatabaseFile(join(folder, '.n8n', 'database.sqlite'));

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
	credential?: Record<string, string>;
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

export interface DeliverySettings extends DeliveryOptions {
	payload?: JsonObject;
	/** Another token than the trigger's; null sends none. */
	token?: string | null;
	/** Replaces the headers that the provider sends. */
	headers?: Record<string, string> | Array<[string, string]>;
	/** Replaces the body. */
	body?: string | Buffer;
	method?: string;
	url?: string;
}

/** Delivers an event as the provider would, but for what the settings change. */
export async function deliver(
	{ sender, url, token }: LiveTrigger,
	event: string,
	settings: DeliverySettings = {},
): Promise<HttpResponse> {
	const sent = sender.delivery(
		event,
		settings.payload ?? sender.sample(event),
		settings.url ?? url,
		settings.token === null ? undefined : (settings.token ?? token),
		settings,
	);
	return await request({
		...sent,
		headers: settings.headers ?? sent.headers,
		body: settings.body ?? sent.body,
		method: settings.method ?? sent.method,
	});
}

/** Waits until a trigger's workflow has run a number of times, and no more. Resolves with the execution ids, oldest first. */
export async function expectExecutions(
	{ n8n, workflowId }: Pick<LiveTrigger, 'n8n' | 'workflowId'>,
	count: number,
): Promise<string[]> {
	if (count > 0) await n8n.waitForExecutions(workflowId, count);
	// An execution too many would be recorded before its delivery was answered.
	const all = await n8n.executions(workflowId);
	expect(all).toHaveLength(count);
	return all.map(({ id }) => id).reverse();
}

/** What the trigger put out in an execution: one list of items per output. */
export async function outputsOf(
	{ n8n }: Pick<LiveTrigger, 'n8n'>,
	executionId: string,
): Promise<Array<Array<Record<string, unknown>>>> {
	return nodeOutput(await n8n.execution(executionId), TRIGGER);
}

/** The one item of the one execution of a trigger. */
export async function onlyItem(trigger: LiveTrigger): Promise<Record<string, unknown>> {
	const [id = ''] = await expectExecutions(trigger, 1);
	const items = (await outputsOf(trigger, id)).flat();
	expect(items).toHaveLength(1);
	return items[0] ?? {};
}

export const RECEIVED = { received: true };
export const UNAUTHORIZED = { error: expect.stringMatching(/token is missing or wrong/) };
export const ignored = (reason: string) => ({ received: true, ignored: reason });

/** Checks an answer's status and body. */
export function expectAnswer(
	{ status, json }: HttpResponse,
	expected: number,
	body: unknown,
): void {
	expect({ status, json }).toEqual({ status: expected, json: body });
}
