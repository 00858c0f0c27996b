import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import { text } from './fields';
import { isJsonObject, own, type Json, type JsonObject } from './json';

/** Values of parameters by name, as n8n gives them. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Reads parameters; those that are hidden are empty texts. */
export const readParameters = (
	context: IExecuteFunctions,
	itemIndex: number,
	names: readonly string[],
): Parameters =>
	Object.fromEntries(names.map((name) => [name, context.getNodeParameter(name, itemIndex, '')]));

export const readSimplify = (context: IExecuteFunctions, itemIndex: number): boolean =>
	context.getNodeParameter('simplify', itemIndex, true) !== false;

/** A text parameter, trimmed. Throws where it is empty; `label` is its name in the editor. */
export function readRequiredText(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	label: string,
): string {
	return requireText(context.getNodeParameter(name, itemIndex, ''), label);
}

/** Applies Return All and Limit to a list. */
export function applyLimit<T>(context: IExecuteFunctions, itemIndex: number, list: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return list;
	return list.slice(0, parseInteger(context.getNodeParameter('limit', itemIndex, 50), 'Limit'));
}

/** A request's fields without those that are undefined. */
export function omitUndefined(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
	const entries = Object.entries(fields).filter(
		(entry): entry is [string, Json] => entry[1] !== undefined,
	);
	return Object.fromEntries(entries);
}

/** A value as text, trimmed. Throws where it is empty; `label` is its name in the editor. */
export function requireText(value: unknown, label: string): string {
	const filledIn = String(value ?? '').trim();
	if (filledIn === '') throw new Error(`${label} is empty. Enter one.`);
	return filledIn;
}

/** A collection; an empty object where there is none. */
export function readObject(parameters: Parameters, name: string): JsonObject {
	const value = own(parameters, name);
	return isJsonObject(value) ? value : {};
}

/** The entries of a fixed collection. An expression may give a single one without a list around it. */
export const readList = (collection: JsonObject, name: string): Json[] =>
	[own(collection, name) ?? []].flat();

/** A text or number as text, trimmed; `undefined` where it is empty. Throws for anything else. */
export function readText(
	parameters: Parameters,
	name: string,
	label = `The field ${name}`,
): string | undefined {
	const value = own(parameters, name) ?? '';
	const read = typeof value === 'string' || typeof value === 'number' ? text.read(value, {}) : null;
	if (typeof read === 'string') return read.trim() || undefined;
	throw new Error(`${label} must be text. Correct it.`);
}

/** A boolean, also as text; `undefined` where it is empty. Throws for anything else. */
export function readBoolean(parameters: Parameters, name: string): boolean | undefined {
	const value = own(parameters, name) ?? '';
	if (value === '') return undefined;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new Error(`The field ${name} must be true or false. Correct it.`);
}

/** An integer from 1 to `max`, also as text. Throws for anything else. */
export function parseInteger(value: unknown, label: string, max = Number.MAX_SAFE_INTEGER): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max) {
		return number;
	}
	const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
	throw new Error(`${label} must be an integer ${range}.`);
}

/** A JSON object, typed as text or given by an expression; empty where it is empty. Throws for anything else. */
export function parseJsonObject(value: Json | undefined, label: string): JsonObject {
	if (value === undefined || value === null || value === '') return {};
	const fields: unknown = typeof value === 'string' ? parsed(value) : value;
	if (isJsonObject(fields)) return fields;
	throw new Error(`${label} must be a valid JSON object, as in {"name": "value"}.`);
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}

/** Merges two objects at every depth; `extra` wins. */
export function mergeDeep(fields: JsonObject, extra: JsonObject): JsonObject {
	const entries = Object.entries(extra).map(([key, value]): [string, Json] => {
		const known = own(fields, key);
		return [key, isJsonObject(known) && isJsonObject(value) ? mergeDeep(known, value) : value];
	});
	return { ...fields, ...Object.fromEntries(entries) };
}

/** A time that an expression gave as an object instead of text. */
function toDateTime(value: unknown, timezone: string): DateTime | undefined {
	if (DateTime.isDateTime(value)) return value;
	return isDate(value) ? DateTime.fromJSDate(value, { zone: timezone }) : undefined;
}

// Not instanceof: an expression's Date may come from another realm.
const isDate = (value: unknown): value is Date =>
	Object.prototype.toString.call(value) === '[object Date]';

/** A date and time as typed, or as ISO 8601 where an expression gave an object; `undefined` where it is empty. */
export function formatTime(value: unknown, timezone: string): string | undefined {
	const time = toDateTime(value, timezone);
	if (time) return time.toISO() ?? undefined;
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The date of a date and time, as YYYY-MM-DD. Throws where it is not a valid date. */
export function formatDate(value: unknown, label: string, timezone: string): string {
	const time = toDateTime(value, timezone);
	const date = time
		? time.toISODate()
		: /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(String(value).trim())?.[0];
	if (date && DateTime.fromISO(date).isValid) return date;
	throw new Error(`${label} must be a date as YYYY-MM-DD, such as 2027-01-31.`);
}
