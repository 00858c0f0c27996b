import { randomBytes } from 'node:crypto';
import { troqueDevolva } from '../../../nodes/TroqueDevolva/troqueDevolva';
import { copyOf, objectAt, postJson, readSample, sampleOf, withQuery } from '../samples.mts';
import type { Sender } from '../senders.mts';

const events = [
	'request.created',
	'request.rejected',
	'request.authorized',
	'request.posted',
	'request.delivered',
	'request.done',
];
const samples = events.map((event) => readSample('TroqueDevolva', event));

/** The user's own header, as the credential suggests it. */
const TOKEN_HEADER = 'X-Webhook-Token';

export const sender: Sender = {
	provider: 'troqueDevolva',
	folder: 'TroqueDevolva',
	page: 'troque-devolva',
	definition: troqueDevolva,
	displayName: 'Troque & Devolva',
	aliases: ['troque e devolva', 'troque', 't&d'],
	searchWords: ['troque', 'returns', 'exchange', 'devolução'],
	portuguese: ['Configurações > Webhooks > Novo Webhook'],
	nodeType: 'n8n-nodes-brazil-commerce.troqueDevolvaTrigger',
	credentialType: 'troqueDevolvaWebhookApi',
	nodeParameters: {},
	credentialData: (token) => ({ headerName: TOKEN_HEADER, headerValue: token }),
	events,
	samples,
	filtersOut: { status: ['34'] },
	naming: (event) => ({ event }),
	sample: (event) => sampleOf(samples, event),

	freshIds(payload) {
		const copy = copyOf(payload);
		const id = newId();
		if ('_id' in copy) copy._id = id;
		if ('id' in copy) copy.id = id;
		const history = objectAt(copy, 'process').status_history;
		for (const entry of Array.isArray(history) ? history : []) {
			if (typeof entry === 'object' && entry !== null && '_id' in entry) entry._id = newId();
		}
		return copy;
	},

	// The event's name is not in the payload. The recommended set-up is one webhook per event in
	// the panel, each with its own URL; `eventInUrl: false` is a webhook without that.
	delivery: (event, payload, url, token, { eventInUrl = true } = {}) =>
		postJson(
			eventInUrl ? withQuery(url, 'event', event) : url,
			withToken(JSON.stringify(payload), token),
			token ? { [TOKEN_HEADER]: token } : {},
		),
};

/** The provider's delivery log inside the payload echoes the header's value. */
function withToken(body: string, token?: string): string {
	return token ? body.replaceAll('__TOKEN__', () => JSON.stringify(token).slice(1, -1)) : body;
}

function newId(): string {
	return randomBytes(12).toString('hex');
}
