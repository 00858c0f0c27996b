import fc, { type Arbitrary } from 'fast-check';
import { HOSTILE_VALUES, INHERITED_KEYS } from './hostile.mts';
import { fixtureNames } from '../providers/clean.mts';
import { copyOf, readFixture } from '../providers/samples.mts';
import type { JsonObject, JsonValue, Sender } from '../providers/senders.mts';

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const hostile = HOSTILE_VALUES.map((json): JsonValue => JSON.parse(json));

/** Any value that JSON can hold, hostile ones more often. */
export const jsonValue: Arbitrary<JsonValue> = fc.oneof(
	fc
		.json({ stringUnit: 'binary', maxDepth: 2, depthSize: 'xsmall' })
		.map((json): JsonValue => JSON.parse(json)),
	fc.constantFrom(...hostile),
);

export const jsonObject: Arbitrary<JsonObject> = fc.dictionary(
	fc.oneof(fc.string(), fc.constantFrom(...INHERITED_KEYS)),
	jsonValue,
);

/** Sets a key of an object or list, one named `__proto__` too. */
function put(holder: JsonObject | JsonValue[], key: string, value: JsonValue): void {
	Object.defineProperty(holder, key, {
		value,
		writable: true,
		enumerable: true,
		configurable: true,
	});
}

/** A place in a payload: what holds it, and its key there. */
interface Slot {
	holder: JsonObject | JsonValue[];
	key: string;
	value: JsonValue;
}

function slotsOf(holder: JsonValue, slots: Slot[] = []): Slot[] {
	if (typeof holder !== 'object' || holder === null) return slots;
	for (const [key, value] of Object.entries(holder)) {
		slots.push({ holder, key, value });
		slotsOf(value, slots);
	}
	return slots;
}

const KINDS = [
	'delete',
	'replace',
	'duplicate',
	'inList',
	'inObject',
	'add',
	'rename',
	'swap',
] as const;

/** A change of one place of a payload. */
export interface Edit {
	kind: (typeof KINDS)[number];
	/** Which places, as numbers that are taken as they come round. */
	at: number;
	other: number;
	key: string;
	value: JsonValue;
}

export const edit: Arbitrary<Edit> = fc.record({
	kind: fc.constantFrom(...KINDS),
	at: fc.nat(10_000),
	other: fc.nat(10_000),
	key: fc.oneof(fc.string(), fc.constantFrom('id', 'data', 'event', 'type', ...INHERITED_KEYS)),
	value: jsonValue,
});

/** A copy of a payload in which places were changed, one after the other. */
export function edited(payload: JsonObject, ...edits: Edit[]): JsonObject {
	const copy = copyOf(payload);
	for (const change of edits) apply(copy, change);
	return copy;
}

function apply(payload: JsonObject, { kind, at, other, key, ...edit }: Edit): void {
	// The next change may be made inside it.
	const value = copyOf(edit.value);
	const slots = slotsOf(payload);
	const slot = slots[at % slots.length];
	if (!slot) return put(payload, key, value);
	const { holder } = slot;
	switch (kind) {
		case 'delete':
			if (Array.isArray(holder)) holder.splice(Number(slot.key), 1);
			else delete holder[slot.key];
			break;
		case 'replace':
			put(holder, slot.key, value);
			break;
		case 'duplicate':
			if (Array.isArray(holder)) holder.push(copyOf(slot.value));
			else put(holder, key, copyOf(slot.value));
			break;
		case 'inList':
			put(holder, slot.key, [slot.value, value]);
			break;
		case 'inObject':
			put(holder, slot.key, { [key]: slot.value });
			break;
		case 'add':
			if (!Array.isArray(holder)) put(holder, key, value);
			break;
		case 'rename':
			if (Array.isArray(holder)) break;
			delete holder[slot.key];
			put(holder, key, slot.value);
			break;
		case 'swap': {
			const [one, two] = [copyOf(slot.value), slots[other % slots.length]];
			if (!two) break;
			put(holder, slot.key, copyOf(two.value));
			put(two.holder, two.key, one);
		}
	}
}

/** The payloads of a provider's fixtures, documented or derived, without the places for a token in some of them. */
export const fixture = ({ folder }: Sender): Arbitrary<JsonObject> =>
	fc.constantFrom(
		...fixtureNames(folder).map((name) => {
			const json = JSON.stringify(readFixture(folder, name)).replaceAll('__TOKEN__', 'token');
			const payload: JsonObject = JSON.parse(json);
			return payload;
		}),
	);

/** A payload of a provider with a few places changed, down to anything at all. */
export const payload = (sender: Sender): Arbitrary<JsonObject> =>
	fc.oneof(
		{ weight: 4, arbitrary: mutated(fixture(sender), fc.array(edit, { maxLength: 6 })) },
		{ weight: 1, arbitrary: jsonObject },
	);

export const mutated = (
	payloads: Arbitrary<JsonObject>,
	edits: Arbitrary<Edit[]>,
): Arbitrary<JsonObject> =>
	fc.tuple(payloads, edits).map(([start, changes]) => edited(start, ...changes));

/**
 * The same payload without the numbers that JSON cannot hold: where one was sent, a body is known by its bytes, and
 * nothing else of it can be compared.
 */
export function withExactNumbers<T extends JsonValue>(value: T): T {
	const copy: T = JSON.parse(JSON.stringify(value), (_, part: unknown) =>
		typeof part === 'number' && Number.isInteger(part) && !Number.isSafeInteger(part) ? 0 : part,
	);
	return copy;
}

/** The same JSON with the keys of all its objects in another order. */
export function reordered(value: JsonValue, order: number): JsonValue {
	if (Array.isArray(value)) return value.map((entry) => reordered(entry, order));
	if (!isJsonObject(value)) return value;
	const entries = Object.entries(value).map(([key, entry]): [string, JsonValue] => [
		key,
		reordered(entry, order),
	]);
	const first = order % entries.length;
	return Object.fromEntries([...entries.slice(first), ...entries.slice(0, first)]);
}

/** A token as the credential test asks for it. */
export const urlToken = fc.string({
	unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~'),
	minLength: 16,
	maxLength: 48,
});
export const headerToken = fc
	.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 48 })
	.filter((token) => token === token.trim());
