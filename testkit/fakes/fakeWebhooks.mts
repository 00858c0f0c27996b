import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';
import { encodePath } from '../../nodes/core/api';
import { isRegistered, register, unregister } from '../../nodes/core/registration';
import type { DesiredWebhook, RegisteredWebhook, WebhookApi } from '../../nodes/core/webhookApi';
import { httpError } from './fakeExecute.mts';
import { shop } from './fakeProvider';
import type { Account } from './lifecycle.mts';

/** What distinguishes the webhook APIs of providers. */
export interface WebhookRules
	extends Pick<WebhookApi, 'webhookPer' | 'maxWebhooks' | 'refusesTwins'> {
	showsTokens: boolean;
}

const webhook = z.object({
	id: z.string(),
	target: z.string(),
	events: z.array(z.string()),
	token: z.string().optional(),
});
const list = z.object({ webhooks: z.array(webhook) });

let accounts = 0;

/** An account of the fake provider, in memory. */
export function fakeAccount(rules: WebhookRules): Account & { key: string } {
	const baseUrl = `https://shop-${++accounts}.example.com`;
	const webhooks: RegisteredWebhook[] = [];
	let ids = 0;

	const webhookApi: WebhookApi = {
		provider: shop,
		api: {
			displayName: 'Shop',
			credential: shop.credential,
			credentialDisplayName: 'Shop API',
			getSecrets: ({ token }) => [String(token)],
			getBaseUrl: () => baseUrl,
			readErrorText: (body) => (typeof body === 'string' ? body : undefined),
		},
		getAccount: ({ key }) => `${baseUrl} ${String(key)}`,
		removalSteps: 'remove it in Shop',
		...rules,
		allEvents: ['SALE.NEW', 'REFUND'],
		list: async (call) =>
			list.safeParse(await call({ method: 'GET', path: '/webhooks' })).data?.webhooks,
		create: async (call, { events, target, token }) =>
			webhook.parse(
				await call({ method: 'POST', path: '/webhooks', body: { events, target, token } }),
			).id,
		remove: async (call, id) => await call({ method: 'DELETE', path: encodePath`/webhooks/${id}` }),
	};

	const shown = ({ token, ...rest }: RegisteredWebhook): IDataObject =>
		rules.showsTokens ? { ...rest, token } : rest;

	function add({ events, target, token }: DesiredWebhook): RegisteredWebhook {
		const added = { id: String(++ids), events: [...events], target, token };
		webhooks.push(added);
		return added;
	}

	async function request({ method, url, body }: IHttpRequestOptions): Promise<unknown> {
		if (method === 'GET') return { webhooks: webhooks.map(shown) };
		if (method === 'DELETE') {
			const index = webhooks.findIndex(({ id }) => url.endsWith(`/${id}`));
			if (index < 0) throw httpError(404, 'Not found');
			webhooks.splice(index, 1);
			return null;
		}
		const desired = webhook.omit({ id: true }).required().parse(body);
		if (webhooks.length >= (rules.maxWebhooks ?? Infinity)) throw httpError(400, 'Too many');
		const isTwin = ({ events, target }: RegisteredWebhook) =>
			target === desired.target && events?.join() === desired.events.join();
		if (rules.refusesTwins && webhooks.some(isTwin)) throw httpError(400, 'It exists');
		return shown(add(desired));
	}

	return {
		key: 'key-1',
		methods: {
			async checkExists() {
				return await isRegistered(this, webhookApi);
			},
			async create() {
				return await register(this, webhookApi);
			},
			async delete() {
				return await unregister(this, webhookApi);
			},
		},
		credential(token) {
			return { token, key: this.key };
		},
		request,
		registered: () => webhooks.map((one) => ({ ...one })),
		add: (one) => void add(one),
		move(id, target) {
			for (const one of webhooks) if (one.id === id) one.target = target;
		},
	};
}
