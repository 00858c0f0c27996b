import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import { text } from './fields';
import { isJsonObject, own, type Json, type JsonObject } from './json';

/** The values of parameters, as n8n gives them, by their names. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The values of parameters; empty texts for those that are not shown. */
export const parametersOf = (
	context: IExecuteFunctions,
	itemIndex: number,
	names: readonly string[],
): Parameters =>
	Object.fromEntries(names.map((name) => [name, context.getNodeParameter(name, itemIndex, '')]));

export const isSimplified = (context: IExecuteFunctions, itemIndex: number): boolean =>
	context.getNodeParameter('simplify', itemIndex, true) !== false;

/** A text parameter, trimmed. Throws where it is empty: `label` is its name on the screen. */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	label: string,
): string {
	return filledText(context.getNodeParameter(name, itemIndex, ''), label);
}

/** The entries of a list that a user wants: all, or the first so many. */
export function limited<T>(context: IExecuteFunctions, itemIndex: number, list: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return list;
	return list.slice(0, wholeNumber(context.getNodeParameter('limit', itemIndex, 50), 'Limit'));
}

/** The fields of a request that were not left empty. */
export function filled(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
	const entries = Object.entries(fields).filter(
		(entry): entry is [string, Json] => entry[1] !== undefined,
	);
	return Object.fromEntries(entries);
}

/** A value as a text, trimmed. Throws where it is empty: `label` is its name on the screen. */
export function filledText(value: unknown, label: string): string {
	const filledIn = String(value ?? '').trim();
	if (filledIn === '') throw new Error(`${label} is empty. Enter one.`);
	return filledIn;
}

/** The object under a name, such as a collection; an empty one where there is none. */
export function objectIn(parameters: Parameters, name: string): JsonObject {
	const value = own(parameters, name);
	return isJsonObject(value) ? value : {};
}

/** The entries of a fixed collection that takes several; n8n gives one alone without a list around it. */
export const entriesIn = (collection: JsonObject, name: string): Json[] =>
	[own(collection, name) ?? []].flat();

/** A text or a number as a text, trimmed; `undefined` where it was left empty. */
export function textIn(
	parameters: Parameters,
	name: string,
	label = `The field ${name}`,
): string | undefined {
	const value = own(parameters, name) ?? '';
	const read = typeof value === 'string' || typeof value === 'number' ? text.read(value, {}) : null;
	if (typeof read === 'string') return read.trim() || undefined;
	throw new Error(`${label} must be text. Correct it.`);
}

/** A yes or no; `undefined` where it was not added. */
export function booleanIn(parameters: Parameters, name: string): boolean | undefined {
	const value = own(parameters, name) ?? '';
	if (value === '') return undefined;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new Error(`The field ${name} must be true or false. Correct it.`);
}

/** A whole number, also as a text. Throws where it is not one, or not within the limits. */
export function wholeNumber(value: unknown, label: string, max = Number.MAX_SAFE_INTEGER): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max) {
		return number;
	}
	const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
	throw new Error(`${label} must be an integer ${range}.`);
}

/** Fields that a user typed as JSON, as text or by an expression. Throws where they are not a JSON object. */
export function jsonFields(value: Json | undefined, label: string): JsonObject {
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

/** A request's object with the extra fields of a user, also inside its objects. */
export function merged(fields: JsonObject, extra: JsonObject): JsonObject {
	const entries = Object.entries(extra).map(([key, value]): [string, Json] => {
		const known = own(fields, key);
		return [key, isJsonObject(known) && isJsonObject(value) ? merged(known, value) : value];
	});
	return { ...fields, ...Object.fromEntries(entries) };
}

/** A time that an expression gave as an object rather than as a text. */
function timeIn(value: unknown, timezone: string): DateTime | undefined {
	if (DateTime.isDateTime(value)) return value;
	return isDate(value) ? DateTime.fromJSDate(value, { zone: timezone }) : undefined;
}

// Not instanceof: an expression's Date may come from another realm.
const isDate = (value: unknown): value is Date =>
	Object.prototype.toString.call(value) === '[object Date]';

/** A date and time as it was typed, or, from an expression's object, as ISO 8601. */
export function timeText(value: unknown, timezone: string): string | undefined {
	const time = timeIn(value, timezone);
	if (time) return time.toISO() ?? undefined;
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The date of a date and time, as YYYY-MM-DD. Throws where it is not one. */
export function dateText(value: unknown, label: string, timezone: string): string {
	const time = timeIn(value, timezone);
	const date = time
		? time.toISODate()
		: /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(String(value).trim())?.[0];
	if (date && DateTime.fromISO(date).isValid) return date;
	throw new Error(`${label} must be a date as YYYY-MM-DD, such as 2027-01-31.`);
}
