import type { IDataObject } from 'n8n-workflow';
import {
	boolean,
	cents,
	date,
	documentNumber,
	number,
	phone,
	text,
	type ReadContext,
	type Reader,
} from './fields';
import { childAt, isJsonObject, parsePath, type Json, type JsonObject } from './json';

/**
 * Where a value is: a path from the group or list entry around it, or, with a leading `/`, from the payload's root;
 * several paths, of which the first one present counts; or a function that finds a path in the payload.
 */
export type Source = string | readonly string[] | ((payload: JsonObject) => string | undefined);

/** One value of the item, and where it comes from. */
export interface Field {
	kind: 'field';
	source: Source;
	reader: Reader;
	/** Read only where this other value is there too. */
	beside?: Source;
	/** The value where the provider sent none, from what stands before it in the same group. */
	otherwise?(group: IDataObject): string | null;
}

/** An object of the item: always there, with all its keys. */
export interface Group {
	kind: 'group';
	at: Source;
	fields: Shape;
}

/** A list of the item: empty where the provider sent none. */
export interface List {
	kind: 'list';
	source: Source;
	entry: Shape;
}

/** A list of plain values, such as texts: empty where the provider sent none. */
export interface Values {
	kind: 'values';
	source: Source;
	reader: Reader;
}

/** The declared shape of an item: its keys in their order. */
export interface Shape {
	[key: string]: Field | Group | List | Values;
}

/** A field with a reader of the provider's own. */
export const fieldOf = (reader: Reader, source: Source): Field => ({
	kind: 'field',
	reader,
	source,
});

export const textField = (source: Source) => fieldOf(text, source);
export const numberField = (source: Source) => fieldOf(number, source);
/** Money that is sent in reais. */
export const moneyField = numberField;
/** Money that is sent in cents. */
export const centsField = (source: Source) => fieldOf(cents, source);
export const booleanField = (source: Source) => fieldOf(boolean, source);
export const dateField = (source: Source) => fieldOf(date, source);
const phoneField = (source: Source) => fieldOf(phone, source);

/** An object of the item; the paths inside it start at `at`. */
export const group = (fields: Shape, at: Source = ''): Group => ({ kind: 'group', at, fields });

/** A list of the item. */
export const list = (source: Source, entry: Shape): List => ({ kind: 'list', source, entry });

/** A list of texts. */
export const textList = (source: Source): Values => ({ kind: 'values', source, reader: text });

const NOWHERE: Source = [];

/** A key of the common shape that this provider does not send. */
export const notSent = textField(NOWHERE);

/** Where a customer's parts are; the provider does not send those that are left out. */
export interface CustomerSources {
	id?: Source;
	name: string;
	email: string;
	/** Several where the provider has several names for it. */
	mobile?: string | readonly string[];
	landline?: string;
	document?: Source;
	/** A field where the provider's types need a reader of their own. */
	documentType?: Source | Field;
	/** More keys after the common ones. */
	more?: Shape;
}

/** The item's customer, with the same keys for every provider. */
export function customer(at: Source, sources: CustomerSources): Group {
	const { mobile, landline, documentType = NOWHERE } = sources;
	const phones = [mobile ?? [], landline ?? []].flat();
	return group(
		{
			id: textField(sources.id ?? NOWHERE),
			name: textField(sources.name),
			email: textField(sources.email),
			phone: phoneField(phones),
			landline: landline ? { ...phoneField(landline), beside: mobile ?? NOWHERE } : notSent,
			document: fieldOf(documentNumber, sources.document ?? NOWHERE),
			documentType: {
				...(isField(documentType) ? documentType : textField(documentType)),
				otherwise: (siblings) => detectDocumentType(String(siblings.document ?? '')),
			},
			...sources.more,
		},
		at,
	);
}

const isField = (source: Source | Field): source is Field =>
	typeof source === 'object' && 'kind' in source;

function detectDocumentType(document: string): string | null {
	if (/^\d{11}$/.test(document)) return 'cpf';
	return document.length === 14 ? 'cnpj' : null;
}

/** A payload read into a shape. */
export interface ShapedPayload {
	values: IDataObject;
	/** The paths of values that are present but unreadable. */
	unreadable: string[];
}

