// A mock of Woovi's API, for tests and demonstrations. It is not Woovi's software: it behaves as Woovi's documents say,
// above all the API reference and the pages "Webhooks". README.md beside this file says what no document says.

import { createHmac, randomBytes, type KeyObject } from 'node:crypto';
import { documentedCodes, STABLECOIN_CODES } from '../../nodes/Woovi/events';
import { request as send } from '../n8n/http.mts';
import { objectAt, withQuery } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import { keyListOf, signatureOf, signingKey } from '../providers/Woovi/signing.mts';
import { HostMap } from './hosts.mts';
import {
	MockApi,
	objectIn,
	Refusal,
	textAt,
	type Handler,
	type ReceivedRequest,
} from './server.mts';

/** A webhook as it is registered. */
export interface WooviWebhook {
	id: string;
	name: string;
	url: string;
	event: string;
	authorization: string;
	isActive: boolean;
	createdAt: string;
	updatedAt: string;
}

/** What a test gives for a webhook that somebody else made. */
export type NewWooviWebhook = Pick<WooviWebhook, 'url' | 'event'> & Partial<WooviWebhook>;

export interface WooviOptions {
	/** The events that `GET /api/v1/webhook/events` lists and that can be registered. */
	events?: string[];
	/** Targets at one origin are called at another, so that a public-looking address leads to this machine. */
	hosts?: Record<string, string>;
}

const MOST_WEBHOOKS = 50;
const DEFAULT_EVENT = 'OPENPIX:TRANSACTION_RECEIVED';

/** One company's account at Woovi. */
export class WooviMockApi extends MockApi {
	readonly appId = randomBytes(24).toString('base64');
	/** In the order in which they were registered. */
	readonly webhooks: WooviWebhook[] = [];
	/** Those of the public list; the first one signs. */
	keys: KeyObject[] = [signingKey];
	/** What `GET /api/v1/webhook/public-keys` answers instead of the list of keys. */
	keyListAnswer: JsonValue | undefined;
	/** Called before a webhook is registered and tested. */
	onCreateWebhook?: () => void | Promise<void>;
	private readonly events: string[];
	private readonly hosts: HostMap;
	private made = 0;

	private constructor({
		events = [...documentedCodes, ...STABLECOIN_CODES],
		hosts = {},
	}: WooviOptions) {
		super();
		this.events = events;
		this.hosts = new HostMap(hosts);
	}

	static async start(options: WooviOptions = {}): Promise<WooviMockApi> {
		const mockApi = new WooviMockApi(options);
		await mockApi.listen();
		return mockApi;
	}

	/** See `WooviOptions.hosts`. */
	mapHost(from: string, to: string): void {
		this.hosts.map(from, to);
	}

	/** Registers a webhook without testing its URL. */
	addWebhook(webhook: NewWooviWebhook): WooviWebhook {
		const now = new Date().toISOString();
		const added: WooviWebhook = {
			id: Buffer.from(`Webhook:${(++this.made).toString(16).padStart(24, '0')}`).toString('base64'),
			name: 'webhook',
			authorization: '',
			isActive: true,
			createdAt: now,
			updatedAt: now,
			...webhook,
		};
		this.webhooks.push(added);
		return added;
	}

	/** Delivers an event once to every webhook that has it. Resolves with the answers' statuses. */
	async emit(event: string, payload: JsonObject): Promise<number[]> {
		const targets = this.webhooks.filter((webhook) => webhook.isActive && webhook.event === event);
		return await Promise.all(targets.map(async (webhook) => await this.post(webhook, payload)));
	}

	protected override errorBody(_status: number, message: string): JsonValue {
		return { error: message };
	}

	protected override authorize({ path, headers }: ReceivedRequest): void {
		if (path === '/api/v1/webhook/public-keys') return;
		if (headers.authorization !== this.appId) throw new Refusal(401, 'appID inválido');
	}

