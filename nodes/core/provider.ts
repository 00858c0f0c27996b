import type { INodeProperties } from 'n8n-workflow';
import type { Json, JsonObject } from './json';
import type { Shape } from './shape';
import type { TokenPlace } from './token';

/** The code of the choice that takes events which the provider's documentation does not name. */
export const OTHER = 'other';

/** The code of the choice that takes every event. */
export const ALL = '*';

/** An event a user can choose. */
export interface ProviderEvent {
	/** The documented code, or a pattern that ends in `*` and matches by prefix. */
	code: string;
	/** The name in the list of events. */
	name: string;
	/** The name of its output on the canvas, which cuts after about 11 characters. */
	label: string;
	/** One line: when the provider sends it. */
	description: string;
}

/** The choice for events that the documentation does not name. */
export const otherEvents: ProviderEvent = {
	code: OTHER,
	name: 'Other Events',
	label: 'Other',
	description: 'Events that the documentation of the provider does not name',
};

/** What a provider's definition may look at: a delivery whose token is proven. */
export interface Delivery {
	body: JsonObject;
	headers: Readonly<Record<string, string | string[] | undefined>>;
	query: Readonly<Record<string, unknown>>;
}

/** The event of a delivery: its name as the provider wrote it, or `unknown`. */
export interface NamedEvent {
	name: string;
	/** Where the name was found, for a provider that has several places; the item's `delivery.eventSource`. */
	source?: string;
}

/** One filter: the parameters that a user fills, and what a delivery says. */
export interface ProviderFilter {
	/** The entries of the Filters collection: lists to choose from, and texts with comma separated values. */
	properties: INodeProperties[];
	/** Whether upper and lower case are the same: for values that no document spells. */
	ignoreCase?: boolean;
	/** The values of a delivery; any of them may match. None, where the payload has no such field. */
	values(body: JsonObject): Array<Json | undefined>;
}

/** Everything the core needs to know about a provider. Each fact about a provider stands here, once. */
export interface Provider {
	/** The item's `provider`. */
	id: string;
	displayName: string;
	/** What to do at the provider, in a few sentences, as HTML for the trigger's panel. */
	connect: string;
	/** What is too long for that, such as the text of an e-mail. */
	connectDetails?: string;
	/** Whether n8n can register the trigger through the provider's API, unless the user registers it manually. */
	registersItself?: boolean;
	/** In the documented order, with Other after what was documented first: outputs keep their places. */
	events: ProviderEvent[];
	credential: string;
	token: TokenPlace;
	/** Finds the event's name; `unknown` where there is none. */
	eventOf(delivery: Delivery): NamedEvent;
	filters: ProviderFilter[];
	/** What is the same for every retry of a delivery and differs between deliveries. */
	identityOf(body: JsonObject, event: string): Json;
	/** Whether two equal deliveries are one delivery sent twice, not two events that look the same. */
	ignoresDuplicatesByDefault: boolean;
	/** Removes what the provider echoes of other integrations' secrets. */
	withoutSecrets?(body: JsonObject): JsonObject;
	/** The item's keys from `id` to the last one before `delivery`. */
	item: Shape;
	/** The zone of dates that the provider sends without one; the user can choose another. */
	defaultTimezone?: string;
	/** Whether users may type events: for a provider that documents only some of its codes. */
	hasCustomEvents?: boolean;
}
