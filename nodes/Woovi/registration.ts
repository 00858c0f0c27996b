import { createHash } from 'crypto';
import { z } from 'zod';
import { encodePath } from '../core/api';
import { own } from '../core/json';
import type { WebhookApi } from '../core/webhookApi';
import { canonicalCode, documentedCodes, STABLECOIN_CODES } from './events';
import { woovi } from './woovi';
import { getBaseUrl, wooviApi } from './wooviApi';

const PATH = '/api/v1/webhook';

const created = z.object({ webhook: z.object({ id: z.string() }) });

const listed = z.object({
	webhooks: z.array(
		z
			.object({
				id: z.string(),
				url: z.string().optional().catch(undefined),
				event: z.string().optional().catch(undefined),
				authorization: z.string().optional().catch(undefined),
			})
			.transform(({ id, url, event, authorization }) => ({
				id,
				target: url,
				events: event === undefined ? undefined : [event],
				token: authorization,
			})),
	),
});

/** Woovi's API reference, "webhook": one webhook for each event, at most 50 for a company. */
export const wooviWebhooks: WebhookApi = {
	provider: woovi,
	api: wooviApi,
	getAccount: (credential) => {
		const appId = String(own(credential, 'appId') ?? '');
		const hash = createHash('sha256').update(appId).digest('hex');
		return `${getBaseUrl(credential)} ${hash.slice(0, 8)}`;
	},
	removalSteps: 'remove it in Woovi under API/Plugins',
	webhookPer: 'event',
	// The API reference does not list it: where the API refuses it, nothing else should fail.
	allEvents: documentedCodes.filter((code) => code !== 'BOLETO_SETTLED'),
	toCodes(code) {
		const canonical = canonicalCode(code);
		if (!canonical.endsWith('*')) return [canonical];
		const prefix = canonical.slice(0, -1);
		return [...documentedCodes, ...STABLECOIN_CODES].filter((known) => known.startsWith(prefix));
	},
	maxWebhooks: 50,
	refusesTwins: true,
	list: async (call) => listed.safeParse(await call({ method: 'GET', path: PATH })).data?.webhooks,
	async create(call, { target, events: [event], token }, name) {
		const answer = await call({
			method: 'POST',
			path: PATH,
			body: { webhook: { name, event, url: target, authorization: token, isActive: true } },
		});
		return created.safeParse(answer).data?.webhook.id ?? '';
	},
	remove: async (call, id) =>
		await call({ method: 'DELETE', path: encodePath`/api/v1/webhook/${id}` }),
};
