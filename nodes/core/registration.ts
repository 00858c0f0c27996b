import { NodeApiError, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import { describeError, isStartup, toActivationError } from './activation';
import { httpStatus } from './api';
import { checkDesired } from './desiredWebhooks';
import { checkSelected } from './settings';
import type { WebhookApi } from './webhookApi';
import { WebhookRegistration } from './webhookRegistration';

/** Whether the user registers the trigger in the provider's panel. */
export const isManual = (context: IHookFunctions | IWebhookFunctions): boolean =>
	context.getNodeParameter('registration', 'automatic') === 'manual';

/**
 * n8n's `checkExists`: whether the provider has this trigger's webhooks as they should be. Adopts matching ones that
 * n8n does not remember, and removes their duplicates.
 *
 * When n8n starts and remembers a webhook, an unreachable API counts as yes: otherwise n8n would take the trigger down.
 */
export async function isRegistered(
	context: IHookFunctions,
	webhookApi: WebhookApi,
): Promise<boolean> {
	checkSelected(context, webhookApi.provider);
	return await unlessManual(context, webhookApi, async (registration) => {
		checkDesired(webhookApi, registration.desired);
		const listed = await registration.list().catch((error: unknown) => {
			const mayTrust = isStartup(context) && isUnreachable(error);
			if (!mayTrust || registration.stored.length === 0) throw error;
			registration.log(
				`The webhook at ${webhookApi.api.displayName} could not be checked and counts as registered: ${describeError(error)}`,
			);
			return 'unknown' as const;
		});
		if (listed === 'unknown') return true;
		const plan = registration.plan(listed);
		if (plan.missing.length > 0) return false;
		await registration.finish(plan);
		return true;
	});
}

/** n8n's `create`: registers what this trigger's webhooks lack, then removes what that replaces. */
export async function register(context: IHookFunctions, webhookApi: WebhookApi): Promise<boolean> {
	return await unlessManual(context, webhookApi, async (registration) => {
		checkDesired(webhookApi, registration.desired);
		const listed = await registration.list();
		await registration.apply(registration.plan(listed), listed);
		return true;
	});
}

/** n8n's `delete`: removes this trigger's webhooks and no others. */
export async function unregister(
	context: IHookFunctions,
	webhookApi: WebhookApi,
): Promise<boolean> {
	return await unlessManual(context, webhookApi, async (registration) => {
		await registration.removeAll(await registration.list());
		return true;
	});
}

/** Runs one lifecycle method. Its errors become errors that n8n shows in full. */
async function unlessManual(
	context: IHookFunctions,
	webhookApi: WebhookApi,
	run: (registration: WebhookRegistration) => Promise<boolean>,
): Promise<boolean> {
	if (isManual(context)) return true;
	try {
		return await run(await WebhookRegistration.load(context, webhookApi));
	} catch (error) {
		throw toActivationError(context.getNode(), error);
	}
}

/** Whether an error says nothing about the webhooks: no answer, a refused token, or a failing server. */
function isUnreachable(error: unknown): boolean {
	const status = httpStatus(error);
	return error instanceof NodeApiError && (status === undefined || status === 401 || status >= 500);
}
