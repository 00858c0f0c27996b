import { senders } from '../../testkit/providers/senders.mts';

/** What is Portuguese on purpose, wherever it stands: a user has to find these words, or to send them. */
const PORTUGUESE_ON_PURPOSE = [
	// Names of providers, and what their senders list.
	...senders.flatMap(({ displayName, portuguese = [] }) => [displayName, ...portuguese]),
	'São Paulo',
	// Terms of Brazilian law, beside their translation.
	'razão social',
	'inscrição estadual',
	// Examples of what a store enters.
	'Não receber após o vencimento',
	'Rua das Flores',
];

/** Frequent Portuguese words that do not exist in English, without their accents. */
const PORTUGUESE_WORDS = new Set(
	`abaixo acesso acima agora ainda apenas aqui antes apos cada campo campos chave chaves cliente clientes codigo com
	como compra compras configuracao configuracoes conta contas criar dados das depois desta deste deve devolucao dos
	ela ele eles em enviado enviar envio erro erros essa esse esta estao estas este estes evento eventos feito foi foram
	isso isto ja loja lojas mais mas mensagem mesmo muito nao nas nenhum nenhuma nome nossa nosso nova novo novos onde
	ordem outra outras outro outros pagamento pagamentos para pedido pedidos pela pelo pelos pode podem por porque
	preco produto produtos qual quando quantidade que quem receber recebido sao seja sem senha ser seu seus sido sobre
	somente sua suas tambem tem ter texto tipo toda todas todo todos troca trocas uma umas usar usuario valor valores
	vazio venda vendas voce voces`.split(/\s+/),
);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const onPurpose = new RegExp(
	PORTUGUESE_ON_PURPOSE.map(escaped)
		.sort((a, b) => b.length - a.length)
		.join('|'),
	'g',
);
const withoutAccents = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '');

/**
 * The words of an English text that are Portuguese: those with an accent, and frequent ones without. HTML, addresses,
 * and what is Portuguese on purpose are passed over.
 */
export function portugueseWords(text: string): string[] {
	const words = text
		.replace(/<[^>]*>/g, ' ')
		.replace(/&gt;/g, '>')
		.replace(/&amp;/g, '&')
		.replace(/\s+/g, ' ')
		.replace(onPurpose, ' ')
		// Addresses, paths and codes are not words.
		.replace(/\S*[\w)][.@/_=#:]\w\S*/g, ' ')
		.match(/\p{L}+/gu);
	return [...new Set(words ?? [])].filter(
		(word) =>
			withoutAccents(word) !== word || PORTUGUESE_WORDS.has(withoutAccents(word.toLowerCase())),
	);
}

/** A page in Markdown without its code and the addresses of its links. */
export const proseOf = (markdown: string) =>
	markdown
		.replace(/```[\s\S]*?```/g, ' ')
		.replace(/`[^`]*`/g, ' ')
		.replace(/\]\([^)]*\)/g, '] ');

/** The keys of a description whose values a user reads. */
const TEXT_KEYS = new Set([
	'action',
	'activationMessage',
	'addOptionalFieldButtonText',
	'description',
	'displayName',
	'eventTriggerDescription',
	'hint',
	'multipleValueButtonText',
	'placeholder',
	'subtitle',
]);

/** Every text of a description that a user reads, with its place: names, descriptions, hints, options, panels. */
export function textsOf(value: unknown, place: string, inPanel = false): Array<[string, string]> {
	if (typeof value === 'string') return inPanel ? [[place, value]] : [];
	if (Array.isArray(value)) {
		return value.flatMap((entry, index) => textsOf(entry, `${place}[${index}]`, inPanel));
	}
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
		const isOptionName = key === 'name' && 'value' in value;
		const isText = TEXT_KEYS.has(key) || isOptionName || inPanel || key === 'triggerPanel';
		return textsOf(part, `${place}.${key}`, isText);
	});
}
