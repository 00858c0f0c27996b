import { hash } from 'crypto';
import { hasLostDigits, type Json, type JsonObject } from './json';
import type { Provider } from './provider';

/** How long, in seconds, to remember deliveries for duplicate detection, unless the user says otherwise. */
export const DEFAULT_DUPLICATE_WINDOW = 600;

/** Deeper payloads, which no provider sends, are compared by their bytes. */
const MAX_DEPTH = 200;

/**
 * A delivery's id: the same for every retry of one delivery, different for any two whose content differs.
 *
 * @param raw the body's bytes, for a body that cannot be compared by its content
 */
export function deliveryId(
	provider: Pick<Provider, 'id' | 'identityOf'>,
	body: JsonObject,
	event: string,
	raw: Buffer,
): string {
	const text = serializeUnique(provider.identityOf(body, event));
	if (text === undefined) {
		return shortHash(Buffer.concat([Buffer.from(`${provider.id}\n${event}\n`), raw]));
	}
	const identity = `${provider.id}\n${text}`;
	// In UTF-8 all lone surrogates would be the same.
	return shortHash(identity.isWellFormed() ? identity : Buffer.from(identity, 'utf16le'));
}

const shortHash = (data: string | Buffer) => hash('sha256', data).slice(0, 32);

/**
 * Serializes a value so that equal results mean equal values, whatever the order of their keys: each text is preceded by
 * its length. `undefined` where the value is nested too deeply or a number has lost digits.
 */
function serializeUnique(value: Json, depth = 0): string | undefined {
	if (typeof value === 'string') return `"${value.length}:${value}`;
	if (typeof value === 'number') return hasLostDigits(value) ? undefined : `${value};`;
	if (typeof value !== 'object' || value === null) return `${value};`;
	if (depth > MAX_DEPTH) return undefined;
	if (Array.isArray(value)) {
		const entries = joined(value.map((entry) => serializeUnique(entry, depth + 1)));
		return entries === undefined ? undefined : `[${entries}]`;
	}
	const keys = Object.keys(value).sort();
	const entries = joined(
		keys.flatMap((key) => [`${key.length}:${key}`, serializeUnique(value[key] ?? null, depth + 1)]),
	);
	return entries === undefined ? undefined : `{${entries}}`;
}

const joined = (texts: Array<string | undefined>): string | undefined =>
	texts.includes(undefined) ? undefined : texts.join('');

/** The claim on a delivery that its first copy holds until it is answered. */
export interface Claim {
	/** The delivery was answered 2xx: later copies are duplicates. */
	keep(): void;
	/** The delivery was not answered 2xx: the next copy may take over. */
	release(): void;
}

interface Entry {
	claimedAt: number;
	windowMs: number;
	/** Resolves once the first copy is decided; `undefined` afterwards. */
	undecided: Promise<void> | undefined;
}

/**
 * The recent deliveries of this process. Bounded in number and age: the oldest decided ones are dropped first.
 */
export class Claims {
	private readonly entries = new Map<string, Entry>();

	/** @param limit how many claims are kept at most, besides undecided ones, which end with their connections */
	constructor(private readonly limit: number) {}

	get size(): number {
		return this.entries.size;
	}

	/**
	 * Step 6, in one synchronous step: claims a delivery (`claim`), finds that it was taken within the window
	 * (`duplicate`), or that its first copy is undecided (`undecided`: wait for it, then ask again).
	 *
	 * @param windowMs how long a claim lasts, in milliseconds
	 * @param now the time in milliseconds
	 */
	claim(
		key: string,
		windowMs: number,
		now: number,
	): { claim: Claim } | { undecided: Promise<void> } | 'duplicate' {
		const known = this.entries.get(key);
		if (known?.undecided) return { undecided: known.undecided };
		if (known && now - known.claimedAt < windowMs) return 'duplicate';

		let decide: () => void = () => {};
		const undecided = new Promise<void>((resolve) => (decide = resolve));
		const entry: Entry = { claimedAt: now, windowMs, undecided };
		this.entries.delete(key);
		this.entries.set(key, entry);
		this.forgetOld(now);
		return {
			claim: {
				keep: () => {
					entry.undecided = undefined;
					decide();
				},
				release: () => {
					if (entry.undecided && this.entries.get(key) === entry) this.entries.delete(key);
					entry.undecided = undefined;
					decide();
				},
			},
		};
	}

	private forgetOld(now: number): void {
		for (const [key, entry] of this.entries) {
			if (entry.undecided) continue;
			const isOld = now - entry.claimedAt >= entry.windowMs;
			if (!isOld && this.entries.size <= this.limit) return;
			this.entries.delete(key);
		}
	}
}
