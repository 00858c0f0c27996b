// What is compared: this package's trigger, and what people use instead.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Shape } from '../nodes/core/shape';
import { goatCom } from '../nodes/GoatCom/goatCom';
import { troqueDevolva } from '../nodes/TroqueDevolva/troqueDevolva';
import { senderOf, type JsonObject, type Sender } from '../testkit/providers/senders.mts';
import type { N8nApi, WorkflowNode } from '../testkit/n8n/api.mts';
import { mappedFields } from './fields.mts';

/** A live workflow, and how to reach it. */
export interface Contender {
	workflowId: string;
	url: string;
	/** The headers of a delivery with this body. */
	headers(body: string, isTokenRight: boolean): Record<string, string>;
}

const NO_OP = { name: 'Done', type: 'n8n-nodes-base.noOp', typeVersion: 1 };
const chain = (...names: string[]) =>
	Object.fromEntries(
		names
			.slice(0, -1)
			.map((name, index) => [
				name,
				{ main: [[{ node: names[index + 1], type: 'main', index: 0 }]] },
			]),
	);

const json = { 'Content-Type': 'application/json' };

/** What differs between the two providers whose events are compared. */
export const PROVIDERS = {
	goatCom: {
		shape: goatCom.item,
		wanted: 'ORDER_APPROVED',
		unwanted: 'ORDER_CREATED',
		eventOf: '={{ $json.body.event_type }}',
	},
	troqueDevolva: {
		shape: troqueDevolva.item,
		wanted: 'request.done',
		unwanted: 'request.created',
		eventOf: '={{ $json.query.event }}',
	},
} satisfies Partial<Record<Sender['provider'], { shape: Shape } & Record<string, unknown>>>;

export type Provider = keyof typeof PROVIDERS;

/** This package: the trigger, and a node after it. */
export async function byPackage(n8n: N8nApi, provider: Provider): Promise<Contender> {
	const sender = senderOf(provider);
	const token = randomBytes(24).toString('base64url');
	const credential = await n8n.createCredential(
		sender.credentialType,
		`${provider} bench`,
		sender.credentialData(token),
	);
	const webhookId = randomUUID();
	const workflow = await n8n.createWorkflow({
		name: `${provider}: this package`,
		nodes: [
			{
				name: 'Trigger',
				type: sender.nodeType,
				typeVersion: 2,
				webhookId,
				parameters: { events: [PROVIDERS[provider].wanted] },
				credentials: { [sender.credentialType]: { id: credential.id, name: credential.name } },
			},
			NO_OP,
		],
		connections: chain('Trigger', 'Done'),
	});
	await n8n.activate(workflow.id);
	const sent = sender.delivery('', {}, n8n.webhookUrl(webhookId), token, { eventInUrl: false });
	return {
		workflowId: workflow.id,
		url: sent.url,
		headers: (_body, isTokenRight) => {
			const wrong = sender.delivery('', {}, '', 'wrong-token-0123456789').headers;
			return isTokenRight ? sent.headers : wrong;
		},
	};
}

/** The Webhook node with a secret header, alone or followed by what turns its body into the same fields. */
export async function byWebhookNode(
	n8n: N8nApi,
	provider: Provider,
	{ isBare }: { isBare: boolean },
): Promise<Contender> {
	const value = randomBytes(24).toString('base64url');
	const credential = await n8n.createCredential('httpHeaderAuth', `${provider} header`, {
		name: 'X-Webhook-Token',
		value,
	});
	const path = randomUUID();
	const webhook: WorkflowNode = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, authentication: 'headerAuth', options: {} },
		credentials: { httpHeaderAuth: { id: credential.id, name: credential.name } },
	};
	const { shape, wanted, eventOf } = PROVIDERS[provider];
	const byHand: WorkflowNode[] = [
		{
			name: 'Which Event',
			type: 'n8n-nodes-base.switch',
			typeVersion: 3.2,
			parameters: { rules: { values: [ruleFor(eventOf, wanted)] }, options: {} },
		},
		{
			name: 'Clean Fields',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				assignments: {
					assignments: mappedFields(shape).map(({ name, expression }) => ({
						id: name,
						name,
						value: expression,
						// As it is sent: a type would have to be right for every payload.
						type: 'string',
					})),
				},
				options: { ignoreConversionErrors: true },
			},
		},
	];
	const nodes = [webhook, ...(isBare ? [] : byHand), NO_OP];
	const workflow = await n8n.createWorkflow({
		name: `${provider}: ${isBare ? 'Webhook node' : 'Webhook, Switch, Edit Fields'}`,
		nodes,
		connections: chain(...nodes.map(({ name }) => name)),
	});
	await n8n.activate(workflow.id);
	return {
		workflowId: workflow.id,
		url: `${n8n.url}/webhook/${path}`,
		headers: (_body, isTokenRight) => ({
			...json,
			'X-Webhook-Token': isTokenRight ? value : 'wrong-token-0123456789',
		}),
	};
}

const ruleFor = (leftValue: string, rightValue: string): JsonObject => ({
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
		conditions: [{ leftValue, rightValue, operator: { type: 'string', operation: 'equals' } }],
		combinator: 'and',
	},
});

/** A trigger of n8n's own that checks a signature: GitHub's. Its API is played by `hooks`. */
export async function byGithubTrigger(n8n: N8nApi, hooks: GithubHooks): Promise<Contender> {
	const credential = await n8n.createCredential('githubApi', 'GitHub bench', {
		server: hooks.url,
		user: 'bench',
		accessToken: 'bench',
	});
	const webhookId = randomUUID();
	const byName = (value: string) => ({ __rl: true, mode: 'name', value });
	const workflow = await n8n.createWorkflow({
		name: 'GitHub Trigger',
		nodes: [
			{
				name: 'Trigger',
				type: 'n8n-nodes-base.githubTrigger',
				typeVersion: 1,
				webhookId,
				parameters: { owner: byName('bench'), repository: byName('bench'), events: ['push'] },
				credentials: { githubApi: { id: credential.id, name: credential.name } },
			},
			NO_OP,
		],
		connections: chain('Trigger', 'Done'),
	});
	await n8n.activate(workflow.id);
	const { secret } = hooks;
	return {
		workflowId: workflow.id,
		url: n8n.webhookUrl(webhookId),
		headers: (body, isTokenRight) => {
			const signature = createHmac('sha256', isTokenRight ? secret : 'wrong').update(body);
			return { ...json, 'X-Hub-Signature-256': `sha256=${signature.digest('hex')}` };
		},
	};
}

/** The part of GitHub's API that its trigger needs to be activated: it takes a hook and keeps its secret. */
export class GithubHooks {
	secret = '';

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {}

	static async start(): Promise<GithubHooks> {
		const server = createServer();
		await once(server.listen(0, '127.0.0.1'), 'listening');
		const address = server.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		const hooks = new GithubHooks(server, `http://127.0.0.1:${port}`);
		server.on('request', (request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const body = /"secret":"([^"]*)"/.exec(Buffer.concat(chunks).toString());
				if (body?.[1]) hooks.secret = body[1];
				response.setHeader('Content-Type', 'application/json');
				response.end(JSON.stringify({ id: 1, active: true, events: ['push'] }));
			});
		});
		return hooks;
	}

	stop(): void {
		this.server.closeAllConnections();
		this.server.close();
	}
}
