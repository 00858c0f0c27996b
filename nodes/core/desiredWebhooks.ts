import type { IHookFunctions } from 'n8n-workflow';
import { MIN_TOKEN_LENGTH, tokenProblem } from './credentialTest';
import { own } from './json';
import { chosenCodes } from './output';
import { OTHER } from './provider';
import { isPublicUrl } from './publicUrl';
import type { DesiredWebhook, RegisteredWebhook, WebhookApi } from './webhookApi';

/** What a trigger needs at the provider. */
export interface Desired {
	target: string;
	token: string;
	webhooks: DesiredWebhook[];
}

/** Reads what to register from the trigger's parameters and its credential. */
export function readDesired(
	context: IHookFunctions,
	webhookApi: WebhookApi,
	credential: Readonly<Record<string, unknown>>,
): Desired {
	const target = context.getNodeWebhookUrl('default') ?? '';
	const token = String(own(credential, webhookApi.provider.token.field) ?? '');
	const events = eventsToRegister(
		webhookApi,
		context.getNodeParameter('events', []),
		context.getNodeParameter('customEvents', ''),
	);
	const parts = webhookApi.webhookPer === 'event' ? events.map((event) => [event]) : [events];
	const webhooks = parts
		.filter(({ length }) => length > 0)
		.map((part) => ({ target, token, events: part }));
	return { target, token, webhooks };
}

/**
 * The codes to register, each once, in the order selected. Other Events has nothing to register.
 *
 * @param events the value of the multi-select
 * @param customEvents comma-separated
 */
export function eventsToRegister(
	{ allEvents, toCodes = (code) => [code] }: Pick<WebhookApi, 'allEvents' | 'toCodes'>,
	events: unknown,
	customEvents: unknown,
): string[] {
	const chosen = chosenCodes(events, customEvents, [...allEvents]);
	return [...new Set(chosen.filter((code) => code !== OTHER).flatMap(toCodes))];
}

/** Throws where the webhooks could never work: private URL, unsafe token, no events. */
export function checkDesired(webhookApi: WebhookApi, desired: Desired): void {
	const { target, token, webhooks } = desired;
	const { displayName } = webhookApi.api;
	if (!isPublicUrl(target)) {
		throw new Error(
			`${displayName} cannot reach ${new URL(target).host}. Set WEBHOOK_URL in n8n to the address at which the internet reaches it.`,
		);
	}
	checkWebhookToken(webhookApi, token);
	if (webhooks.length === 0) {
		throw new Error(
			`No event that ${displayName} could send is selected. Select events under Trigger On, or enter some under Custom Events.`,
		);
	}
}

/** Throws where a webhook token is empty or unsafe, by the rules of the credential test. */
export function checkWebhookToken(
	{ api, provider }: Pick<WebhookApi, 'api' | 'provider'>,
	token: string,
): void {
	const credential = `${api.credentialDisplayName} credential`;
	if (token.trim() === '') {
		throw new Error(
			`The ${credential} has no webhook token. Enter a secret of ${provider.token.minLength ?? MIN_TOKEN_LENGTH} characters or more: ${api.displayName} sends it with every event.`,
		);
	}
	const problem = tokenProblem(provider.token, `webhook token of the ${credential}`, token);
	if (problem !== undefined) throw new Error(problem);
}

/** Whether a registered webhook is as desired. It is not where the provider does not show its token. */
export function isAsDesired(webhook: RegisteredWebhook, desired: DesiredWebhook): boolean {
	return (
		webhook.target === desired.target &&
		webhook.token === desired.token &&
		haveSameEvents(webhook.events ?? [], desired.events)
	);
}

/** Whether two lists hold the same codes, in whatever order. */
export function haveSameEvents(one: readonly string[], other: readonly string[]): boolean {
	const sorted = (codes: readonly string[]) => JSON.stringify([...codes].sort());
	return sorted(one) === sorted(other);
}
