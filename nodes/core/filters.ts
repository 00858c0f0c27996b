import { own, type Json, type JsonObject } from './json';
import type { ProviderFilter } from './provider';

/**
 * Step 5: whether a delivery passes the user's filters. An empty filter passes every delivery, and a delivery without
 * the filtered field always passes.
 *
 * @param settings the Filters collection as the user filled it in
 */
export const passesFilters = (...parameters: Parameters<typeof findBlockingFilter>): boolean =>
	findBlockingFilter(...parameters) === undefined;

/** The first filter that a delivery does not pass, and the values that it compared; `undefined` if it passes all. */
export function findBlockingFilter(
	filters: readonly ProviderFilter[],
	settings: Readonly<Record<string, unknown>>,
	body: JsonObject,
): { filter: ProviderFilter; sent: string[] } | undefined {
	for (const filter of filters) {
		const fold = (text: string) => (filter.ignoreCase ? text.toLowerCase() : text);
		const wanted = filter.properties
			.flatMap(({ name }) => wantedValues(own(settings, name)))
			.map(fold);
		if (wanted.length === 0) continue;
		const sent = filter.values(body).flatMap(sentValue);
		const passes = sent.length === 0 || sent.some((value) => wanted.includes(fold(value)));
		if (!passes) return { filter, sent };
	}
	return undefined;
}

function wantedValues(setting: unknown): string[] {
	const values = Array.isArray(setting) ? setting : String(setting ?? '').split(',');
	return values.map((value) => String(value).trim()).filter((value) => value !== '');
}

function sentValue(value: Json | undefined): string[] {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text === '' ? [] : [text];
}
