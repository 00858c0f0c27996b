import type { ProviderFolder } from './fixtures.mts';
import { sender as gen } from './Gen/sender.mts';
import { sender as gestaoOnline } from './GestaoOnline/sender.mts';
import { sender as goatCom } from './GoatCom/sender.mts';
import { sender as troqueDevolva } from './TroqueDevolva/sender.mts';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
	[key: string]: JsonValue;
}

export interface Sample {
	event: string;
	file: string;
	payload: JsonObject;
	/** The event's name is in no document; only a pattern that covers it is. */
	assumed?: boolean;
}

export interface Delivery {
	url: string;
	method: 'POST';
	headers: Record<string, string>;
	body: string;
}

export interface DeliveryOptions {
	/** Troque & Devolva: false leaves `?event=` out of the URL. */
	eventInUrl?: boolean;
}

/** Plays a provider: its samples, and how it delivers them. */
export interface Sender {
	provider: 'gestaoOnline' | 'goatCom' | 'troqueDevolva' | 'gen';
	/** The provider's folder beside this file. */
	folder: ProviderFolder;
	displayName: string;
	/** Other spellings people may type for the provider. */
	aliases: string[];
	nodeType: string;
	credentialType: string;
	/** The trigger's parameters that this credential needs, beyond the defaults. */
	nodeParameters: Record<string, string>;
	/** What the credential holds for that token. */
	credentialData(token: string): Record<string, string>;
	/** Documented codes, in the documented order. */
	events: string[];
	samples: Sample[];
	/** A deep copy. */
	sample(event: string): JsonObject;
	/** A copy with new ids, so that it counts as another delivery. */
	freshIds(payload: JsonObject): JsonObject;
	/** The request as the provider makes it. */
	delivery(
		event: string,
		payload: JsonObject,
		url: string,
		token?: string,
		options?: DeliveryOptions,
	): Delivery;
}

export const senders: Sender[] = [gestaoOnline, goatCom, troqueDevolva, gen];

/** The sender of a provider that is known to exist. */
export function senderOf(provider: Sender['provider']): Sender {
	const sender = findSender(provider);
	if (!sender) throw new Error(`There is no sender for ${provider}.`);
	return sender;
}

/** Takes "goatcom", "goat-com", "GoatCom", "t&d", "Gestão Online"… */
export function findSender(name: string): Sender | undefined {
	const wanted = plain(name);
	return senders.find(({ provider, displayName, aliases }) =>
		[provider, displayName, ...aliases].some((spelling) => plain(spelling) === wanted),
	);
}

function plain(name: string): string {
	return name
		.normalize('NFD')
		.toLowerCase()
		.replace(/[^a-z0-9]/g, '');
}
