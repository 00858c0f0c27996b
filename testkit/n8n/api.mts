import { randomUUID } from 'node:crypto';
import { parse as unflatten } from 'flatted';
import type { ExecutionSummary, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import { request, type HttpResponse } from './http.mts';
import { PATIENCE_MS, waitFor } from './waitFor.mts';

export type Item = INodeExecutionData;

export interface Credential {
	id: string;
	name: string;
	type: string;
	[field: string]: unknown;
}

export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion: number;
	position?: [number, number];
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	id?: string;
	webhookId?: string;
	disabled?: boolean;
	[field: string]: unknown;
}

export interface WorkflowInput {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

export interface Workflow extends WorkflowInput {
	id: string;
	/** The version in the editor. */
	versionId: string;
	/** The version that runs, null when the workflow is not active. */
	activeVersionId: string | null;
}

export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	liveVersionId: string | null;
	triggers: Array<{ status: string; errorMessage: string | null }>;
}

/** The one account of every n8n started here. It is for a local demo and holds nothing. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'BrazilCommerce1',
	firstName: 'Demo',
	lastName: 'Owner',
} as const;

const UNFINISHED = ['new', 'running', 'waiting', 'unknown'];
const ENDED = ['success', 'error', 'canceled', 'crashed'];
const ALL = [...UNFINISHED, ...ENDED];

/**
 * What a node put out, as one array of items' json per output; an output that got nothing is an empty array.
 * Given an execution read with `execution(id)`, a node's name and, for a node that ran repeatedly, which run.
 * Throws when the node did not run.
 */
export function nodeOutput(
	execution: Execution,
	nodeName: string,
	runIndex = 0,
): Array<Array<Record<string, unknown>>> {
	const { runData } = execution.data.resultData;
	const run = runData[nodeName]?.[runIndex];
	if (run === undefined) {
		throw new Error(
			`Node "${nodeName}" did not run in execution ${execution.id} (status ${execution.status}). These nodes ran: ${Object.keys(runData).join(', ') || 'none'}.`,
		);
	}
	return (run.data?.main ?? []).map((items) => (items ?? []).map(({ json }) => json));
}

/** A signed-in owner. It lasts as long as n8n's user folder, for a week, so that n8n is asked to sign in only once. */
export interface Session {
	/** n8n ties the cookie to this id and refuses one without the other. */
	browserId: string;
	cookie: string;
	/** The node types that n8n has loaded. */
	nodes: Array<{ name: string; version: number | number[] }>;
}

/** The API that n8n's editor uses, as the owner sees it. Needs a running n8n, whoever started it. */
export class N8nApi {
	/** @param session an earlier one of the same user folder; without it, signIn() makes one */
	constructor(
		readonly url: string,
		readonly session: Session = { browserId: randomUUID(), cookie: '', nodes: [] },
	) {}

