// A mock of Woovi's API, for tests and demonstrations. It is not Woovi's software: it behaves as Woovi's documents say,
// above all the API reference and the pages "Webhooks". README.md beside this file says what no document says.

import { randomBytes, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { documentedCodes, STABLECOIN_CODES } from '../../nodes/Woovi/events';
import { withQuery } from '../providers/samples.mts';
import type { JsonObject, JsonValue } from '../providers/senders.mts';
import { keyListOf, signatureOf, signingKey } from '../providers/Woovi/signing.mts';
import { MockApi, readBody, Refusal, type Handler, type ReceivedRequest } from './server.mts';

const MOST_WEBHOOKS = 50;
const EVENTS = [...documentedCodes, ...STABLECOIN_CODES];

const createRequest = z.object({
	webhook: z.object({
		url: z
			.string()
			.url()
			.regex(/^https?:/i),
		event: z
			.string()
			.refine((event) => EVENTS.includes(event), 'is not an event')
			.default('OPENPIX:TRANSACTION_RECEIVED'),
		name: z.string().default('webhook'),
		authorization: z.string().default(''),
		isActive: z.boolean().default(true),
	}),
});

/** A webhook as it is registered. */
export type WooviWebhook = z.infer<typeof createRequest>['webhook'] & {
	id: string;
	createdAt: string;
	updatedAt: string;
};

/** What a test gives for a webhook that somebody else made. */
export type NewWooviWebhook = Pick<WooviWebhook, 'url' | 'event'> & Partial<WooviWebhook>;

/** One company's account at Woovi. */
export class WooviMockApi extends MockApi {
	readonly appId = randomBytes(24).toString('base64');
	/** In the order in which they were registered. */
	readonly webhooks: WooviWebhook[] = [];
	/** Those of the public list; the first one signs. */
	keys: KeyObject[] = [signingKey];
	/** What `GET /api/v1/webhook/public-keys` answers instead of the list of keys. */
	keyListAnswer: JsonValue | undefined;
	private made = 0;

	/** The data of a Woovi API credential for this account. */
	credential(webhookToken: string): Record<string, string> {
		const { url: baseUrl, appId } = this;
		return { environment: 'custom', baseUrl, appId, webhookToken };
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
		return await Promise.all(targets.map(async (webhook) => await this.notify(webhook, payload)));
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
			body: this.keyListAnswer ?? keyListOf(...this.keys),
		}),
		'GET /api/v1/webhook': () => ({
			body: {
				pageInfo: { skip: 0, limit: 100, hasPreviousPage: false, hasNextPage: false },
				webhooks: [...this.webhooks],
			},
		}),
		'POST /api/v1/webhook': async (request) => {
			const { webhook } = readBody(request, createRequest);
			if (this.webhooks.some(({ url, event }) => url === webhook.url && event === webhook.event)) {
				throw new Refusal(400, 'Webhook já cadastrado com esta URL e este evento');
			}
			if (this.webhooks.length >= MOST_WEBHOOKS) {
				throw new Refusal(400, `Limite de ${MOST_WEBHOOKS} webhooks atingido`);
			}
			if (request.query.validate !== 'false') await this.testUrl(webhook);
			const hmacSecretKey = `openpix_${randomBytes(24).toString('base64')}`;
			return { body: { webhook: { ...this.addWebhook(webhook), hmacSecretKey } } };
		},
		'DELETE /api/v1/webhook/:id': (_request, [id]) => {
			const index = this.webhooks.findIndex((webhook) => webhook.id === id);
			if (index < 0) throw new Refusal(400, 'Webhook não encontrado');
			this.webhooks.splice(index, 1);
			return { body: { status: 'OK' } };
		},
	};

	/** The call with which Woovi tests a URL. Throws a Refusal unless it answers 200. */
	private async testUrl(webhook: NewWooviWebhook): Promise<void> {
		const call = { data_criacao: new Date().toISOString(), event: webhook.event };
		const status = await this.notify(webhook, call).catch(() => 0);
		if (status !== 200) throw new Refusal(400, 'A URL não respondeu 200 ao teste');
	}

	private async notify(webhook: NewWooviWebhook, payload: JsonObject): Promise<number> {
		const { url, authorization } = webhook;
		const body = JSON.stringify(payload);
		const [key = signingKey] = this.keys;
		const target = authorization ? withQuery(url, 'authorization', authorization) : url;
		return await this.post(target, body, {
			...(authorization && {
				Authorization: authorization,
				'x-openpix-authorization': authorization,
			}),
			'x-webhook-signature': signatureOf(body, key),
		});
	}
}
