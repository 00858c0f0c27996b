import { createHash } from 'crypto';
import { z } from 'zod';
import type { JsonObject } from './json';

/** One event of a provider's log. */
export interface LogEntry {
	/** What tells it from every other entry. */
	key: string;
	/** When it happened, in milliseconds, where it says so. */
	time: number | undefined;
	/** The event; `undefined` where the entry is no JSON object. */
	body: JsonObject | undefined;
}

export const logStateSchema = z.object({
	/** The account whose log it is. */
	account: z.string(),
	/** The keys of the entries that are done with: started, or not selected. */
	seen: z.array(z.string()),
	/** The keys of the batches that were handed to n8n, which has not said yet that it ran them. */
	pending: z.array(z.array(z.string())),
});

/** What a trigger remembers of a log between polls and restarts. */
export type LogState = z.infer<typeof logStateSchema>;

/** The state as stored, or `undefined` on the first run and for another account. */
export function logStateOf(stored: unknown, account: string): LogState | undefined {
	const parsed = logStateSchema.safeParse(stored);
	return parsed.success && parsed.data.account === account ? parsed.data : undefined;
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

/** A batch that was handed to n8n earlier. */
export interface PendingBatch {
	/** All its keys, as they were handed over. */
	keys: string[];
	/** Those of its entries that the log still shows. */
	entries: LogEntry[];
}

/** What to do after a log was read. */
export interface LogPlan {
	/** Batches that n8n may not have run, as after a crash: to be handed to it again. */
	again: PendingBatch[];
	/** The entries that were never looked at, oldest first. */
	fresh: LogEntry[];
}

/**
 * @param entries as the log lists them
 * @param running the ids of batches whose execution this process is waiting for, see `batchId`
 */
export function planOf(
	state: LogState,
	entries: LogEntry[],
	running: ReadonlySet<string>,
): LogPlan {
	const known = new Set([...state.seen, ...state.pending.flat()]);
	const byKey = new Map(entries.map((entry) => [entry.key, entry]));
	return {
		again: state.pending
			.filter((keys) => !running.has(batchId(keys)))
			.map((keys) => ({ keys, entries: keys.flatMap((key) => byKey.get(key) ?? []) })),
		fresh: oldestFirst(entries, known).filter(({ key }) => !known.has(key)),
	};
}

/** A state in which more entries are done with. */
export function withSeen(state: LogState, keys: readonly string[], inLog: number): LogState {
	const done = new Set(keys);
	const seen = [...new Set([...state.seen, ...keys])];
	return {
		...state,
		seen: seen.slice(-Math.max(KEPT_KEYS, 2 * inLog)),
		pending: state.pending
			.map((batch) => batch.filter((key) => !done.has(key)))
			.filter((batch) => batch.length > 0),
	};
}

/** A state in which a batch was handed to n8n. */
export function withPending(state: LogState, keys: string[]): LogState {
	const id = batchId(keys);
	const others = state.pending.filter((batch) => batchId(batch) !== id);
	return { ...state, pending: [...others, keys] };
}

/** The same for the same entries. */
export function batchId(keys: readonly string[]): string {
	return createHash('sha256').update(JSON.stringify(keys)).digest('hex');
}
