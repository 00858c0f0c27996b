import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Provider } from '../../nodes/core/provider';
import { repositoryRoot } from '../n8n/paths.mts';

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
	/** The item's `provider`. */
	provider: string;
	/** The provider's folder beside this file, and in `nodes/`. */
	folder: string;
	/** The name of its page in `docs/`, without extension. */
	page: string;
	/** What the package knows of the provider, for the credential below. */
	definition: Provider;
	displayName: string;
	/** Other spellings people may type for the provider. */
	aliases: string[];
	/** What a user may type into n8n's node panel to find it; n8n must show it among the first. */
	searchWords: string[];
	/** What stays Portuguese in the texts of the nodes, besides the name: where something is in the provider's panel. */
	portuguese?: string[];
	nodeType: string;
	credentialType: string;
	/** The trigger's parameters that this credential needs, beyond the defaults. */
	nodeParameters: Record<string, string>;
	/** For a provider that signs: the header with the signature of a body, and the list of its public keys. */
	signing?: {
		headers(body: string | Buffer): Record<string, string>;
		keyList: JsonObject;
	};
	/** For a provider of many events: those that stand for the others in `npm start` and on its page. */
	mainEvents?: string[];
	/** What the credential holds for that token. */
	credentialData(token: string): Record<string, string>;
	/** Documented codes, in the documented order. */
	events: string[];
	samples: Sample[];
	/** A setting of Filters that holds the first sample back; left out where the trigger has no filters. */
	filtersOut?: JsonObject;
	/** A payload that says the event's name, where this provider says it, and nothing else. */
	naming(event: JsonValue): JsonObject;
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

const folder = join(repositoryRoot, 'testkit', 'providers');
// Instead of a list of imports, which somebody would have to keep. Both jest and tsx load TypeScript this way.
const load = createRequire(join(folder, 'senders.mts'));

/** The sender of every provider, in the order of their folders. */
export const senders: readonly Sender[] = readdirSync(folder)
	.map((provider) => join(folder, provider, 'sender.mts'))
	.filter((file) => existsSync(file))
	.map((file) => {
		const { sender }: { sender?: Sender } = load(file);
		if (!sender) throw new Error(`${file} lacks its export. Name it as in the other folders.`);
		return sender;
	});

/** A provider's samples, or of many those that stand for the others. */
export const mainSamples = ({ samples, mainEvents }: Sender): Sample[] =>
	samples.filter(({ event }) => mainEvents?.includes(event) ?? true);

/** The sender of a provider that is known to exist. */
export function senderOf(provider: string): Sender {
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
