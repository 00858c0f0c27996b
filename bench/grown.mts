import type { JsonObject } from '../testkit/providers/senders.mts';

/** A payload grown to that many bytes by repeating its largest list. */
export function grown(payload: JsonObject, bytes: number): JsonObject {
	const lists = Object.entries(payload).filter((entry) => Array.isArray(entry[1]));
	const [key, list] = lists.sort(
		(a, b) => JSON.stringify(b[1]).length - JSON.stringify(a[1]).length,
	)[0] ?? ['more', [{}]];
	const entries = Array.isArray(list) ? list : [];
	const one = JSON.stringify(entries).length;
	const times = Math.max(1, Math.round((bytes - JSON.stringify(payload).length) / one));
	return { ...payload, [key]: Array.from({ length: times }, () => entries).flat() };
}