/** A value of the payload and its path from the root. */
interface Place {
	value: Json | undefined;
	path: string;
}

const NOTHING: Place = { value: undefined, path: '' };

/** One reading of one payload. */
interface Reading {
	payload: JsonObject;
	context: ReadContext;
	unreadable: Set<string>;
}

/** Reads a payload into a shape. Never throws: what is unreadable becomes null and is named. */
export function shapePayload(
	shape: Shape,
	payload: JsonObject,
	context: ReadContext,
): ShapedPayload {
	const reading: Reading = { payload, context, unreadable: new Set() };
	const values = readShape(reading, shape, { value: payload, path: '' });
	return { values, unreadable: [...reading.unreadable] };
}

function readShape(reading: Reading, shape: Shape, base: Place): IDataObject {
	const values: IDataObject = {};
	for (const [key, part] of Object.entries(shape)) {
		if (part.kind === 'field') values[key] = readField(reading, part, base, values);
		else if (part.kind === 'list') values[key] = readList(reading, part, base);
		else if (part.kind === 'values') values[key] = readValues(reading, part, base);
		else values[key] = readShape(reading, part.fields, find(reading, part.at, base));
	}
	return values;
}

/** @param group the values that stand before this one in the same group */
function readField(reading: Reading, field: Field, base: Place, group: IDataObject) {
	const { beside, otherwise, reader, source } = field;
	if (beside !== undefined && find(reading, beside, base).value === undefined) return null;
	const { value, path } = find(reading, source, base);
	if (value === undefined) return otherwise?.(group) ?? null;
	const read = reader.read(value, reading.context);
	if (read === undefined) reading.unreadable.add(path);
	return read ?? null;
}

function readList(reading: Reading, { source, entry }: List, base: Place): IDataObject[] {
	return readEntries(reading, source, base, (place) =>
		isJsonObject(place.value) ? readShape(reading, entry, place) : undefined,
	);
}

function readValues(reading: Reading, { source, reader }: Values, base: Place) {
	return readEntries(reading, source, base, ({ value }) =>
		value === undefined || isBlank(value) ? undefined : reader.read(value, reading.context),
	);
}

/** The entries of a list. Those that `read` cannot read are left out and named. */
function readEntries<T>(
	reading: Reading,
	source: Source,
	base: Place,
	read: (place: Place) => T | undefined,
): T[] {
	const { value: list = [], path } = find(reading, source, base);
	if (!Array.isArray(list)) {
		reading.unreadable.add(path);
		return [];
	}
	return list.flatMap((value, index) => {
		const place = { value, path: pathTo(path, index) };
		const entry = read(place);
		if (entry !== undefined) return [entry];
		reading.unreadable.add(place.path);
		return [];
	});
}

/** Where a source leads from a base. */
function find(reading: Reading, source: Source, base: Place): Place {
	const root = { value: reading.payload, path: '' };
	if (typeof source === 'function') {
		const path = source(reading.payload);
		return path === undefined ? NOTHING : walk(reading, root, path);
	}
	for (const path of typeof source === 'string' ? [source] : source) {
		const place = path.startsWith('/')
			? walk(reading, root, path.slice(1))
			: walk(reading, base, path);
		if (place.value !== undefined) return place;
	}
	return NOTHING;
}

/** Follows a path. A value on the way that has no such steps, such as a text instead of an object, is unreadable. */
function walk({ unreadable }: Reading, base: Place, path: string): Place {
	let place = base;
	for (const step of parsePath(path)) {
		if (isBlank(place.value)) return NOTHING;
		const canStep =
			typeof step === 'number' ? Array.isArray(place.value) : isJsonObject(place.value);
		if (!canStep) {
			unreadable.add(place.path);
			return NOTHING;
		}
		place = { value: childAt(place.value, step), path: pathTo(place.path, step) };
	}
	return isBlank(place.value) ? NOTHING : place;
}

function pathTo(base: string, step: string | number): string {
	if (typeof step === 'number') return `${base}[${step}]`;
	return base === '' ? step : `${base}.${step}`;
}

/** Nothing was sent: not at all, as null, or as a blank text. */
function isBlank(value: Json | undefined): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}
