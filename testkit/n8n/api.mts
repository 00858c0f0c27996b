import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse as unflatten } from 'flatted';
import { request } from './http.mts';
import { eventually, PATIENCE_MS, waitFor } from './waitFor.mts';

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
	active: boolean;
	isArchived: boolean;
	[field: string]: unknown;
}

export interface ExecutionSummary {
	id: string;
	/** new, running, waiting, success, error, canceled, crashed or unknown. */
	status: string;
	/** webhook, manual, trigger, … */
	mode: string;
	workflowId: string;
	startedAt: string | null;
	stoppedAt?: string | null;
	[field: string]: unknown;
}

export interface Item {
	json: Record<string, unknown>;
	[field: string]: unknown;
}

export interface Execution extends ExecutionSummary {
	data: {
		resultData: {
			runData: Record<
				string,
				Array<{ data?: { main?: Array<Item[] | null> }; error?: Record<string, unknown> }>
			>;
			lastNodeExecuted?: string;
			error?: Record<string, unknown>;
		};
		[field: string]: unknown;
	};
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	liveVersionId: string | null;
	triggers: Array<{ status: string; errorMessage: string | null }>;
}

/** What n8n says of a node type, as far as it is needed here. */
export interface NodeDescription {
	name: string;
	version: number | number[];
	webhooks?: Array<{ path: string; isFullPath?: boolean; restartWebhook?: boolean }>;
}

/** An answer of n8n's own API that is not a success. The message is n8n's. */
export class N8nApiError extends Error {
	readonly status: number;
	readonly body: unknown;

	constructor(message: string, status: number, body: unknown) {
		super(message);
		this.name = 'N8nApiError';
		this.status = status;
		this.body = body;
	}
}

