import type { IHookFunctions } from 'n8n-workflow';
import { ALL, OTHER } from '../core/provider';
import { isPublicUrl } from '../core/publicUrl';
import { checkWebhookToken } from './genApi';

/** What Gen is asked to register ("Cadastrando pela API"). */
export interface Wanted {
	events: string[];
	target: string;
	authorization: string;
}

/** What a trigger asks Gen to register, as it is set now. */
export const wantedOf = (
	context: IHookFunctions,
	credential: Readonly<Record<string, unknown>>,
): Wanted => ({
	events: eventsToRegister(
		context.getNodeParameter('events', []),
		context.getNodeParameter('customEvents', ''),
	),
	target: context.getNodeWebhookUrl('default') ?? '',
	authorization: String(credential.webhookToken ?? ''),
});

/** The events to register: all as the documented patterns, what was chosen or typed as it is. */
export function eventsToRegister(events: unknown, customEvents: unknown): string[] {
	const chosen = (Array.isArray(events) ? events : [events]).flatMap((code: unknown) => {
		if (code === ALL) return ['PAYMENT.*', 'ORDER.*'];
		return typeof code === 'string' && code !== '' && code !== OTHER ? [code] : [];
	});
	const typed = typeof customEvents === 'string' ? customEvents.split(',') : [];
	const codes = [...chosen, ...typed.map((code) => code.trim())].filter((code) => code !== '');
	return [...new Set(codes)];
}

/** Throws where a registration could never work. */
export function checkWanted({ events, target, authorization }: Wanted): void {
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
