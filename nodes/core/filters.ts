import { own, type Json, type JsonObject } from './json';
import type { ProviderFilter } from './provider';

/**
 * Step 5: whether a delivery passes the user's filters. An empty filter passes every delivery, and a delivery without
 * the filtered field always passes.
 *
 * @param settings the Filters collection as the user filled it in
 */
export function passesFilters(
	filters: readonly ProviderFilter[],
	settings: Readonly<Record<string, unknown>>,
	body: JsonObject,
): boolean {
	return filters.every((filter) => {
		const fold = (text: string) => (filter.ignoreCase ? text.toLowerCase() : text);
		const wanted = filter.properties
			.flatMap(({ name }) => wantedValues(own(settings, name)))
			.map(fold);
		if (wanted.length === 0) return true;
		const sent = filter.values(body).flatMap(sentValue);
		if (filter.isMinimum) {
			return sent.length === 0 || sent.some((value) => Number(value) >= Number(wanted[0]));
		}
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