/** The one account of every n8n started here. It is for a local demo and holds nothing. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'BrazilCommerce1',
	firstName: 'Demo',
	lastName: 'Owner',
} as const;

const LOGIN_ATTEMPTS = 14;
const PAGE = 100;
const PAGE_OVERLAP = 50;
const UNFINISHED = ['new', 'running', 'waiting', 'unknown'];
const ALL_STATUSES = [...UNFINISHED, 'success', 'error', 'canceled', 'crashed'];

/** n8n's own form of "the executions before this id". */
function executionCursor(beforeId: number): string {
	const position = { timestamp: new Date().toISOString(), id: String(beforeId) };
	const cursor = JSON.stringify({ version: 1, v1: position });
	return Buffer.from(cursor).toString('base64url');
}

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
	nodes: NodeDescription[];
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
	 * Resolves with the answer's `data`, or the whole answer where it has none. Throws N8nApiError.
	 */
	async rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await this.send(method, `/rest${path}`, body);
		const json = answer.json as { data?: T } | undefined;
		return json !== undefined && typeof json === 'object' && json !== null && 'data' in json
			? (json.data as T)
			: (json as T);
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
	async activate(id: string): Promise<Workflow> {
		const { versionId } = await this.getWorkflow(id);
		const active = await this.rest<Workflow>('POST', `/workflows/${id}/activate`, { versionId });
		await this.publicationSettled(id, versionId);
		for (const url of this.workflowWebhooks(active, 'webhook')) await this.webhookReady(url);
		return active;
	}

	/** Takes the workflow out of production. Resolves when its production webhooks are gone. */
	async deactivate(id: string): Promise<Workflow> {
		const workflow = await this.rest<Workflow>('POST', `/workflows/${id}/deactivate`, {});
		await this.publicationSettled(id, null);
		for (const url of this.workflowWebhooks(workflow, 'webhook')) {
			await this.webhookReady(url, { registered: false });
		}
		return workflow;
	}

	/** Deletes a workflow, active or not, and its executions. */
	async deleteWorkflow(id: string): Promise<void> {
		const { isArchived, activeVersionId } = await this.getWorkflow(id);
		if (activeVersionId) await this.deactivate(id);
		// n8n deletes only what is archived.
		if (!isArchived) await this.rest('POST', `/workflows/${id}/archive`, {});
		await eventually(async () => await this.rest('DELETE', `/workflows/${id}`), {
			// 409: its triggers are still being taken down.
			isPassing: (error) => error instanceof N8nApiError && error.status === 409,
			everyMs: 200,
		});
	}

	/** The address of a trigger node's webhook, in production or while the editor listens. */
	webhookUrl(webhookId: string, path = 'webhook', { test = false } = {}): string {
		return `${this.url}/${test ? 'webhook-test' : 'webhook'}/${webhookId}/${path}`;
	}

	/**
	 * Resolves when a webhook's URL is registered (or, with registered: false, when it no longer is).
	 * Asks with a CORS preflight, which reaches no node and leaves no execution. Throws on timeout.
	 */
	async webhookReady(
		url: string,
		{ timeoutMs = PATIENCE_MS, registered = true } = {},
	): Promise<void> {
		await waitFor(
			async () => {
				const answer = await request({ url, method: 'OPTIONS', headers: { Origin: this.url } });
				const methods = String(answer.headers['access-control-allow-methods'] ?? '').split(/,\s*/);
				const found = answer.status === 204 && methods.some((name) => name && name !== 'OPTIONS');
				return found === registered;
			},
			() =>
				`${url} is ${registered ? 'still not' : 'still'} registered after ${timeoutMs / 1000} s. Check that the workflow is ${registered ? 'active' : 'not active'}, and read n8n.log in its user folder.`,
			{ timeoutMs, everyMs: 25 },
		);
	}

	/** A workflow's executions, newest first, running ones too; all of them unless a limit is given. */
	async executions(
		workflowId: string,
		{ limit = Infinity }: { limit?: number } = {},
	): Promise<ExecutionSummary[]> {
		const found = new Map<string, ExecutionSummary>();
		let beforeId: number | undefined;
		let before: Record<string, string> = {};
		for (;;) {
			const { results, nextCursor } = await this.executionPage(workflowId, PAGE, before);
			for (const execution of results) found.set(execution.id, execution);
			const last = results.at(-1);
			if (results.length < PAGE || last === undefined || found.size >= limit) break;
			// n8n sorts by the start time and pages by the id. Executions that start together may differ
			// in the two orders, so the pages overlap.
			const next = Number(last.id) + PAGE_OVERLAP;
			beforeId = beforeId === undefined ? next : Math.min(next, beforeId - 1);
			// An older n8n knows no cursor, a newer one refuses the id.
			before =
				nextCursor === undefined
					? { lastId: String(beforeId) }
					: { cursor: executionCursor(beforeId) };
		}
		const newestFirst = [...found.values()].sort((a, b) => Number(b.id) - Number(a.id));
		return limit === Infinity ? newestFirst : newestFirst.slice(0, limit);
	}

	/** How many executions a workflow has, whatever their status. */
	async countExecutions(workflowId: string): Promise<number> {
		return (await this.executionPage(workflowId, 1)).count;
	}

	/** One execution with its run data. */
	async execution(id: string): Promise<Execution> {
		return await waitFor(
			async () => {
				const path = `/executions/${id}`;
				const stored = await this.rest<ExecutionSummary & { data: string }>('GET', path);
				if (!stored) throw new Error(`n8n has no execution ${id}. Check the id.`);
				const data: Execution['data'] = unflatten(stored.data);
				// n8n 1 says that an execution has ended before it has stored what came of it.
				const isComplete = data?.resultData || UNFINISHED.includes(stored.status);
				return isComplete && { ...stored, data };
			},
			() => `n8n has not stored what came of execution ${id}. Read n8n.log in its user folder.`,
		);
	}

	/**
	 * Resolves with all of a workflow's executions, newest first, once at least `count` have ended.
	 * Throws on timeout, naming those it saw.
	 */
	async waitForExecutions(
		workflowId: string,
		count: number,
		{ timeoutMs = PATIENCE_MS } = {},
	): Promise<ExecutionSummary[]> {
		let seen: ExecutionSummary[] = [];
		const ended = () => seen.filter(({ status }) => !UNFINISHED.includes(status)).length;
		return await waitFor(
			async () => {
				seen = await this.executions(workflowId);
				return ended() >= count && seen;
			},
			() => {
				const list = seen.slice(0, 20).map(({ id, status, mode }) => `${id} ${mode} ${status}`);
				return `${ended()} of ${count} executions of workflow ${workflowId} had ended after ${timeoutMs / 1000} s. Seen: ${list.join('; ') || 'none'}.`;
			},
			{ timeoutMs },
		);
	}

	/**
	 * Does what "Listen for test event" does in the editor: the trigger's test webhook takes one delivery,
	 * whose execution (mode "manual") can be read with executions() afterwards. n8n stops listening after 2 minutes.
	 * With `only: true` the trigger alone runs, otherwise the nodes after it too.
	 * Resolves with the test webhook's URL when it answers. Throws when the trigger has pinned data or no webhook.
	 */
	async listenForTest(
		workflowId: string,
		triggerName: string,
		{ only = false } = {},
	): Promise<string> {
		const workflow = await this.getWorkflow(workflowId);
		const node = workflow.nodes.find(({ name }) => name === triggerName);
		const [url] = node ? this.nodeWebhooks(workflow, node, 'webhook-test') : [];
		if (url === undefined) {
			throw new Error(
				`Workflow ${workflowId} has no trigger "${triggerName}" with a webhook. Check the node's name.`,
			);
		}
		const { waitingForWebhook } = await this.rest<{ waitingForWebhook?: boolean }>(
			'POST',
			`/workflows/${workflowId}/run`,
			{
				workflowData: workflow,
				triggerToStartFrom: { name: triggerName },
				...(only && { destinationNode: { nodeName: triggerName, mode: 'inclusive' } }),
			},
		);
		if (!waitingForWebhook) {
			throw new Error(
				`n8n ran workflow ${workflowId} instead of listening at "${triggerName}". Remove the trigger's pinned data.`,
			);
		}
		await this.webhookReady(url);
		return url;
	}

	/**
	 * Runs a workflow from one of its triggers as "Execute workflow" does, with the trigger's pinned data where it has
	 * some. Resolves with the ended execution, whatever its status.
	 */
	async run(workflowId: string, triggerName: string): Promise<Execution> {
		// An older n8n runs what it is sent, a newer one what it has saved: the same here.
		const workflowData = await this.getWorkflow(workflowId);
		const { executionId } = await this.rest<{ executionId?: string }>(
			'POST',
			`/workflows/${workflowId}/run`,
			{ workflowData, triggerToStartFrom: { name: triggerName } },
		);
		if (executionId === undefined) {
			throw new Error(`n8n did not run workflow ${workflowId} from "${triggerName}".`);
		}
		return await waitFor(
			async () => {
				const execution = await this.execution(executionId);
				return !UNFINISHED.includes(execution.status) && execution;
			},
			() => `Execution ${executionId} has not ended after ${PATIENCE_MS / 1000} s.`,
			{ everyMs: 25 },
		);
	}

	private async send(
		method: string,
		path: string,
		body?: unknown,
	): Promise<Awaited<ReturnType<typeof request>>> {
		const { browserId, cookie } = this.session;
		const headers: Record<string, string> = { 'browser-id': browserId };
		if (cookie) headers.Cookie = cookie;
		if (body !== undefined) headers['Content-Type'] = 'application/json';
		const answer = await request({
			url: `${this.url}${path}`,
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const renewed = answer.headers['set-cookie']?.find((line) => line.startsWith('n8n-auth='));
		if (renewed) this.session.cookie = renewed.split(';')[0] ?? '';
		if (answer.status >= 200 && answer.status < 300) return answer;
		const failure = answer.json as { message?: string; hint?: string } | undefined;
		const said = failure?.message ?? (answer.body.slice(0, 200) || 'no message');
		const hint = failure?.hint ? ` ${failure.hint}` : '';
		throw new N8nApiError(
			`n8n answered ${method} ${path} with ${answer.status}: ${said}${hint}`,
			answer.status,
			answer.json ?? answer.body,
		);
	}

	/** Every node or credential type that n8n has loaded. */
	async getTypes(kind: 'nodes' | 'credentials'): Promise<unknown[]> {
		return (await this.send('GET', `/types/${kind}.json`)).json as unknown[];
	}

	/** Signs in as the owner, who is set up first where there is none. */
	async signIn(): Promise<void> {
		const { email, password, firstName, lastName } = OWNER;
		const { userManagement } = await this.rest<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await this.rest('POST', '/owner/setup', { email, password, firstName, lastName });
		} else {
			await this.login({ emailOrLdapLoginId: email, password });
		}
		this.session.nodes = ((await this.getTypes('nodes')) as NodeDescription[]).map(
			({ name, version, webhooks }) => ({ name, version, webhooks }),
		);
	}

	/** n8n takes five sign-ins a minute; the next has to wait. */
	private async login(credentials: Record<string, string>): Promise<void> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.rest('POST', '/login', credentials);
			} catch (error) {
				const isTooOften = error instanceof N8nApiError && error.status === 429;
				if (!isTooOften || attempt === LOGIN_ATTEMPTS) throw error;
				await sleep(5_000);
			}
		}
	}

	/** n8n answers an activation at once and does the work afterwards: this waits for that work. */
	private async publicationSettled(workflowId: string, versionId: string | null): Promise<void> {
		const wanted = versionId === null ? 'not_published' : 'published';
		let status = 'unknown';
		await waitFor(
			async () => {
				let state: PublicationStatus;
				try {
					state = await this.rest('GET', `/workflows/${workflowId}/publication-status`);
				} catch (error) {
					// With n8n's publication service switched off there is nothing to wait for.
					if (error instanceof N8nApiError && error.status === 404) return true;
					throw error;
				}
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
				`Workflow ${workflowId} is "${status}" and not "${wanted}" after ${PATIENCE_MS / 1000} s. Read n8n.log in its user folder.`,
			{ everyMs: 25 },
		);
	}

	private async executionPage(
		workflowId: string,
		limit: number,
		before: Record<string, string> = {},
	): Promise<{ results: ExecutionSummary[]; count: number; nextCursor?: string | null }> {
		const query = new URLSearchParams({
			// Without a status n8n lists running executions apart and leaves them out of the count.
			filter: JSON.stringify({ workflowId, status: ALL_STATUSES }),
			limit: String(limit),
			...before,
		});
		return await this.rest('GET', `/executions?${query}`);
	}

	private workflowWebhooks(workflow: Workflow, prefix: string): string[] {
		return workflow.nodes.flatMap((node) => this.nodeWebhooks(workflow, node, prefix));
	}

	/** The URLs of a node's webhooks, as n8n composes them; empty for a node without any. */
	private nodeWebhooks(workflow: Workflow, node: WorkflowNode, prefix: string): string[] {
		if (node.disabled) return [];
		const description = this.session.nodes.find(
			({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
		);
		return (description?.webhooks ?? []).flatMap(({ path, isFullPath, restartWebhook }) => {
			// Such a webhook belongs to an execution that waits, not to the active workflow.
			if (restartWebhook) return [];
			const own = node.parameters?.path;
			const resolved = path.startsWith('=') ? own : path;
			if (typeof resolved !== 'string') return [];
			if (isFullPath && resolved) return [`${this.url}/${prefix}/${resolved}`];
			if (node.webhookId) return [`${this.url}/${prefix}/${node.webhookId}/${resolved}`];
			const nodePart = encodeURIComponent(node.name.toLowerCase());
			return [`${this.url}/${prefix}/${workflow.id}/${nodePart}/${resolved}`];
		});
	}
}
