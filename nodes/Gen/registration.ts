import { z } from 'zod';
import { encodePath } from '../core/api';
import type { Json } from '../core/json';
import type { RegisteredWebhook, WebhookApi } from '../core/webhookApi';
import { gen } from './gen';
import { genApi, getAccount, unwrapList, unwrapObject } from './genApi';

/** Gen's page "Webhooks e Eventos", under "Cadastrando pela API". It does not say how to list and remove webhooks. */
export const genWebhooks: WebhookApi = {
	provider: gen,
	api: genApi,
	getAccount,
	removalSteps: 'remove it in Gen under Perfil e preferências > Notificações',
	webhookPer: 'trigger',
	allEvents: ['PAYMENT.*', 'ORDER.*'],
	isUndocumented: true,
	list: async (call) => parseWebhooks(await call({ method: 'GET', path: '/api/webhooks' })),
	async create(call, { events, target, token }) {
		const answer = await call({
			method: 'POST',
			path: '/api/webhooks',
			body: { webhook: { events, target, authorization: token } },
		});
		const { id } = unwrapObject(answer);
		return typeof id === 'number' ? String(id) : typeof id === 'string' ? id : '';
	},
	remove: async (call, id) =>
		await call({ method: 'DELETE', path: encodePath`/api/webhooks/${id}` }),
};

/** The webhooks in an answer. No document shows one: the keys are those of the request. */
export function parseWebhooks(answer: Json): RegisteredWebhook[] | undefined {
	const entry = z
		.object({
			id: z.union([z.string(), z.number()]).transform(String),
			target: z.string().optional().catch(undefined),
			events: z.array(z.string()).optional().catch(undefined),
			authorization: z.string().optional().catch(undefined),
		})
		.transform(({ authorization: token, ...webhook }) => ({ ...webhook, token }));
	const parsed = z.array(entry).safeParse(unwrapList(answer));
	return parsed.success ? parsed.data : undefined;
}
