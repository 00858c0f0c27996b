import { own, type Json, type JsonObject } from './json';
import type { ProviderFilter } from './provider';

/**
 * Step 5: whether a delivery passes the user's filters.
 *
 * A filter without a value lets everything pass, and so does a payload that has no such field.
 *
 * @param settings the Filters collection as the user filled it
 */
export function passesFilters(
	filters: readonly ProviderFilter[],
	settings: Readonly<Record<string, unknown>>,
	body: JsonObject,
): boolean {
	if (Object.keys(settings).length === 0) return true;
	return filters.every((filter) => {
		const fold = (text: string) => (filter.ignoreCase ? text.toLowerCase() : text);
		const wanted = filter.properties
			.flatMap(({ name }) => wantedValues(own(settings, name)))
			.map(fold);
		if (wanted.length === 0) return true;
		const sent = filter.values(body).flatMap(sentValue);
		return sent.length === 0 || sent.some((value) => wanted.includes(fold(value)));
	});
}

function wantedValues(setting: unknown): string[] {
	const values = Array.isArray(setting) ? setting : String(setting ?? '').split(',');
	return values.map((value) => String(value).trim()).filter((value) => value !== '');
}

function sentValue(value: Json | undefined): string[] {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text === '' ? [] : [text];
}
