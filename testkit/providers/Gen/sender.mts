import { genManual } from '../../../nodes/Gen/gen';
import { postJson, readSample, renewIds, sampleOf } from '../samples.mts';
import type { Sample, Sender } from '../senders.mts';

const events = ['PAYMENT.CREATED', 'charge-create', 'charge-in', 'charge-cancelled'];
const samples: Sample[] = [
	...events.map((event) => readSample('Gen', event)),
	{ ...readSample('Gen', 'ORDER.UPDATED', 'variation-order-event.json'), assumed: true },
];

const ID_KEYS = new Set(['id', 'order_id', 'external_id', 'invoiceId']);

export const sender: Sender = {
	provider: 'gen',
	folder: 'Gen',
	page: 'gen',
	definition: genManual,
	displayName: 'Gen',
	aliases: ['genpag', 'gen pag'],
	searchWords: ['genpag', 'pix', 'boleto', 'refund', 'estorno', 'gateway'],
	portuguese: [
		'Perfil e preferências > Notificações > + Criar Webhook',
		'Perfil e preferências > Notificações',
		'Perfil e preferências > Desenvolvedor > Chaves de Acesso > Meu ID',
		'Perfil e preferências > Desenvolvedor > Gerar nova chave',
		'Perfil e preferências > Desenvolvedor',
		'Capturando dados da Sessão',
		'Autorização',
	],
	nodeType: 'n8n-nodes-brazil-commerce.genTrigger',
	credentialType: 'genWebhookApi',
	nodeParameters: { registration: 'manual' },
	credentialData: (token) => ({ token }),
	events,
	samples,
	filtersOut: { status: ['REVERSED'] },
	naming: (event) => ({ event }),
	sample: (event) => sampleOf(samples, event),

	// Where the payment lies in the payload is not documented, so every id is renewed wherever it is.
	freshIds: (payload) => renewIds(payload, (key) => ID_KEYS.has(key)),

	// No document names a content type; JSON's is assumed. The token arrives without "Bearer".
	delivery: (_event, payload, url, token) =>
		postJson(url, JSON.stringify(payload), token ? { Authorization: token } : {}),
};
