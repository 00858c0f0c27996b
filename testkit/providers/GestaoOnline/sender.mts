import { randomInt, randomUUID } from 'node:crypto';
import { gestaoOnline } from '../../../nodes/GestaoOnline/gestaoOnline';
import { copyOf, objectAt, postJson, readSample, sampleOf, withQuery } from '../samples.mts';
import type { Sender } from '../senders.mts';

const events = [
	'ORDER_CREATED',
	'ORDER_CANCEL',
	'TAX_INVOICE_CHANGE_STATUS',
	'FINANCIAL_PAYMENT_DISCHARGE',
	'FINANCIAL_PAYMENT_STATUS',
	'ORDER_DELIVERY_CHANGE_STATUS',
];
const samples = events.map((event) => readSample('GestaoOnline', event));

export const sender: Sender = {
	provider: 'gestaoOnline',
	folder: 'GestaoOnline',
	page: 'gestao-online',
	definition: gestaoOnline,
	displayName: 'Gestão Online',
	aliases: ['gestao', 'go'],
	searchWords: ['gestao', 'erp', 'pedido', 'brasil'],
	portuguese: [
		'Olá! Solicito que as notificações de eventos por webhook da nossa conta sejam enviadas para a URL abaixo. Empresa:',
		'Por favor, usem a URL exatamente como está: o parâmetro token identifica o envio de vocês e é um segredo.',
	],
	nodeType: 'n8n-nodes-brazil-commerce.gestaoOnlineTrigger',
	credentialType: 'gestaoOnlineWebhookApi',
	nodeParameters: {},
	credentialData: (token) => ({ token, parameterName: 'token' }),
	events,
	samples,
	naming: (event) => ({ event_id: event }),
	sample: (event) => sampleOf(samples, event),

	freshIds(payload) {
		const copy = copyOf(payload);
		const order = objectAt(copy, 'data');
		const id = randomInt(1_000_000, 1_000_000_000);
		if ('id' in order) order.id = String(id);
		order.code = String(id).padStart(10, '0');
		order.utmId = randomUUID();
		return copy;
	},

	// The provider knows no token: it posts to the URL that it was given by e-mail.
	delivery: (_event, payload, url, token) =>
		postJson(token ? withQuery(url, 'token', token) : url, JSON.stringify(payload)),
};