	protected override readonly routes: Record<string, Handler> = {
		'GET /api/v1/webhook/public-keys': () => ({
			status: 200,
			body: this.keyListAnswer ?? keyListOf(...this.keys),
		}),
		'GET /api/v1/webhook/events': () => ({
			status: 200,
			body: { events: this.events.map((name) => ({ name })) },
		}),
		'GET /api/v1/webhook': ({ query: { url } }) => {
			const listed = this.webhooks.filter((webhook) => url === undefined || webhook.url === url);
			const pageInfo = { skip: 0, limit: 100, hasPreviousPage: false, hasNextPage: false };
			return {
				status: 200,
				body: { pageInfo, webhooks: listed.map((webhook) => ({ ...webhook })) },
			};
		},
		'POST /api/v1/webhook': async (request) => {
			const asked = objectAt(objectIn(request), 'webhook');
			const webhook = this.webhookIn(asked);
			await this.onCreateWebhook?.();
			if (request.query.validate !== 'false') await this.testUrl(webhook);
			const registered = this.addWebhook(webhook);
			const hmacSecretKey = hmacSecretOf(registered);
			return { status: 200, body: { webhook: { ...registered, hmacSecretKey } } };
		},
		'DELETE /api/v1/webhook/:id': (_request, [id = '']) => {
			const index = this.webhooks.findIndex((webhook) => webhook.id === id);
			if (index < 0) throw new Refusal(400, 'Webhook não encontrado');
			this.webhooks.splice(index, 1);
			return { status: 200, body: { status: 'OK' } };
		},
	};

	/** The webhook that a request asks for. Throws a Refusal where there can be none. */
	private webhookIn(asked: JsonObject): NewWooviWebhook {
		const url = textAt(asked, 'url') ?? '';
		const event = textAt(asked, 'event') ?? DEFAULT_EVENT;
		if (!/^https?:/i.test(url) || !URL.canParse(url)) throw new Refusal(400, 'URL inválida');
		if (!this.events.includes(event)) throw new Refusal(400, `Evento inválido: ${event}`);
		if (this.webhooks.some((webhook) => webhook.url === url && webhook.event === event)) {
			throw new Refusal(400, 'Webhook já cadastrado com esta URL e este evento');
		}
		if (this.webhooks.length >= MOST_WEBHOOKS) {
			throw new Refusal(400, `Limite de ${MOST_WEBHOOKS} webhooks atingido`);
		}
		return {
			url,
			event,
			name: textAt(asked, 'name') ?? 'webhook',
			authorization: textAt(asked, 'authorization') ?? '',
			isActive: asked.isActive !== false,
		};
	}

	/** The call with which Woovi tests a URL. Throws a Refusal unless it answers 200. */
	private async testUrl(webhook: NewWooviWebhook): Promise<void> {
		const call = { data_criacao: new Date().toISOString(), event: webhook.event };
		const status = await this.post(webhook, call).catch(() => 0);
		if (status !== 200) throw new Refusal(400, 'A URL não respondeu 200 ao teste');
	}

	private async post(webhook: NewWooviWebhook, payload: JsonObject): Promise<number> {
		const { authorization = '' } = webhook;
		const body = JSON.stringify(payload);
		const target = authorization
			? withQuery(webhook.url, 'authorization', authorization)
			: webhook.url;
		const { url, host } = this.hosts.resolve(target);
		const [key = signingKey] = this.keys;
		const { status } = await send({
			url,
			headers: {
				Host: host,
				'Content-Type': 'application/json',
				'User-Agent': 'axios/1.7',
				...(authorization && { Authorization: authorization }),
				'x-openpix-authorization': authorization,
				'x-openpix-signature': createHmac('sha1', hmacSecretOf(webhook))
					.update(body)
					.digest('base64'),
				'x-webhook-signature': signatureOf(body, key),
			},
			body,
			timeoutMs: 100_000,
		});
		return status;
	}
}

const hmacSecretOf = ({ url, event }: NewWooviWebhook) =>
	`openpix_${Buffer.from(`${url} ${event}`).toString('base64')}`;
