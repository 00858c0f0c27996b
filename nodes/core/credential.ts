/** How long a credential is kept, in milliseconds: a token that was taken out of it is refused after that at the latest. */
export const CREDENTIAL_KEPT_MS = 2_000;

/** How often, in milliseconds, wrong tokens may make a kept credential be read once more. */
export const REREAD_AFTER_MS = 1_000;

interface Entry<T> {
	value: Promise<T>;
	readAt: number;
	rereadAt: number;
}

/**
 * What triggers need of their credentials, each kept for a short time: n8n opens an expression isolate whenever a node
 * reads a credential, which costs more than all else that a trigger does. Nothing is kept of a read that failed.
 */
export class KeptCredentials<T> {
	private readonly entries = new Map<string, Entry<T>>();

	get size(): number {
		return this.entries.size;
	}

	/**
	 * What `read` made of a credential, at most `CREDENTIAL_KEPT_MS` ago. Requests that come while it is being read
	 * share the answer. Rejects as `read` does.
	 *
	 * @param now when the request came, in milliseconds
	 */
	async get(key: string, now: number, read: () => Promise<T>): Promise<T> {
		const kept = this.entries.get(key);
		if (kept && isFresh(kept, now)) return await kept.value;
		this.forgetOld(now);
		return await this.keep(key, { value: read(), readAt: now, rereadAt: -Infinity });
	}

	/**
	 * The newest there is, for a token that the kept one does not prove: the credential may have been changed since.
	 * Reads it unless that was done after the request came, or for another token less than `REREAD_AFTER_MS` ago: else
	 * every wrong token would cost a read.
	 *
	 * @param now when the request came, in milliseconds
	 */
	async getNewest(key: string, now: number, read: () => Promise<T>): Promise<T> {
		const kept = this.entries.get(key);
		const isNewest = kept && (kept.readAt > now || now - kept.rereadAt < REREAD_AFTER_MS);
		if (isNewest) return await kept.value;
		return await this.keep(key, { value: read(), readAt: now, rereadAt: now });
	}

	private keep(key: string, entry: Entry<T>): Promise<T> {
		this.entries.set(key, entry);
		entry.value.catch(() => {
			if (this.entries.get(key) === entry) this.entries.delete(key);
		});
		return entry.value;
	}

	private forgetOld(now: number): void {
		for (const [key, entry] of this.entries) {
			if (!isFresh(entry, now)) this.entries.delete(key);
		}
	}
}

/** A clock that was set back makes nothing last longer. */
function isFresh({ readAt }: Entry<unknown>, now: number): boolean {
	return now >= readAt && now - readAt < CREDENTIAL_KEPT_MS;
}
