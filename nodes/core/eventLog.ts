import { z } from 'zod';
import type { JsonObject } from './json';

/** One event of a provider's log. */
export interface LogEntry {
	/** What tells it from every other entry. */
	key: string;
	/** Its delivery id: entries with the same content share it. */
	id: string;
	/** When it happened, in milliseconds, where it says so. */
	time: number | undefined;
	/** The event; `undefined` where the entry is not a JSON object. */
	body: JsonObject | undefined;
}

/** What a trigger remembers of a log between polls and restarts. */
export interface LogState {
	/** The account whose log it is. */
	account: string;
	/** The keys of the entries that were polled: handed to n8n, or not selected. */
	seen: string[];
}

/** A stored state. An earlier version listed the batches that had not ended apart: n8n had run nearly all of them. */
const storedState = z
	.object({
		account: z.string(),
		seen: z.array(z.string()),
		pending: z.array(z.array(z.string())).default([]),
	})
	.transform(
		({ account, seen, pending }): LogState => ({
			account,
			seen: [...seen, ...pending.flat()],
		}),
	);

/** The state as stored, or `undefined` on the first run and for another account. */
export function logStateOf(stored: unknown, account: string): LogState | undefined {
	const { data } = storedState.safeParse(stored);
	return data?.account === account ? data : undefined;
}

/** Keys of entries that have left the log are kept for a while, should it show them again. */
const KEPT_KEYS = 5_000;

/**
 * A log's entries, oldest first, however the log lists them: their times tell, else, where some are new, those
 * are the later ones; else they are as listed.
 */
export function oldestFirst(entries: LogEntry[], seen: ReadonlySet<string>): LogEntry[] {
	let ascents = 0;
	for (const [index, { time }] of entries.entries()) {
		const before = entries[index - 1]?.time;
		if (time !== undefined && before !== undefined) ascents += Math.sign(time - before);
	}
	if (ascents === 0 && entries.length > 0) {
		const isNew = (entry: LogEntry | undefined) => entry !== undefined && !seen.has(entry.key);
		ascents = Number(isNew(entries.at(-1))) - Number(isNew(entries[0]));
	}
	return ascents < 0 ? [...entries].reverse() : entries;
}

/** The entries that were never polled before, oldest first. */
export function unseen(state: LogState, entries: LogEntry[]): LogEntry[] {
	const seen = new Set(state.seen);
	return oldestFirst(entries, seen).filter(({ key }) => !seen.has(key));
}

/** The state after a poll: all that the log shows was seen, and so were the latest of the entries that left it. */
export function withSeen({ account, seen }: LogState, entries: LogEntry[]): LogState {
	const shown = new Set(entries.map(({ key }) => key));
	const gone = [...new Set(seen)].filter((key) => !shown.has(key));
	const keys = [...gone, ...shown];
	return { account, seen: keys.slice(-Math.max(KEPT_KEYS, 2 * shown.size)) };
}
