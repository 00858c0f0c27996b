import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isoWithOffset } from '../../nodes/core/fields';
import { check } from '../../testkit/hostile/fuzz.mts';

const digits = (length: number, max: number) =>
	fc.integer({ min: 0, max }).map((number) => String(number).padStart(length, '0'));

const time = fc
	.tuple(
		digits(4, 9999),
		digits(2, 13),
		digits(2, 32),
		digits(2, 24),
		digits(2, 60),
		digits(2, 60),
		fc.constantFrom('', '.000', '.123', '.12', '.123456'),
		fc.oneof(
			fc.constant('Z'),
			fc
				.tuple(fc.constantFrom('+', '-'), digits(2, 15), digits(2, 60))
				.map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
		),
	)
	.map(
		([year, month, day, hour, minute, second, fraction, zone]) =>
			`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
	);

it('a date comes out as Luxon would write it, whether Luxon was asked or not', () => {
	check(
		fc.property(time, (iso) => {
			const written = DateTime.fromISO(iso, { setZone: true }).toISO({
				suppressMilliseconds: true,
			});
			expect(isoWithOffset(iso)).toBe(written ?? undefined);
		}),
	);
});
