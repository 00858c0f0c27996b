// A mock of AbacatePay's API v2, as far as it is about webhooks, for tests and demonstrations. It is not AbacatePay's
// software: it behaves as the documents say (openapi.yaml, the page "Referência"). README.md beside this file says what
// no document says.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isPublicUrl } from '../../nodes/core/publicUrl';
import { sender } from '../providers/AbacatePay/sender.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import {
	MockApi,
	readBody,
	Refusal,
	type Answer,
	type Handler,
	type ReceivedRequest,
} from './server.mts';

/** The events that the API's list names: all but the two that only the changelog names. */
const EVENTS = sender.events.filter((event) => !/\.(payment_failed|plan_changed)$/.test(event));

const createRequest = z
	.object({
		name: z.string(),
		endpoint: z.string().url(),
		secret: z.string().min(32),
		events: z
			.array(z.string().refine((event) => EVENTS.includes(event), 'is not an event of webhooks'))
			.min(1),
	})
	.strict();
type NewWebhook = z.infer<typeof createRequest>;
const deleteRequest = z.object({ id: z.string() });

export interface AbacatePayWebhook extends NewWebhook {
	id: string;
	createdAt: string;
}

/** One store's account, in dev mode. */
export class AbacatePayMockApi extends MockApi {
	apiKey = `abc_dev_${randomBytes(12).toString('hex')}`;
	/** With their secrets, oldest first. */
	readonly webhooks: AbacatePayWebhook[] = [];
	private readonly needsPublicEndpoint: boolean;

	/** @param options whether an endpoint must be public, as documented; the n8n of a demonstration is not */
	constructor({ needsPublicEndpoint = true }: { needsPublicEndpoint?: boolean } = {}) {
		super();
		this.needsPublicEndpoint = needsPublicEndpoint;
	}

	/** The base URL of the API. */
	get baseUrl(): string {
		return `${this.url}/v2`;
	}

	/** The data of an AbacatePay API credential for this store. */
	credential(webhookToken: string): Record<string, string> {
		const { apiKey, baseUrl } = this;
		return { apiKey, baseUrl, webhookToken };
	}

	/** What "Criar" in the panel does. */
	addWebhook(webhook: NewWebhook): AbacatePayWebhook {
		const id = `webh_${randomBytes(8).toString('hex')}`;
		const added = { id, ...webhook, createdAt: new Date().toISOString() };
		this.webhooks.push(added);
		return added;
	}

	protected override errorBody(status: number, error: string): JsonValue {
		return status === 401 ? { error } : { data: null, success: false, error };
	}

	protected override authorize({ headers }: ReceivedRequest): void {
		if (headers.authorization !== `Bearer ${this.apiKey}`) {
			throw new Refusal(401, 'Token de autenticação inválido ou ausente.');
		}
	}

	protected override readonly routes: Record<string, Handler> = {
		'POST /v2/webhooks/create': (request) => {
			const webhook = readBody(request, createRequest);
			const isPublic = /^https:/.test(webhook.endpoint) && isPublicUrl(webhook.endpoint);
			if (this.needsPublicEndpoint && !isPublic) {
				throw new Refusal(400, 'endpoint: must be a public HTTPS URL');
			}
			return succeed(shown(this.addWebhook(webhook)));
		},

		'GET /v2/webhooks/list': ({ query: { after, limit = '100' } }) => {
			const start = this.webhooks.findIndex((webhook) => webhook.id === after) + 1;
			const page = this.webhooks.slice(start, start + Number(limit));
			const hasMore = start + page.length < this.webhooks.length;
			const next = hasMore ? (page.at(-1)?.id ?? null) : null;
			return succeed(page.map(shown), { pagination: { hasMore, next, before: null } });
		},

		'POST /v2/webhooks/delete': (request) => {
			const { id } = readBody(request, deleteRequest);
			const index = this.webhooks.findIndex((webhook) => webhook.id === id);
			const [deleted] = index < 0 ? [] : this.webhooks.splice(index, 1);
			if (!deleted) throw new Refusal(404, 'Webhook não encontrado.');
			return succeed(shown(deleted));
		},
	};
}

const succeed = (data: JsonValue, more: JsonObject = {}): Answer => ({
	body: { data, success: true, error: null, ...more },
});

/** A webhook as answers have it: without its secret. */
const shown = ({ secret: _, createdAt, ...webhook }: AbacatePayWebhook): JsonObject => ({
	...webhook,
	devMode: true,
	v2: true,
	createdAt,
	updatedAt: createdAt,
});
