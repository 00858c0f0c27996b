import { z } from 'zod';
import type { JsonObject } from './json';

/** One event of a provider's log. */
export interface LogEntry {
	/** Unique among all entries. */
	key: string;
	/** Its delivery id; entries with the same content share it. */
	id: string;
	/** When it happened, in milliseconds since the epoch, if known. */
	time: number | undefined;
	/** The event; `undefined` where the entry is not a JSON object. */
	body: JsonObject | undefined;
}

/** What a trigger stores between polls and restarts. */
export interface LogState {
	/** The account the log belongs to. */
	account: string;
	/** The keys of the entries that were polled, whether or not they were selected. */
	seen: string[];
}

/** A stored state. An earlier version kept unfinished batches under `pending`: n8n had run nearly all of them. */
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
export function parseLogState(stored: unknown, account: string): LogState | undefined {
	const { data } = storedState.safeParse(stored);
	return data?.account === account ? data : undefined;
}

/** How many keys to keep at most, or twice the log's length if that is more: a log may show old entries again. */
const KEPT_KEYS = 5_000;

/**
 * The entries, oldest first, whichever way the log lists them. Their times decide; without times, entries at the end
 * that are new are the later ones; else the order is kept.
 */
export function sortOldestFirst(entries: LogEntry[], seen: ReadonlySet<string>): LogEntry[] {
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

/** The entries that were not polled before, oldest first. */
export function findUnseen(state: LogState, entries: LogEntry[]): LogEntry[] {
	const seen = new Set(state.seen);
	return sortOldestFirst(entries, seen).filter(({ key }) => !seen.has(key));
}

/** The state after a poll: the keys of all its entries, and before them the latest of those that left the log. */
export function markSeen({ account, seen }: LogState, entries: LogEntry[]): LogState {
	const shown = new Set(entries.map(({ key }) => key));
	const gone = [...new Set(seen)].filter((key) => !shown.has(key));
	const keys = [...gone, ...shown];
	return { account, seen: keys.slice(-Math.max(KEPT_KEYS, 2 * shown.size)) };
}
