import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { hasLostDigits, type Json } from './json';

/** What a reader may need besides the value. */
export interface ReadContext {
	/** The IANA zone of dates that are sent without one, where the provider has such dates. */
	timezone?: string;
}

/** The kind of a clean value, for its schema. */
export type ValueType = 'string' | 'number' | 'boolean';

/** Reads one value as sent (never null, never a blank text); `undefined` where it is unreadable. */
export interface Reader {
	type: ValueType;
	format?: 'date-time';
	read(value: Json, context: ReadContext): string | number | boolean | undefined;
}

/** A text, as sent. Numbers become texts: ids, codes and house numbers come either way. */
export const text: Reader = {
	type: 'string',
	read(value) {
		if (typeof value === 'string') return value;
		// Beyond 2^53 the digits that were sent are already lost.
		if (typeof value !== 'number') return undefined;
		return hasLostDigits(value) ? undefined : String(value);
	},
};

/** A number, also as a text such as "395.00". Money comes in reais this way. */
export const number: Reader = {
	type: 'number',
	read(value) {
		const sent = typeof value === 'string' ? value.trim() : value;
		if (typeof sent === 'string' && !/^-?\d+(\.\d+)?$/.test(sent)) return undefined;
		if (typeof sent !== 'string' && typeof sent !== 'number') return undefined;
		return Number.isFinite(Number(sent)) ? Number(sent) : undefined;
	},
};

/** Money sent in cents, in reais. */
export const cents: Reader = {
	type: 'number',
	read(value, context) {
		const sent = number.read(value, context);
		return typeof sent === 'number' ? sent / 100 : undefined;
	},
};

/** A boolean. */
export const boolean: Reader = {
	type: 'boolean',
	read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/**
 * An ISO 8601 date as one with an offset; a date without a time stays `YYYY-MM-DD`.
 * One with a time and without an offset is read in the context's zone, and is unreadable where there is none.
 */
export const date: Reader = {
	type: 'string',
	format: 'date-time',
	read(value, { timezone }) {
		if (typeof value !== 'string') return undefined;
		const sent = value.trim();
		if (/^\d{4}-\d{2}-\d{2}$/.test(sent)) {
			return DateTime.fromISO(sent, { zone: 'utc' }).isValid ? sent : undefined;
		}
		if (!/^\d{4}-\d{2}-\d{2}[T ]/.test(sent)) return undefined;
		const iso = sent.replace(' ', 'T');
		const hasOffset = /(Z|[+-]\d{2}(:?\d{2})?)$/i.test(iso.slice(11));
		return hasOffset ? isoWithOffset(iso) : isoInZone(iso, timezone ?? '');
	},
};

/** An ISO time with an offset, without needless milliseconds; `undefined` where there is no such time. */
export const isoWithOffset = (iso: string): string | undefined =>
	toIso(DateTime.fromISO(iso, { setZone: true }));

/** An ISO time without an offset, in a zone; `undefined` where there is no such time or zone. */
export function isoInZone(iso: string, zoneName: string): string | undefined {
	const zone = findZone(zoneName);
	return zone && toIso(DateTime.fromISO(iso, { zone }));
}

/** Luxon accepts years and offsets that it then writes in a form that other programs cannot read. */
function toIso(time: DateTime): string | undefined {
	const iso = time.toISO({ suppressMilliseconds: true });
	return iso && /^\d{4}-/.test(iso) && Number.isFinite(Date.parse(iso)) ? iso : undefined;
}

/** Zones by name. A lookup costs more than all other steps of a delivery together. */
const zones = new Map<string, Zone | undefined>();
const MAX_ZONES = 100;

/** The zone with an IANA name; `undefined` where there is none. */
export function findZone(name: string): Zone | undefined {
	if (!zones.has(name)) {
		if (zones.size >= MAX_ZONES) zones.clear();
		zones.set(name, createZone(name));
	}
	return zones.get(name);
}

function createZone(name: string): Zone | undefined {
	if (name === 'UTC') return FixedOffsetZone.utcInstance;
	if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return undefined;
	try {
		// Luxon caches every spelling of a name: the canonical one keeps the cache small.
		const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
		return IANAZone.create(timeZone);
	} catch {
		// Intl throws where there is no such zone.
		return undefined;
	}
}

const AREA_CODES = new Set(
	(
		'11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 ' +
		'61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99'
	).split(' '),
);

/** A phone number in +55… form when it is a valid Brazilian one (area code and 8 or 9 digits), else as sent. */
export const phone: Reader = {
	type: 'string',
	read(value, context) {
		const sent = text.read(value, context);
		if (typeof sent !== 'string' || !/^[+\d\s().-]+$/.test(sent)) return sent;
		let digits = sent.replace(/\D/g, '');
		const isInternational = sent.trim().startsWith('+');
		if (isInternational && !digits.startsWith('55')) return sent;
		if (isInternational || (digits.length > 11 && digits.startsWith('55')))
			digits = digits.slice(2);
		if (digits.length > 10 && digits.startsWith('0')) digits = digits.slice(1);
		const isValid = /^\d{2}(9\d{8}|[2-5]\d{7})$/.test(digits) && AREA_CODES.has(digits.slice(0, 2));
		return isValid ? `+55${digits}` : sent;
	},
};

/** A CPF or CNPJ without punctuation. A CNPJ may hold letters since July 2026. */
export const documentNumber: Reader = {
	type: 'string',
	read(value, context) {
		const sent = text.read(value, context);
		return typeof sent === 'string' ? sent.replace(/[\s./-]/g, '').toUpperCase() : undefined;
	},
};
