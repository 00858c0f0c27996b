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
import { isJsonObject, own, steps, type Json, type JsonObject } from './json';

/**
 * Where something stands: a path from the group or list entry around it, or from the payload with a leading `/`;
 * several paths, of which the first that is there counts; or a function that finds a path in the payload.
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

/** The declared shape of an item: its keys in their order. */
export interface Shape {
	[key: string]: Field | Group | List;
}

/** A field that a reader of the provider's own reads. */
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

const NOWHERE: Source = [];

/** A key of the common shape that this provider does not send. */
export const notSent = textField(NOWHERE);

/** Where a customer's parts stand; what is left out, the provider does not send. */
export interface CustomerSources {
	id?: Source;
	name: string;
	email: string;
	mobile?: string;
	landline?: string;
	document?: Source;
	documentType?: Source;
	/** More keys after the common ones. */
	more?: Shape;
}

/** The item's customer, with the same keys for every provider. */
export function customer(at: Source, sources: CustomerSources): Group {
	const { mobile, landline } = sources;
	const phones = [mobile, landline].filter((path) => path !== undefined);
	return group(
		{
			id: textField(sources.id ?? NOWHERE),
			name: textField(sources.name),
			email: textField(sources.email),
			phone: phoneField(phones),
			landline: landline ? { ...phoneField(landline), beside: mobile ?? NOWHERE } : notSent,
			document: fieldOf(documentNumber, sources.document ?? NOWHERE),
			documentType: {
				...textField(sources.documentType ?? NOWHERE),
				otherwise: (siblings) => documentTypeOf(String(siblings.document ?? '')),
			},
			...sources.more,
		},
		at,
	);
}

function documentTypeOf(document: string): string | null {
	if (/^\d{11}$/.test(document)) return 'cpf';
	return document.length === 14 ? 'cnpj' : null;
}

/** What a shape made of a payload. */
export interface ShapedPayload {
	values: IDataObject;
	/** The paths that are there but unreadable. */
	unreadable: string[];
}

/** A place in the payload: a path from another place, or the payload itself. */
interface Place {
	value: Json | undefined;
	from?: Place;
	path: string;
}

const NOTHING: Place = { value: undefined, path: '' };

/** A place's path from the payload's root. Only what is unreadable is named, so it is built no sooner. */
function pathOf({ from, path }: Place): string {
	const before = from ? pathOf(from) : '';
	return before === '' || path === '' || path.startsWith('[')
		? `${before}${path}`
		: `${before}.${path}`;
}

const pathOfSteps = (way: ReadonlyArray<string | number>) =>
	way.reduce<string>((path, step) => {
		if (typeof step === 'number') return `${path}[${step}]`;
		return path === '' ? step : `${path}.${step}`;
	}, '');

/** One reading of one payload. */
interface Reading {
	root: Place;
	payload: JsonObject;
	context: ReadContext;
	unreadable: Set<string>;
}

type Finder = (reading: Reading, from: Place) => Place;
type GroupReader = (reading: Reading, from: Place) => IDataObject;
/** Reads one value; `around` is what stands before it in the same group. */
type ValueReader = (reading: Reading, from: Place, around: IDataObject) => IDataObject[string];

/** Reads a payload into a shape. Never throws: what is unreadable becomes null and is named. */
export function shapePayload(
	shape: Shape,
	payload: JsonObject,
	context: ReadContext,
): ShapedPayload {
	const unreadable = new Set<string>();
	const root: Place = { value: payload, path: '' };
	const values = readerOf(shape)({ root, payload, context, unreadable }, root);
	return { values, unreadable: [...unreadable] };
}

const readers = new WeakMap<Shape, GroupReader>();

/** A shape never changes, so what can be worked out without a payload is worked out once. */
function readerOf(shape: Shape): GroupReader {
	const known = readers.get(shape);
	if (known) return known;
	const reader = groupReader(shape);
	readers.set(shape, reader);
	return reader;
}

function groupReader(shape: Shape): GroupReader {
	const parts = Object.entries(shape).map(([key, part]) => ({ key, read: valueReader(part) }));
	return (reading, from) => {
		const result: IDataObject = {};
		for (const { key, read } of parts) result[key] = read(reading, from, result);
		return result;
	};
}

function valueReader(part: Field | Group | List): ValueReader {
	if (part.kind === 'field') return fieldReader(part);
	if (part.kind === 'list') return listReader(part);
	const find = finder(part.at);
	const read = groupReader(part.fields);
	return (reading, from) => read(reading, find(reading, from));
}

function fieldReader({ source, reader, beside, otherwise }: Field): ValueReader {
	const find = finder(source);
	const findBeside = beside === undefined ? undefined : finder(beside);
	return (reading, from, around) => {
		if (findBeside && findBeside(reading, from).value === undefined) return null;
		const place = find(reading, from);
		if (place.value === undefined) return otherwise?.(around) ?? null;
		const read = reader.read(place.value, reading.context);
		if (read === undefined) reading.unreadable.add(pathOf(place));
		return read ?? null;
	};
}

function listReader({ source, entry }: List): ValueReader {
	const find = finder(source);
	const readEntry = groupReader(entry);
	return (reading, from) => {
		const list = find(reading, from);
		if (list.value === undefined) return [];
		if (!Array.isArray(list.value)) {
			reading.unreadable.add(pathOf(list));
			return [];
		}
		return list.value.flatMap((value, index) => {
			const place = { value, from: list, path: `[${index}]` };
			if (isJsonObject(value)) return [readEntry(reading, place)];
			reading.unreadable.add(pathOf(place));
			return [];
		});
	};
}

function finder(source: Source): Finder {
	if (typeof source === 'function') {
		return (reading) => {
			const path = source(reading.payload);
			return path === undefined ? NOTHING : walk(reading, reading.root, path, steps(path));
		};
	}
	const ways = (typeof source === 'string' ? [source] : source).map((written): Finder => {
		const isFromRoot = written.startsWith('/');
		const path = isFromRoot ? written.slice(1) : written;
		const way = steps(path);
		return (reading, from) => walk(reading, isFromRoot ? reading.root : from, path, way);
	});
	const [only] = ways;
	if (only && ways.length === 1) return only;
	return (reading, from) => {
		for (const find of ways) {
			const place = find(reading, from);
			if (place.value !== undefined) return place;
		}
		return NOTHING;
	};
}

function walk(
	{ unreadable }: Reading,
	from: Place,
	path: string,
	way: ReadonlyArray<string | number>,
): Place {
	let { value } = from;
	let walked = 0;
	for (const step of way) {
		if (isBlank(value)) return NOTHING;
		const isIndex = typeof step === 'number';
		if (isIndex && Array.isArray(value)) value = value[step];
		else if (!isIndex && isJsonObject(value)) value = own(value, step);
		else {
			unreadable.add(pathOf({ value, from, path: pathOfSteps(way.slice(0, walked)) }));
			return NOTHING;
		}
		walked += 1;
	}
	return isBlank(value) ? NOTHING : { value, from, path };
}

/** Nothing was sent: not at all, as null, or as a blank text. */
function isBlank(value: Json | undefined): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}
