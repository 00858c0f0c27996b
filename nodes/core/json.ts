/** A value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object, as every delivery's body must be. */
export interface JsonObject {
	[key: string]: Json;
}

/** Whether a number was sent with more digits than it can hold. */
export function hasLostDigits(value: number): boolean {
	return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

/** Whether a value is a JSON object: no list, no null. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a key of the object itself; `undefined` for inherited keys such as `constructor`. */
export function own<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
	return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A copy of an object without some of its keys. */
export function without(object: JsonObject, keys: readonly string[]): JsonObject {
	return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/**
 * The value at a path such as `cart.products[0].variant.id`; an empty path is the value itself.
 * `undefined` where a part of the path is missing.
 */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
	return parsePath(path).reduce(childAt, value);
}

/** The keys and list indexes of a path. */
export const parsePath = (path: string): Array<string | number> =>
	(path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** One step down: an index leads into a list only, a key into an object only. */
export function childAt(value: Json | undefined, step: string | number): Json | undefined {
	if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
	return isJsonObject(value) ? own(value, step) : undefined;
}
