import type { Api, ApiCall } from './api';
import type { Json } from './json';
import type { Provider } from './provider';

/** Calls the provider's API. */
export type CallApi = (call: ApiCall) => Promise<Json>;

/** A webhook as a trigger needs it. */
export interface DesiredWebhook {
	target: string;
	events: string[];
	token: string;
}

/** A registered webhook, as far as the provider shows it. */
export interface RegisteredWebhook {
	id: string;
	target?: string;
	events?: string[];
	token?: string;
}

/** How webhooks are registered through a provider's API. `registration.ts` does everything else. */
export interface WebhookApi {
	/** The trigger with automatic registration: its credential holds the token. */
	provider: Provider;
	api: Api;
	/** What an ID belongs to, such as the API's address and the seller. It is stored and logged: no secrets. */
	getAccount(credential: Readonly<Record<string, unknown>>): string;
	/** How a user removes a webhook in the provider's panel, in one sentence. */
	removalSteps: string;
	/** Whether a trigger has one webhook for all its events, or one for each. */
	webhookPer: 'trigger' | 'event';
	/** The codes to register for All Events. */
	allEvents: readonly string[];
	/** The codes to register for one that was selected or typed, if not that one: none where the API refuses it. */
	toCodes?(code: string): readonly string[];
	/** How many webhooks an account may have. */
	maxWebhooks?: number;
	/** Whether the API refuses a second webhook with the same URL and event. It is then removed before it is replaced. */
	refusesTwins?: boolean;
	/** Whether no document says how to list and remove webhooks: the API may not offer it. */
	isUndocumented?: boolean;
	/** All webhooks of the account; `undefined` where the answer cannot be understood. */
	list(call: CallApi): Promise<RegisteredWebhook[] | undefined>;
	/**
	 * Registers a webhook. Resolves with its ID, empty where the answer does not contain it.
	 *
	 * @param name for the provider's panel
	 */
	create(call: CallApi, webhook: DesiredWebhook, name: string): Promise<string>;
	remove(call: CallApi, id: string): Promise<unknown>;
}
