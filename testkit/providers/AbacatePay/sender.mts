import { createHmac, randomBytes } from 'node:crypto';
import { abacatePayManual } from '../../../nodes/AbacatePay/abacatePay';
import { postJson, readSample, renewIds, sampleOf, withQuery } from '../samples.mts';
import type { Sender } from '../senders.mts';

const events = [
	'checkout.completed',
	'checkout.refunded',
	'checkout.disputed',
	'checkout.lost',
	'transparent.completed',
	'transparent.refunded',
	'transparent.disputed',
	'transparent.lost',
	'subscription.completed',
	'subscription.cancelled',
	'subscription.renewed',
	'subscription.trial_started',
	'payout.completed',
	'payout.failed',
	'transfer.completed',
	'transfer.failed',
	'subscription.payment_failed',
	'subscription.plan_changed',
];
const samples = events.map((event) => readSample('AbacatePay', event));

/** Printed in the documentation (page "Segurança") and the same for every account: it proves nothing. */
const PUBLIC_KEY =
	't9dXRhHHo3yDEj5pVDYz0frf7q6bMKyMRmxxCPIPp3RCplBfXRxqlC6ZpiWmOqj4L63qEaeUOtrCI8P0VMUgo6iIga2ri9ogaHFs0WIIywSMg0q7RmBfybe1E5XJcfC4IW3alNqym0tXoAKkzvfEjZxV6bE0oG2zJrNNYmUCKZyV0KZ3JS8Votf9EAWWYdiDkMkpbMdPggfh1EqHlVkMiTady6jOR3hyzGEHrIz2Ret0xHKMbiqkr9HS1JhNHDX9';

/** What AbacatePay sends in X-Webhook-Signature, and anybody can compute. */
export const signatureOf = (body: string) =>
	createHmac('sha256', PUBLIC_KEY).update(body).digest('base64');

export const sender: Sender = {
	provider: 'abacatePay',
	folder: 'AbacatePay',
	page: 'abacatepay',
	definition: abacatePayManual,
	displayName: 'AbacatePay',
	aliases: ['abacate pay', 'abacate'],
	searchWords: ['abacatepay', 'pix', 'checkout', 'assinatura', 'gateway'],
	portuguese: ['Webhooks > Criar', 'Webhooks'],
	nodeType: 'n8n-nodes-brazil-commerce.abacatePayTrigger',
	credentialType: 'abacatePayWebhookApi',
	nodeParameters: { registration: 'manual' },
	credentialData: (token) => ({ token }),
	events,
	samples,
	filtersOut: { devMode: ['true'] },
	naming: (event) => ({ event }),
	sample: (event) => sampleOf(samples, event),

	// Ids begin with their kind, as in `bill_…`.
	freshIds: (payload) =>
		renewIds(
			payload,
			(key, value) => /^(id|\w+Id)$/.test(key) && /^\w{3,4}_\w+$/.test(value),
			(id) => id.replace(/(?<=_).*/, randomBytes(9).toString('hex')),
		),

	// The secret comes in both places.
	delivery(_event, payload, url, token) {
		const body = JSON.stringify(payload);
		return postJson(token ? withQuery(url, 'webhookSecret', token) : url, body, {
			'User-Agent': 'AbacatePay/1.0',
			'X-Webhook-Signature': signatureOf(body),
			...(token ? { 'X-Webhook-Secret': token } : {}),
		});
	},
};
