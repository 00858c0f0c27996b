import { randomInt } from 'node:crypto';
import { goatCom } from '../../../nodes/GoatCom/goatCom';
import { copyOf, objectAt, postJson, readSample, sampleOf } from '../samples.mts';
import type { JsonObject, Sender } from '../senders.mts';

const events = [
	'ORDER_CREATED',
	'ORDER_APPROVED',
	'ORDER_REJECTED',
	'ORDER_UPDATE',
	'CART_ABANDONED',
];
const samples = events.map((event) => readSample('GoatCom', event));

export const sender: Sender = {
	provider: 'goatCom',
	folder: 'GoatCom',
	page: 'goatcom',
	definition: goatCom,
	displayName: 'GoatCom',
	aliases: ['goat'],
	searchWords: ['goatcom', 'abandoned cart', 'carrinho abandonado', 'pix', 'loja'],
	nodeType: 'n8n-nodes-brazil-commerce.goatComTrigger',
	credentialType: 'goatComWebhookApi',
	nodeParameters: {},
	credentialData: (token) => ({ token }),
	events,
	samples,
	filtersOut: { status: ['DELIVERED'] },
	naming: (event) => ({ event_type: event }),
	sample: (event) => sampleOf(samples, event),

	freshIds(payload) {
		const copy = copyOf(payload);
		renewId(copy);
		renewId(objectAt(copy, 'cart'));
		renewId(objectAt(copy, 'shipping'));
		return copy;
	},

	delivery: (_event, payload, url, token) =>
		postJson(url, JSON.stringify(payload), {
			...(token ? { Authorization: `Bearer ${token}` } : {}),
			'User-Agent': 'Goat-Webhook/1.0',
		}),
};

/** An abandoned cart has no id at its root, and keeps none. */
function renewId(holder: JsonObject): void {
	if ('id' in holder) holder.id = randomInt(1_000_000, 1_000_000_000);
}
