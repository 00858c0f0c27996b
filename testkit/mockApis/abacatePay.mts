// A mock of AbacatePay's API v2, as far as it is about webhooks, for tests and demonstrations. It is not AbacatePay's
// software: it behaves as the documents say (openapi.yaml, the page "Referência"). Whatever no document says is an
// option, a "variant"; README.md beside this file tells the two apart.

import { randomBytes } from 'node:crypto';
import { isPublicUrl } from '../../nodes/core/publicUrl';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import {
	MockApi,
	objectIn,
	Refusal,
	textAt,
	type Answer,
	type Handler,
	type ReceivedRequest,
} from './server.mts';

export interface AbacatePayVariants {
	/** The status of an answer with `success` false, where no document names one. */
	refusalStatus: number;
	/** Whether `endpoint` must be https and public, as documented. The n8n of a demonstration is neither. */
	needsPublicEndpoint: boolean;
}

/** The events that the API's list names. The two that only the changelog names are not among them. */
const EVENTS = [
	...['completed', 'refunded', 'disputed', 'lost'].flatMap((outcome) => [
		`checkout.${outcome}`,
		`transparent.${outcome}`,
	]),
	...['completed', 'trial_started', 'cancelled', 'renewed'].map((event) => `subscription.${event}`),
	...['payout', 'transfer'].flatMap((kind) => [`${kind}.completed`, `${kind}.failed`]),
];

export interface AbacatePayWebhook {
	id: string;
	name: string;
	endpoint: string;
	/** Never in an answer. */
	secret: string;
	events: string[];
	createdAt: string;
}

type NewWebhook = Pick<AbacatePayWebhook, 'name' | 'endpoint' | 'secret' | 'events'>;

/** One store's account, in dev mode. */
export class AbacatePayMockApi extends MockApi {
	apiKey = `abc_dev_${randomBytes(12).toString('hex')}`;
	/** Oldest first. */
	readonly webhooks: AbacatePayWebhook[] = [];
	/** May be changed while it runs. */
	readonly variants: AbacatePayVariants;

	private constructor(variants: Partial<AbacatePayVariants>) {
		super();
		this.variants = { refusalStatus: 400, needsPublicEndpoint: true, ...variants };
	}

	static async start(variants: Partial<AbacatePayVariants> = {}): Promise<AbacatePayMockApi> {
		const mockApi = new AbacatePayMockApi(variants);
		await mockApi.listen();
		return mockApi;
	}

	/** The base URL of the API. */
	get baseUrl(): string {
		return `${this.url}/v2`;
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
		'POST /v2/webhooks/create': (request) => succeed(shown(this.addWebhook(this.newIn(request)))),

		'GET /v2/webhooks/list': ({ query }) => {
			const { search = '', id, after, before, limit = '100' } = query;
			const wanted = this.webhooks
				.filter((webhook) => id === undefined || webhook.id === id)
				.filter(({ id, name, endpoint }) => [id, name, endpoint].join().includes(search));
			const start = wanted.findIndex((webhook) => webhook.id === after) + 1;
			const end = wanted.findIndex((webhook) => webhook.id === before);
			const page = wanted.slice(start, end < 0 ? undefined : end).slice(0, Number(limit));
			const last = page.at(-1);
			const hasMore = last !== undefined && last !== wanted.at(-1);
			const next = hasMore ? last.id : null;
			const pagination = { hasMore, next, before: start > 0 ? (page[0]?.id ?? null) : null };
			return succeed(page.map(shown), { pagination });
		},

		'GET /v2/webhooks/get': ({ query }) => succeed(shown(this.webhookOf(query.id))),

		'POST /v2/webhooks/delete': (request) => {
			const webhook = this.webhookOf(textAt(objectIn(request), 'id'));
			this.webhooks.splice(this.webhooks.indexOf(webhook), 1);
			return succeed(shown(webhook));
		},
	};

	private webhookOf(id: string | undefined): AbacatePayWebhook {
		const webhook = this.webhooks.find((one) => one.id === id);
		if (!webhook) throw new Refusal(404, 'Webhook não encontrado.');
		return webhook;
	}

	/** Throws a Refusal where the request is not as the API's `WebhookCreateInput`. */
	private newIn(request: ReceivedRequest): NewWebhook {
		const refuse = (why: string) => new Refusal(this.variants.refusalStatus, why);
		const { name, endpoint, secret, events, ...others } = objectIn(request);
		const [unknown] = Object.keys(others);
		if (unknown !== undefined) throw refuse(`${unknown} is not a field of a webhook`);
		if (typeof name !== 'string' || typeof endpoint !== 'string' || typeof secret !== 'string') {
			throw refuse('name, endpoint and secret must be texts');
		}
		if (this.variants.needsPublicEndpoint) {
			const isHttps = URL.canParse(endpoint) && endpoint.startsWith('https:');
			if (!isHttps || !isPublicUrl(endpoint)) throw refuse('endpoint must be a public HTTPS URL');
		}
		if (secret.length < 32) throw refuse('secret must have 32 characters or more');
		if (!Array.isArray(events) || events.length === 0) throw refuse('events must be a list');
		const wrong = events.find((event) => !EVENTS.includes(String(event)));
		if (wrong !== undefined) throw refuse(`${String(wrong)} is not an event of webhooks`);
		return { name, endpoint, secret, events: events.map(String) };
	}
}

const succeed = (data: JsonValue, more: JsonObject = {}): Answer => ({
	status: 200,
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
