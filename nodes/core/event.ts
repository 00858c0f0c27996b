import { OTHER, type ProviderEvent } from './provider';

/** The name of an event whose delivery does not name it. */
export const UNKNOWN = 'unknown';

/**
 * Step 4: the index of the chosen code that matches an event; -1 if none does.
 *
 * An exact code wins over a pattern, a longer pattern over a shorter one, and both over `other`, which matches events
 * that no documented code or pattern matches.
 *
 * @param chosen the outputs' codes, see `chosenCodes`
 */
export function routeOf(
	event: string,
	chosen: readonly string[],
	documented: readonly ProviderEvent[],
): number {
	const exact = chosen.indexOf(event);
	if (exact >= 0) return exact;
	const pattern = chosen
		.filter((code) => matches(code, event))
		.sort((a, b) => b.length - a.length)[0];
	if (pattern !== undefined) return chosen.indexOf(pattern);
	const isDocumented = documented.some(({ code }) => code === event || matches(code, event));
	return isDocumented ? -1 : chosen.indexOf(OTHER);
}

function matches(pattern: string, event: string): boolean {
	return pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1));
}

/** The trimmed text, of a list the first one; `undefined` if there is none or it is blank. */
export function textOf(value: unknown): string | undefined {
	const texts: unknown[] = Array.isArray(value) ? value : [value];
	return texts
		.find((text): text is string => typeof text === 'string' && text.trim() !== '')
		?.trim();
}
