import type { KeyObject } from 'crypto';

/** How long, in milliseconds, a list of public keys is used before it is read again. */
export const KEYS_KEPT_MS = 3_600_000;

/** How often, in milliseconds, unknown signatures and failed reads may cause a list to be read again. */
export const REREAD_KEYS_AFTER_MS = 60_000;

const MAX_LISTS = 100;

/** Reads the keys at a URL. Resolves with none where they cannot be read. */
export type ReadKeys = () => Promise<readonly KeyObject[]>;

interface KeyList {
	/** The last ones that could be read; empty where none ever could. */
	keys: readonly KeyObject[];
	/** When `keys` were read. */
	readAt: number;
	/** When the list was last requested. */
	requestedAt: number;
	/** When it was last requested because of an unknown signature. */
	rereadAt: number;
	pending?: Promise<void>;
}

/** Caches providers' lists of public keys by URL. The last keys stay in use while a list cannot be read. */
export class PublicKeyCache {
	private readonly lists = new Map<string, KeyList>();

	get size(): number {
		return this.lists.size;
	}

	/**
	 * The keys of a list, empty where none could ever be read. Concurrent requests share one read.
	 *
	 * @param now when the delivery came, in milliseconds
	 */
	async get(url: string, now: number, read: ReadKeys): Promise<readonly KeyObject[]> {
		const list = this.listOf(url);
		const isDue = isPast(list.readAt, KEYS_KEPT_MS, now);
		const mayRequest = isPast(list.requestedAt, REREAD_KEYS_AFTER_MS, now);
		if (list.keys.length === 0 || (isDue && mayRequest)) await this.refresh(list, now, read);
		return list.keys;
	}

	/**
	 * The newest keys, for a signature that none of the cached ones verifies: the provider may have a new key. Reads the
	 * list unless that was done since the delivery came, or for another unknown signature less than
	 * `REREAD_KEYS_AFTER_MS` ago.
	 *
	 * @param now when the delivery came, in milliseconds
	 */
	async getNewest(url: string, now: number, read: ReadKeys): Promise<readonly KeyObject[]> {
		const list = this.listOf(url);
		if (list.readAt < now && isPast(list.rereadAt, REREAD_KEYS_AFTER_MS, now)) {
			list.rereadAt = now;
			await this.refresh(list, now, read);
		} else if (list.pending) {
			await list.pending;
		}
		return list.keys;
	}

	private async refresh(list: KeyList, now: number, read: ReadKeys): Promise<void> {
		list.requestedAt = now;
		list.pending ??= read()
			.then((keys) => {
				if (keys.length > 0) Object.assign(list, { keys, readAt: now });
			})
			.finally(() => (list.pending = undefined));
		await list.pending;
	}

	private listOf(url: string): KeyList {
		const known = this.lists.get(url);
		if (known) return known;
		const [oldest] = this.lists.keys();
		if (this.lists.size >= MAX_LISTS && oldest !== undefined) this.lists.delete(oldest);
		const list = { keys: [], readAt: -Infinity, requestedAt: -Infinity, rereadAt: -Infinity };
		this.lists.set(url, list);
		return list;
	}
}

/** Whether a time is long ago. One in the far future, after the clock was set back, is too. */
const isPast = (time: number, ms: number, now: number) => Math.abs(now - time) >= ms;
