import { DateTime } from 'luxon';
import { jsonFields } from '../../core/action';
import { isJsonObject, own, type Json, type JsonObject } from '../../core/json';

/** The values of parameters, as n8n gives them, by their names. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The fields of a request that were not left empty. */
export function filled(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
	const entries = Object.entries(fields).filter(
		(entry): entry is [string, Json] => entry[1] !== undefined,
	);
	return Object.fromEntries(entries);
}

/** What stands in a collection under a name, or an empty one. */
export function objectIn(parameters: Parameters, name: string): JsonObject {
	const value = own(parameters, name);
	return isJsonObject(value) ? value : {};
}

/** A text of a collection, trimmed, or `undefined` where it was left empty. */
export function textIn(parameters: Parameters, name: string): string | undefined {
	const value = own(parameters, name) ?? '';
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw new Error(`The field ${name} is no text. Correct its expression.`);
	}
	return String(value).trim() || undefined;
}

/** A yes or no of a collection, or `undefined` where it was not added. */
export function booleanIn(parameters: Parameters, name: string): boolean | undefined {
	const value = own(parameters, name) ?? '';
	if (value === '') return undefined;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new Error(`The field ${name} is neither true nor false. Correct its expression.`);
}

/** A whole number, also as a text. Throws where it is none, or not within the limits. */
export function wholeNumber(value: unknown, label: string, max = Number.MAX_SAFE_INTEGER): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max) {
		return number;
	}
	const range = max === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${max}`;
	throw new Error(`${label} is no whole number ${range}. Correct it.`);
}

/** A request's object with the extra fields of a user, also inside its objects. */
export function withExtraFields(fields: JsonObject, additionalFields: JsonObject): JsonObject {
	return merged(fields, jsonFields(own(additionalFields, 'extraFields'), 'Extra Fields'));
}

function merged(fields: JsonObject, extra: JsonObject): JsonObject {
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

/** The date of a date and time, as YYYY-MM-DD. Throws where it is none. */
export function dateText(value: unknown, label: string, timezone: string): string {
	const time = timeIn(value, timezone);
	const text = time
		? time.toISODate()
		: /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(String(value).trim())?.[0];
	if (text && DateTime.fromISO(text).isValid) return text;
	throw new Error(`${label} is no date. Enter it as YYYY-MM-DD, as in 2027-01-31.`);
}
