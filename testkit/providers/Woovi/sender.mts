import { documentedCodes } from '../../../nodes/Woovi/events';
import { wooviManual } from '../../../nodes/Woovi/woovi';
import { objectAt, postJson, readSample, renewIds, sampleOf } from '../samples.mts';
import type { Sender } from '../senders.mts';
import { keyListOf, keyServerUrl, signatureOf, signingKey } from './signing.mts';

const events = documentedCodes;
const samples = events.map((event) => readSample('Woovi', event));

const ID_KEYS = new Set([
	'correlationID',
	'endToEndId',
	'globalID',
	'identifier',
	'transactionID',
	'boletoTransactionID',
]);
let accounts = 0;

export const sender: Sender = {
	provider: 'woovi',
	folder: 'Woovi',
	page: 'woovi',
	definition: wooviManual,
	displayName: 'Woovi',
	aliases: ['openpix'],
	searchWords: ['woovi', 'openpix', 'pix', 'cobrança', 'boleto'],
	portuguese: ['Pix Automático', 'API/Plugins > Novo Webhook', 'Novo Webhook'],
	nodeType: 'n8n-nodes-brazil-commerce.wooviTrigger',
	credentialType: 'wooviWebhookApi',
	nodeParameters: { registration: 'manual' },
	signing: {
		headers: (body) => ({ 'x-webhook-signature': signatureOf(body, signingKey) }),
		keyList: keyListOf(signingKey),
	},
	mainEvents: [
		'OPENPIX:CHARGE_COMPLETED',
		'OPENPIX:TRANSACTION_RECEIVED',
		'PIX_TRANSACTION_REFUND_SENT_CONFIRMED',
		'OPENPIX:MOVEMENT_CONFIRMED',
		'OPENPIX:DISPUTE_CREATED',
		'BOLETO_SETTLED',
		'PIX_AUTOMATIC_APPROVED',
		'PIX_AUTOMATIC_COBR_COMPLETED',
	],
	credentialData: (token) => ({ environment: 'custom', baseUrl: keyServerUrl(), token }),
	events,
	samples,
	filtersOut: { status: ['EXPIRED'] },
	naming: (event) => ({ event }),
	sample: (event) => sampleOf(samples, event),

	freshIds(payload) {
		const copy = renewIds(payload, (key) => ID_KEYS.has(key));
		// A registration of an account has no id.
		const register = objectAt(copy, 'accountRegister');
		if ('officialName' in register)
			register.officialName = `Loja Exemplo ${Date.now()}-${++accounts}`;
		return copy;
	},

	delivery(_event, payload, url, token) {
		const body = JSON.stringify(payload);
		return postJson(url, body, {
			...(token ? { Authorization: token, 'x-openpix-authorization': token } : {}),
			'x-webhook-signature': signatureOf(body, signingKey),
		});
	},
};
