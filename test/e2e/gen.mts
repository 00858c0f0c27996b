import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nApi, Workflow, WorkflowNode } from '../../scripts/n8n/api.mts';
import { startN8n, type N8n } from '../../scripts/n8n/n8n.mts';
import { GenStandIn, type GenOptions } from '../standIns/gen.mts';
import type { JsonObject } from '../providers/senders.mts';
import { newToken, tarball, TRIGGER } from './harness.mts';

/** The address under which the internet reaches n8n, as far as n8n knows. */
export const PUBLIC_URL = 'https://n8n.example.com';

export const GEN_TRIGGER = 'n8n-nodes-brazil-commerce.genTrigger';
export const GEN_EVENT_LOG_TRIGGER = 'n8n-nodes-brazil-commerce.genEventLogTrigger';

/** A stand-in for Gen that delivers to this n8n. */
export async function startGen(n8n: N8nApi, options: GenOptions = {}): Promise<GenStandIn> {
	return await GenStandIn.start({
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

/** A credential for a stand-in's account. */
export async function genCredential(
	n8n: N8nApi,
	gen: GenStandIn,
	changes: Record<string, string> = {},
): Promise<GenCredential> {
	const webhookToken = newToken();
	const data = {
		environment: 'custom',
		baseUrl: gen.url,
		sellerId: gen.sellerId,
		refreshToken: gen.refreshToken,
		webhookToken,
		...changes,
	};
	const { id, name } = await n8n.createCredential('genApi', `Gen ${randomUUID()}`, data);
	return { id, name, webhookToken: data.webhookToken, data };
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

/** Saves changed parameters of the trigger and publishes them. */
export async function republish(
	n8n: N8nApi,
	workflow: Workflow,
	parameters: JsonObject,
): Promise<void> {
	const current = await n8n.getWorkflow(workflow.id);
	const nodes = current.nodes.map((node) =>
		node.name === TRIGGER ? { ...node, parameters } : node,
	);
	await n8n.updateWorkflow(workflow.id, { nodes });
	await n8n.activate(workflow.id);
}

/** An n8n of a test's own, that can be stopped, killed and started again with all it has. */
export class OwnN8n {
	private running: N8n | undefined;
	private ended: Promise<void> | undefined;

	private constructor(
		readonly userFolder: string,
		private readonly env: Record<string, string>,
	) {}

	static async start(env: Record<string, string> = {}): Promise<OwnN8n> {
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-brazil-commerce-own-'));
		const own = new OwnN8n(userFolder, { N8N_WEBHOOK_URL: `${PUBLIC_URL}/`, ...env });
		own.running = await startN8n({ userFolder, tarball: tarball(), env: own.env });
		return own;
	}

	get n8n(): N8n {
		if (!this.running) throw new Error('This n8n is not running.');
		return this.running;
	}

	async stop(): Promise<void> {
		await this.end(async (n8n) => await n8n.stop());
	}

	async kill(): Promise<void> {
		await this.end(async (n8n) => await n8n.kill());
	}

	private async end(how: (n8n: N8n) => Promise<void>): Promise<void> {
		const { running } = this;
		this.running = undefined;
		if (running) this.ended = how(running);
		await this.ended;
	}

	/** Starts it again where it is not running. A new port: what points to it must be told. */
	async startAgain(): Promise<N8n> {
		await this.ended;
		this.running ??= await startN8n({ userFolder: this.userFolder, env: this.env });
		return this.running;
	}

	async remove(): Promise<void> {
		await this.stop();
		await rm(this.userFolder, { recursive: true, force: true });
	}
}

/** Waits until something holds; fails with the last error. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 15_000): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		try {
			return await check();
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await sleep(50);
		}
	}
}
