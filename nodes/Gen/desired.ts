import type { IHookFunctions } from 'n8n-workflow';
import { chosenCodes } from '../core/output';
import { OTHER } from '../core/provider';
import { isPublicUrl } from '../core/publicUrl';
import { checkWebhookToken } from './genApi';

/** The webhook that a trigger needs at Gen, as the request has it ("Cadastrando pela API"). */
export interface DesiredWebhook {
	events: string[];
	target: string;
	authorization: string;
}

/** Reads what to register from the trigger's parameters and its credential. */
export const readDesired = (
	context: IHookFunctions,
	credential: Readonly<Record<string, unknown>>,
): DesiredWebhook => ({
	events: eventsToRegister(
		context.getNodeParameter('events', []),
		context.getNodeParameter('customEvents', ''),
	),
	target: context.getNodeWebhookUrl('default') ?? '',
	authorization: String(credential.webhookToken ?? ''),
});

/**
 * The codes and patterns to register, each once: All Events as the documented patterns, everything else as chosen or
 * typed. Other Events has nothing to register.
 *
 * @param events the value of the multi-select
 * @param customEvents comma-separated
 */
export const eventsToRegister = (events: unknown, customEvents: unknown): string[] =>
	chosenCodes(events, customEvents, ['PAYMENT.*', 'ORDER.*']).filter((code) => code !== OTHER);

/** Throws where the webhook could never work: private URL, unsafe token, no events. */
export function checkDesired({ events, target, authorization }: DesiredWebhook): void {
	if (!isPublicUrl(target)) {
		throw new Error(
			`Gen cannot reach ${new URL(target).host}. Set WEBHOOK_URL in n8n to the address at which the internet reaches it.`,
		);
	}
	checkWebhookToken(authorization);
	if (events.length === 0) {
		throw new Error(
			'No event that Gen could send is selected. Select events under Trigger On, or enter some under Custom Events.',
		);
	}
}
