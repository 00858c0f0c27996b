import fc from 'fast-check';
import {
	boolean,
	cents,
	date,
	documentNumber,
	number,
	phone,
	text,
	findZone,
	type Reader,
} from '../../nodes/core/fields';
import type { Json } from '../../nodes/core/json';
import { check } from '../../testkit/hostile/fuzz.mts';

const NOT_READABLE = undefined;
const reading = (reader: Reader, timezone?: string) => (sent: Json, read: unknown) =>
	expect(reader.read(sent, { timezone })).toBe(read);

describe('a text', () => {
	it.each<[Json, string | undefined]>([
		['as sent ', 'as sent '],
		[7, '7'],
		[0, '0'],
		[-1.5, '-1.5'],
		[9007199254740991, '9007199254740991'],
		['9007199254740993', '9007199254740993'],
		[9007199254740992, NOT_READABLE],
		[Infinity, NOT_READABLE],
		[true, NOT_READABLE],
	])('sent as %p is %p', reading(text));
});

describe('a number', () => {
	it.each<[Json, number | undefined]>([
		[1399.9, 1399.9],
		[0, 0],
		['395.00', 395],
		[' 395.00 ', 395],
		['-12.5', -12.5],
		['1.399,90', NOT_READABLE],
		['1e3', NOT_READABLE],
		['0x10', NOT_READABLE],
		['.5', NOT_READABLE],
		['5.', NOT_READABLE],
		['+5', NOT_READABLE],
		['٣', NOT_READABLE],
		[Infinity, NOT_READABLE],
		['9'.repeat(400), NOT_READABLE],
		[true, NOT_READABLE],
	])('sent as %p is %p', reading(number));
});

describe('an amount in cents', () => {
	it.each<[Json, number | undefined]>([
		[4580, 45.8],
		['1999', 19.99],
		['22,90', NOT_READABLE],
		[null, NOT_READABLE],
	])('sent as %p is %p reais', reading(cents));
});

describe('a boolean', () => {
	it.each<[Json, boolean | undefined]>([
		[true, true],
		[false, false],
		['true', NOT_READABLE],
	])('sent as %p is %p', reading(boolean));
});

describe('a date', () => {
	it.each<[Json, string | undefined]>([
		['2025-11-24', '2025-11-24'],
		[' 2025-11-24 ', '2025-11-24'],
		['2024-02-29', '2024-02-29'],
		['2025-11-24T14:20:10-03:00', '2025-11-24T14:20:10-03:00'],
		['2025-11-24T14:20:10-0300', '2025-11-24T14:20:10-03:00'],
		['2025-11-24 14:20:10-03', '2025-11-24T14:20:10-03:00'],
		['2022-03-01T22:22:36.878Z', '2022-03-01T22:22:36.878Z'],
		['2022-03-01T22:22:36.878123Z', '2022-03-01T22:22:36.878Z'],
		['2031-06-15T23:59:59+00:00', '2031-06-15T23:59:59Z'],
		['2025-11-24T14:20Z', '2025-11-24T14:20:00Z'],
		['2025-02-29', NOT_READABLE],
		['2025-02-30T10:00:00Z', NOT_READABLE],
		['2025-11-24T25:00:00Z', NOT_READABLE],
		// Luxon reads these, and writes them in a form that other programs cannot read.
		['2026-01-01T00:00:00+99:99', NOT_READABLE],
		['2026-01-01T00:00:00-30', NOT_READABLE],
		['2026-01-01T00:00:00+24:00', NOT_READABLE],
		['9999-12-31T24:00:00Z', NOT_READABLE],
		['2025-11-24T14:20:10', NOT_READABLE],
		['2025-11-24T14:20:10 (local)', NOT_READABLE],
		['24/11/2025', NOT_READABLE],
		['2025-11', NOT_READABLE],
		[1764000000, NOT_READABLE],
	])('sent as %p is %p', reading(date));

	it.each<[Json, string | undefined]>([
		['2025-06-13T18:25:41', '2025-06-13T18:25:41-03:00'],
		['2025-06-13 18:25:41', '2025-06-13T18:25:41-03:00'],
		['2025-06-13 18:25:41.000000', '2025-06-13T18:25:41-03:00'],
		['2018-12-01T12:00:00', '2018-12-01T12:00:00-02:00'],
		['2025-06-13T18:25:41Z', '2025-06-13T18:25:41Z'],
		['2025-06-13', '2025-06-13'],
		['2025-02-30T18:25:41', NOT_READABLE],
		['2025-06-13T18:25:41 BRT', NOT_READABLE],
	])('sent as %p is %p where the zone is São Paulo', reading(date, 'America/Sao_Paulo'));

	it.each(['Mars/Olympus', '', ' ', 'BRT', '+03:00', '-3', `A${'x'.repeat(200_000)}`])(
		'without an offset is unreadable in the zone %#, which does not exist',
		(timezone) => {
			expect(date.read('2025-06-13T18:25:41', { timezone })).toBeUndefined();
			expect(date.read('2025-06-13T18:25:41Z', { timezone })).toBe('2025-06-13T18:25:41Z');
		},
	);

	it('is in the same zone however its name is spelled, so that few are cached', () => {
		expect(findZone('america/SAO_paulo')).toBe(findZone('America/Sao_Paulo'));
		expect(date.read('2025-06-13T18:25:41', { timezone: 'UTC' })).toBe('2025-06-13T18:25:41Z');
	});

	it('keeps its moment, whatever its offset', () => {
		const years = { min: new Date('1000-01-02'), max: new Date('9999-12-30'), noInvalidDate: true };
		const pad = (part: number) => String(Math.trunc(part)).padStart(2, '0');
		check(
			fc.property(fc.date(years), fc.integer({ min: -1439, max: 1439 }), (moment, ahead) => {
				const local = new Date(moment.getTime() + ahead * 60_000).toISOString().slice(0, -1);
				const minutes = Math.abs(ahead);
				const offset = `${ahead < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
				const read = String(date.read(`${local}${offset}`, {}));
				expect(read).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/);
				expect(new Date(read)).toEqual(moment);
			}),
		);
	});
});

describe('a phone number', () => {
	it.each<[Json, string | undefined]>([
		['+5511987654321', '+5511987654321'],
		[' +55 (11) 98765-4321', '+5511987654321'],
		['(11) 98765-4321', '+5511987654321'],
		['011 98765-4321', '+5511987654321'],
		[11987654321, '+5511987654321'],
		['(11) 3456-7890', '+551134567890'],
		// 55 is both the country and the area around Santa Maria.
		['55987654321', '+5555987654321'],
		['(55) 3221-0000', '+555532210000'],
		['5555987654321', '+5555987654321'],
		['555532210000', '+555532210000'],
		['055987654321', '+5555987654321'],
		['+55987654321', '+55987654321'],
		['+55 3221-0000', '+55 3221-0000'],
		['+1 415 555 2671', '+1 415 555 2671'],
		['20987654321', '20987654321'],
		['11887654321', '11887654321'],
		['1187654321', '1187654321'],
		['123423434', '123423434'],
		['11987654321 ramal 2', '11987654321 ramal 2'],
		['+', '+'],
		[true, NOT_READABLE],
	])('sent as %p is %p', reading(phone));
});

describe('a document', () => {
	it.each<[Json, string | undefined]>([
		['123.456.789-00', '12345678900'],
		['12.345.678/0001-66', '12345678000166'],
		['12.abc.345/01de-35', '12ABC34501DE35'],
		[12345678900, '12345678900'],
		[false, NOT_READABLE],
	])('sent as %p is %p', reading(documentNumber));
});
