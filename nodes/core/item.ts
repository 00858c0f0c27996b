import type { IDataObject } from 'n8n-workflow';
import { findZone } from './fields';
import type { JsonObject } from './json';
import type { NamedEvent, Provider } from './provider';
import type { Redactor } from './redact';
import { shapePayload } from './shape';

/** What the item needs besides the payload. */
export interface ItemSettings {
	/** The delivery's id. */
	id: string;
	/** Whether it was sent to the editor's test URL. */
	isTest: boolean;
	/** Removes the accepted tokens from wherever they are echoed. */
	redact: Redactor;
	simplify: boolean;
	includePayload: boolean;
	/** The zone of dates that are sent without one. */
	timezone?: string;
	/** The user's own text for the trigger, such as the shop's name. */
	label?: string;
}

/**
 * Step 7: the item.
 *
 * Simplified: `provider`, `event`, the keys of the provider's shape, `delivery`, and with `includePayload`, or where
 * something was unreadable, `payload`. Otherwise `provider`, `event`, `payload`, `delivery`. No secret is in either.
 */
export function itemOf(
	provider: Provider,
	event: NamedEvent,
	body: JsonObject,
	settings: ItemSettings,
): IDataObject {
	const { redact } = settings;
	const { payload, cut } = redact.payload(provider.withoutSecrets?.(body) ?? body);
	const head = { provider: provider.id, event: redact.text(event.name) };
	const delivery = (warnings: string[]): IDataObject => {
		const about: IDataObject = {
			id: settings.id,
			receivedAt: new Date().toISOString(),
			test: settings.isTest,
			label: settings.label === undefined ? null : redact.text(settings.label),
		};
		if (event.source !== undefined) about.eventSource = event.source;
		about.warning = warnings.join(' ') || null;
		return about;
	};
	const cutWarning = cut ? ['Some values were nested too deeply and were cut off.'] : [];
	if (!settings.simplify) return { ...head, payload, delivery: delivery(cutWarning) };

	const timezone = settings.timezone || provider.defaultTimezone;
	const { values, unreadable } = shapePayload(provider.item, payload, { timezone });
	const warnings = [
		...(unreadable.length > 0 ? [unreadableWarning(unreadable)] : []),
		...(timezone !== undefined && !findZone(timezone)
			? ['The time zone in the options of the trigger does not exist.']
			: []),
		...cutWarning,
	];
	const item: IDataObject = Object.assign(head, values, { delivery: delivery(warnings) });
	if (settings.includePayload || warnings.length > 0) item.payload = payload;
	return item;
}

/** A hostile payload can have a million unreadable entries: a hundred are enough for a warning. */
const MAX_NAMED = 100;

/** Names what was unreadable. */
export function unreadableWarning(paths: string[]): string {
	const more = paths.length - MAX_NAMED;
	const named = paths.slice(0, MAX_NAMED).join(', ');
	return `Unreadable: ${named}${more > 0 ? ` and ${more} more` : ''}.`;
}
