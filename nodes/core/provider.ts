import type { INodeProperties } from 'n8n-workflow';
import type { Json, JsonObject } from './json';
import type { ProviderToken } from './token';
import type { Field, Shape } from './shape';
import type { SignatureScheme } from './signature';

/** The code that stands for events which the provider's documentation does not name. */
export const OTHER = 'other';

/** The code that stands for every event. */
export const ALL = '*';

/** An event that a user can select. */
export interface ProviderEvent {
	/** The documented code, or a prefix pattern ending in `*`. */
	code: string;
	/** The name in the list of events. */
	name: string;
	/** The name of its output on the canvas, which cuts after about 11 characters. */
	label: string;
	/** When the provider sends it, in one line. */
	description: string;
}

export const otherEvents: ProviderEvent = {
	code: OTHER,
	name: 'Other Events',
	label: 'Other',
	description: 'Events that the documentation of the provider does not name',
};

/** An authenticated delivery. */
export interface Delivery {
	body: JsonObject;
	headers: Readonly<Record<string, string | string[] | undefined>>;
	query: Readonly<Record<string, unknown>>;
}

/** The event of a delivery: its name as the provider spells it, or `unknown`. */
export interface NamedEvent {
	name: string;
	/** Where the name was found, for a provider that has several places; the item's `delivery.eventSource`. */
	source?: string;
	/** The same in a sentence: `event_type of the body`. */
	place?: string;
}

/** One filter: its parameters, and the delivery's values to compare with them. */
export interface ProviderFilter {
	/** The entries of the Filters collection: lists, and texts with comma-separated values. */
	properties: INodeProperties[];
	/** Whether to ignore case: for values whose spelling is not documented. */
	ignoreCase?: boolean;
	/** Whether a delivery's number must be at least the wanted one, instead of equal to it. */
	isMinimum?: boolean;
	/** The values in a delivery, any of which may match; empty if the payload has no such field. */
	values(body: JsonObject): Array<Json | undefined>;
}

/** Everything the core needs to know about a provider. */
export interface Provider {
	/** The item's `provider`. */
	id: string;
	displayName: string;
	/** The steps at the provider, in a few sentences of HTML, for the trigger's panel. */
	connect: string;
	/** More of it, shown on a click, such as the text of an e-mail. */
	connectDetails?: string;
	/** Whether n8n can register the trigger through the provider's API, unless the user registers it manually. */
	registersItself?: boolean;
	/** In the documented order. Events documented later come after Other, so that outputs keep their places. */
	events: ProviderEvent[];
	credential: string;
	token: ProviderToken;
	/** For a provider that signs so that the signature proves the sender. It is required beside the token. */
	signature?: SignatureScheme;
	/** Whether a delivery only tests the URL when it is registered. It is acknowledged and ignored. */
	isTestCall?(body: JsonObject): boolean;
	/** Finds the event's name; `unknown` if there is none. */
	eventOf(delivery: Delivery): NamedEvent;
	filters: ProviderFilter[];
	/** The part of a delivery that is the same in every retry of it and differs between deliveries. */
	identityOf(body: JsonObject, event: string): Json;
	/** Whether two equal deliveries are always one delivery sent twice, not two events that look the same. */
	ignoresDuplicatesByDefault: boolean;
	/** How long, in seconds, to remember deliveries by default, if retries go on for longer than 10 minutes. */
	duplicateWindow?: number;
	/** Removes other integrations' secrets, which the provider echoes. */
	withoutSecrets?(body: JsonObject): JsonObject;
	/** The item's keys from `id` to the last one before `delivery`. */
	item: Shape;
	/** Keys of `delivery` that the provider sends; null where it did not. */
	deliveryFields?: Readonly<Record<string, Field>>;
	/** Whether the clean item carries the payload: for events whose fields no documented sample shows, or few of them. */
	needsPayload?(event: string): boolean;
	/** The default zone of dates that the provider sends without an offset. */
	defaultTimezone?: string;
	/** Whether users may type events: for a provider that documents only some of them. */
	hasCustomEvents?: boolean;
	/** Such events, as an example. */
	customEventsExample?: string;
	/** The documented spelling of an event's code, for a provider that has several. `eventOf` returns it too. */
	canonicalCode?(code: string): string;
}
