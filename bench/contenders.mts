// What is compared: this package's trigger, and what people use instead.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Shape } from '../nodes/core/shape';
import { goatCom } from '../nodes/GoatCom/goatCom';
import { troqueDevolva } from '../nodes/TroqueDevolva/troqueDevolva';
import { senderOf, type JsonObject, type Sender } from '../testkit/providers/senders.mts';
import { liveTrigger } from '../testkit/live/liveTrigger.mts';
import type { N8nApi, WorkflowNode } from '../testkit/n8n/api.mts';
import { mappedFields } from './fields.mts';

/** A live workflow, and how to reach it. */
export interface Contender {
	workflowId: string;
	url: string;
	/** Whether the headers hold for one body only. */
	isSigned?: boolean;
	/** The headers of a delivery with this body. */
	headers(body: string, isTokenRight: boolean): Record<string, string>;
}

export const WRONG_TOKEN = 'wrong-token-0123456789';
const NO_OP = { name: 'Done', type: 'n8n-nodes-base.noOp', typeVersion: 1 };
/** Activates a workflow of nodes in a row. Resolves with its id. */
async function activate(n8n: N8nApi, name: string, nodes: WorkflowNode[]): Promise<string> {
	const links = nodes
		.slice(1)
		.map(({ name: node }, index) => [
			nodes[index]?.name,
			{ main: [[{ node, type: 'main', index: 0 }]] },
		]);
	const { id } = await n8n.createWorkflow({ name, nodes, connections: Object.fromEntries(links) });
	await n8n.activate(id);
	return id;
}

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
	const parameters = { events: [PROVIDERS[provider].wanted] };
	const live = await liveTrigger(n8n, sender, { parameters });
	const sent = (token: string) => sender.delivery('', {}, live.url, token, { eventInUrl: false });
	return {
		workflowId: live.workflowId,
		url: sent(live.token).url,
		headers: (_body, isTokenRight) => sent(isTokenRight ? live.token : WRONG_TOKEN).headers,
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
	const mapping: WorkflowNode[] = [
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
					assignments: mappedFields(shape).map(([name, expression]) => ({
						id: name,
						name,
						value: `={{ ${expression} }}`,
						// As it is sent: a type would have to be right for every payload.
						type: 'string',
					})),
				},
				options: { ignoreConversionErrors: true },
			},
		},
	];
	const name = `${provider}: ${isBare ? 'Webhook node' : 'Webhook, Switch, Edit Fields'}`;
	return {
		workflowId: await activate(n8n, name, [webhook, ...(isBare ? [] : mapping), NO_OP]),
		url: `${n8n.url}/webhook/${path}`,
		headers: (_body, isTokenRight) => ({
			...json,
			'X-Webhook-Token': isTokenRight ? value : WRONG_TOKEN,
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

/** A trigger of n8n's own that checks a signature: GitHub's. */
export async function byGithubTrigger(n8n: N8nApi): Promise<Contender> {
	const github = await startGithub();
	const credential = await n8n.createCredential('githubApi', 'GitHub bench', {
		server: github.url,
		user: 'bench',
		accessToken: 'bench',
	});
	const webhookId = randomUUID();
	const byName = (value: string) => ({ __rl: true, mode: 'name', value });
	const trigger: WorkflowNode = {
		name: 'Trigger',
		type: 'n8n-nodes-base.githubTrigger',
		typeVersion: 1,
		webhookId,
		parameters: { owner: byName('bench'), repository: byName('bench'), events: ['push'] },
		credentials: { githubApi: { id: credential.id, name: credential.name } },
	};
	return {
		workflowId: await activate(n8n, 'GitHub Trigger', [trigger, NO_OP]),
		url: n8n.webhookUrl(webhookId),
		isSigned: true,
		headers: (body, isTokenRight) => {
			const signature = createHmac('sha256', isTokenRight ? github.secret() : 'wrong').update(body);
			return { ...json, 'X-Hub-Signature-256': `sha256=${signature.digest('hex')}` };
		},
	};
}

/** The part of GitHub's API that its trigger needs to be activated: it takes a hook and keeps its secret. */
async function startGithub() {
	let secret = '';
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			secret = /"secret":"([^"]*)"/.exec(body)?.[1] ?? secret;
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify({ id: 1, active: true, events: ['push'] }));
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	server.unref();
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	return { url: `http://127.0.0.1:${port}`, secret: () => secret };
}