	/**
	 * Calls n8n's own API as the signed-in owner. Given a path below /rest, for example "/workflows".
	 * Resolves with the answer's `data`. Throws what n8n says when that is not a success.
	 */
	async rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await this.send(method, `/rest${path}`, body);
		const json = (answer.json ?? {}) as { data: T; message?: string; hint?: string };
		if (answer.status >= 200 && answer.status < 300) return json.data;
		const { message = answer.body.slice(0, 200), hint = '' } = json;
		throw new Error(`n8n answered ${method} ${path} with ${answer.status}: ${message} ${hint}`);
	}

	/** Saves a credential of a type. Resolves with n8n's record of it, which does not hold the data. */
	async createCredential(
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<Credential> {
		return await this.rest('POST', '/credentials', { type, name, data });
	}

	/** Replaces a credential's name and data; a field left out is removed. */
	async updateCredential(
		id: string,
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<Credential> {
		return await this.rest('PATCH', `/credentials/${id}`, { type, name, data });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.rest('DELETE', `/credentials/${id}`);
	}

	/** What the editor's credential test says about data typed into a saved credential. The id must exist. */
	async testCredential(
		id: string,
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		return await this.rest('POST', '/credentials/test', { credentials: { id, type, name, data } });
	}

	async listCredentials(): Promise<Credential[]> {
		return await this.rest('GET', '/credentials');
	}

	/** Saves a new workflow, not active. n8n adds ids and webhook ids where nodes have none: read them from the result. */
	async createWorkflow(workflow: WorkflowInput): Promise<Workflow> {
		const nodes = workflow.nodes.map((node, index) => ({
			id: randomUUID(),
			position: [index * 220, 0],
			parameters: {},
			...node,
		}));
		// n8n 1 wants to be told that it is not active.
		return await this.rest('POST', '/workflows', {
			active: false,
			settings: {},
			...workflow,
			nodes,
		});
	}

	/** Saves changed parts of a workflow. An active workflow keeps running its old version until activate(id). */
	async updateWorkflow(id: string, patch: Partial<WorkflowInput>): Promise<Workflow> {
		return await this.rest('PATCH', `/workflows/${id}`, patch);
	}

	/** Every workflow that is not archived, without its nodes. */
	async listWorkflows(): Promise<Workflow[]> {
		const filter = encodeURIComponent(JSON.stringify({ isArchived: false }));
		return await this.rest('GET', `/workflows?filter=${filter}&take=1000`);
	}

	async getWorkflow(id: string): Promise<Workflow> {
		return await this.rest('GET', `/workflows/${id}`);
	}

	/**
	 * Publishes the workflow's current version, as the editor does. Resolves when that version runs and its
	 * production webhooks answer. Throws with n8n's message when n8n refuses or a trigger's setup throws.
	 */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.getWorkflow(id);
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
		await this.publicationSettled(id, versionId);
	}

	/** Takes the workflow out of production. Resolves when its production webhooks are gone. */
	async deactivate(id: string): Promise<void> {
		await this.rest('POST', `/workflows/${id}/deactivate`, {});
		await this.publicationSettled(id, null);
	}

	/** The address of a trigger of this package, in production or ("webhook-test") while the editor listens. */
	webhookUrl(webhookId: string, prefix = 'webhook'): string {
		return `${this.url}/${prefix}/${webhookId}/webhook`;
	}

	/**
	 * Resolves when a webhook's URL is registered. Asks with a CORS preflight, which reaches no node and leaves no
	 * execution.
	 */
	async webhookReady(url: string): Promise<void> {
		await waitFor(
			async () => {
				const answer = await request({ url, method: 'OPTIONS', headers: { Origin: this.url } });
				return String(answer.headers['access-control-allow-methods']).includes('POST');
			},
			() => `${url} is still not registered. Read n8n.log in n8n's user folder.`,
		);
	}

	/** A workflow's executions, newest first, running ones too. Of an older n8n the newest hundred. */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const found = new Map<string, ExecutionSummary>();
		let cursor: string | null | undefined;
		do {
			const page = { limit: '100', ...(cursor && { cursor }) };
			const { results, nextCursor } = await this.executionPage(workflowId, ALL, page);
			for (const execution of results) found.set(execution.id, execution);
			cursor = nextCursor;
		} while (cursor);
		return [...found.values()].sort((a, b) => Number(b.id) - Number(a.id));
	}

	/** How many executions a workflow has, whatever their status. */
	async countExecutions(workflowId: string): Promise<number> {
		return (await this.executionPage(workflowId, ALL)).count;
	}

	/** One execution with its run data. */
	async execution(id: string): Promise<Execution> {
		return await waitFor(
			async () => {
				const path = `/executions/${id}`;
				const stored = await this.rest<ExecutionSummary & { data: string }>('GET', path);
				const data: Execution['data'] = unflatten(stored.data);
				// n8n 1 says that an execution has ended before it has stored what came of it.
				const isComplete = data?.resultData || UNFINISHED.includes(stored.status);
				return isComplete && { ...stored, data };
			},
			() => `n8n has not stored what came of execution ${id}. Read n8n.log in its user folder.`,
		);
	}

	/** Resolves with all of a workflow's executions, newest first, once at least `count` have ended. */
	async waitForExecutions(
		workflowId: string,
		count: number,
		{ timeoutMs = PATIENCE_MS } = {},
	): Promise<ExecutionSummary[]> {
		let ended = 0;
		await waitFor(
			async () => {
				ended = (await this.executionPage(workflowId, ENDED)).count;
				return ended >= count;
			},
			() => `Only ${ended} of ${count} executions of workflow ${workflowId} have ended.`,
			{ timeoutMs },
		);
		return await this.executions(workflowId);
	}

	/**
	 * Does what "Listen for test event" does in the editor: the trigger's test webhook takes one delivery,
	 * whose execution (mode "manual") can be read with executions() afterwards. n8n stops listening after 2 minutes.
	 * With `only: true` the trigger alone runs, otherwise the nodes after it too. Resolves with the test webhook's URL.
	 */
	async listenForTest(
		workflowId: string,
		triggerName: string,
		{ only = false } = {},
	): Promise<string> {
		const destinationNode = { nodeName: triggerName, mode: 'inclusive' };
		await this.runFrom(workflowId, triggerName, only ? { destinationNode } : {});
		const { nodes } = await this.getWorkflow(workflowId);
		const trigger = nodes.find(({ name }) => name === triggerName);
		return this.webhookUrl(trigger?.webhookId ?? '', 'webhook-test');
	}

	/**
	 * Runs a workflow from one of its triggers as "Execute workflow" does, with the trigger's pinned data where it has
	 * some. Resolves with the ended execution, whatever its status.
	 */
	async run(workflowId: string, triggerName: string): Promise<Execution> {
		const { executionId } = await this.runFrom(workflowId, triggerName);
		return await waitFor(
			async () => {
				const execution = await this.execution(executionId);
				return !UNFINISHED.includes(execution.status) && execution;
			},
			() => `Execution ${executionId} has not ended.`,
			{ everyMs: 25 },
		);
	}

	/** Every node or credential type that n8n has loaded. */
	async getTypes(kind: 'nodes' | 'credentials'): Promise<unknown[]> {
		return (await this.send('GET', `/types/${kind}.json`)).json as unknown[];
	}

	/** Signs in as the owner, who is set up first where there is none. */
	async signIn(): Promise<void> {
		const { email, password, ...names } = OWNER;
		const { userManagement } = await this.rest<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await this.rest('POST', '/owner/setup', { email, password, ...names });
		} else {
			await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
		}
		const nodes = (await this.getTypes('nodes')) as Session['nodes'];
		this.session.nodes = nodes.map(({ name, version }) => ({ name, version }));
	}

	private async runFrom(
		workflowId: string,
		triggerName: string,
		more: object = {},
	): Promise<{ executionId: string }> {
		// An older n8n runs what it is sent, a newer one what it has saved: the same here.
		const workflowData = await this.getWorkflow(workflowId);
		const body = { workflowData, triggerToStartFrom: { name: triggerName }, ...more };
		return await this.rest('POST', `/workflows/${workflowId}/run`, body);
	}

	private async send(method: string, path: string, body?: unknown): Promise<HttpResponse> {
		const { browserId, cookie } = this.session;
		const answer = await request({
			url: `${this.url}${path}`,
			method,
			headers: {
				'browser-id': browserId,
				...(cookie && { Cookie: cookie }),
				...(body !== undefined && { 'Content-Type': 'application/json' }),
			},
			body: JSON.stringify(body),
		});
		const renewed = answer.headers['set-cookie']?.find((line) => line.startsWith('n8n-auth='));
		if (renewed) this.session.cookie = renewed.split(';')[0] ?? '';
		return answer;
	}

	/** n8n answers an activation at once and does the work afterwards: this waits for that work. */
	private async publicationSettled(workflowId: string, versionId: string | null): Promise<void> {
		const wanted = versionId === null ? 'not_published' : 'published';
		const path = `/workflows/${workflowId}/publication-status`;
		// An older n8n does that work before it answers.
		if ((await this.send('GET', `/rest${path}`)).status === 404) return;
		let status = 'unknown';
		await waitFor(
			async () => {
				const state = await this.rest<PublicationStatus>('GET', path);
				status = state.status;
				if (versionId !== null && (status === 'failed' || status === 'partial')) {
					const reasons = state.triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
					throw new Error(
						`n8n could not activate workflow ${workflowId}: ${reasons.join('; ') || 'it gave no reason'}. Correct the trigger and activate the workflow again.`,
					);
				}
				return status === wanted && state.liveVersionId === versionId;
			},
			() =>
				`Workflow ${workflowId} is "${status}" and not "${wanted}". Read n8n.log in n8n's user folder.`,
			{ everyMs: 25 },
		);
	}

	private async executionPage(
		workflowId: string,
		statuses: string[],
		page: { limit?: string; cursor?: string } = {},
	): Promise<{ results: ExecutionSummary[]; count: number; nextCursor?: string | null }> {
		// Without a status n8n lists running executions apart and leaves them out of the count.
		const filter = JSON.stringify({ workflowId, status: statuses });
		return await this.rest('GET', `/executions?${new URLSearchParams({ filter, ...page })}`);
	}
}
