import { z } from 'zod';
import type { RegisteredWebhook, WebhookApi } from '../core/webhookApi';
import { abacatePay } from './abacatePay';
import { abacatePayApi, getAccount } from './abacatePayApi';
import { panelEvents, registrableEvents } from './events';

const registrable = registrableEvents.map(({ code }) => code);

/** AbacatePay's API of webhooks: the section "Webhooks" of its openapi.yaml. It cannot change a webhook. */
export const abacatePayWebhooks: WebhookApi = {
	provider: abacatePay,
	api: abacatePayApi,
	getAccount,
	removalSteps: 'remove it in AbacatePay under Webhooks',
	webhookPer: 'trigger',
	allEvents: registrable,
	toCodes,
	list,
	async create(call, { events, target, token }, name) {
		const body = { name, endpoint: target, secret: token, events };
		const answer = await call({ method: 'POST', path: '/webhooks/create', body });
		return createdSchema.safeParse(answer).data?.data.id ?? '';
	},
	remove: async (call, id) =>
		await call({ method: 'POST', path: '/webhooks/delete', body: { id } }),
};

/** The API knows no patterns, and refuses the events that only the panel may offer. */
function toCodes(code: string): string[] {
	if (code.endsWith('*')) return registrable.filter((known) => known.startsWith(code.slice(0, -1)));
	return panelEvents.some((event) => event.code === code) ? [] : [code];
}

const createdSchema = z.object({ data: z.object({ id: z.string() }) });

const pageSchema = z.object({
	data: z.array(
		z
			.object({ id: z.string(), endpoint: z.string(), events: z.array(z.string()) })
			.transform(({ endpoint: target, ...webhook }) => ({ ...webhook, target })),
	),
	pagination: z
		.object({ hasMore: z.boolean(), next: z.string().nullish() })
		.nullish()
		.catch(undefined),
});

/** More pages than any account should have: a cursor that leads back to the first page must not be followed for ever. */
const MAX_PAGES = 100;

async function list(
	call: Parameters<WebhookApi['list']>[0],
): Promise<RegisteredWebhook[] | undefined> {
	const webhooks: RegisteredWebhook[] = [];
	let after: string | undefined;
	for (let page = 1; page <= MAX_PAGES; page++) {
		const query = { limit: 100, ...(after !== undefined && { after }) };
		const parsed = pageSchema.safeParse(
			await call({ method: 'GET', path: '/webhooks/list', query }),
		);
		if (!parsed.success) return undefined;
		const { data, pagination } = parsed.data;
		webhooks.push(...data);
		if (!pagination?.hasMore || !pagination.next) return webhooks;
		after = pagination.next;
	}
	return undefined;
}
