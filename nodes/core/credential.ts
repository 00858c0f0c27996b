/** How long a credential is cached, in milliseconds: a token removed from it is refused after that at the latest. */
export const CREDENTIAL_KEPT_MS = 2_000;

/** How often, in milliseconds, wrong tokens may cause a cached credential to be read again. */
export const REREAD_AFTER_MS = 1_000;

interface Entry<T> {
	value: Promise<T>;
	readAt: number;
	rereadAt: number;
}

/**
 * Caches what triggers derive from their credentials for a short time: n8n opens an expression isolate whenever a node
 * reads a credential, which costs more than the rest of the trigger's work. Failed reads are not cached.
 */
export class CredentialCache<T> {
	private readonly entries = new Map<string, Entry<T>>();

	get size(): number {
		return this.entries.size;
	}

	/**
	 * The cached value, at most `CREDENTIAL_KEPT_MS` old, else that of `read`. Concurrent requests share one read.
	 * Rejects as `read` does.
	 *
	 * @param now when the request came, in milliseconds
	 */
	async get(key: string, now: number, read: () => Promise<T>): Promise<T> {
		const cached = this.entries.get(key);
		if (cached && isFresh(cached, now)) return await cached.value;
		this.removeExpired(now);
		return await this.store(key, { value: read(), readAt: now, rereadAt: -Infinity });
	}

	/**
	 * The newest value, for a token that the cached one rejects: the credential may have changed since.
	 * Reads it unless it was read after the request came, or for another rejected token less than `REREAD_AFTER_MS`
	 * ago: otherwise every wrong token would cost a read.
	 *
	 * @param now when the request came, in milliseconds
	 */
	async getNewest(key: string, now: number, read: () => Promise<T>): Promise<T> {
		const cached = this.entries.get(key);
		const isNewest = cached && (cached.readAt > now || now - cached.rereadAt < REREAD_AFTER_MS);
		if (isNewest) return await cached.value;
		return await this.store(key, { value: read(), readAt: now, rereadAt: now });
	}

	private store(key: string, entry: Entry<T>): Promise<T> {
		this.entries.set(key, entry);
		entry.value.catch(() => {
			if (this.entries.get(key) === entry) this.entries.delete(key);
		});
		return entry.value;
	}

	private removeExpired(now: number): void {
		for (const [key, entry] of this.entries) {
			if (!isFresh(entry, now)) this.entries.delete(key);
		}
	}
}

/** An entry from the future, after the clock was set back, is not fresh either. */
function isFresh({ readAt }: Entry<unknown>, now: number): boolean {
	return now >= readAt && now - readAt < CREDENTIAL_KEPT_MS;
}
