import { isDeepStrictEqual } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';
import { eventId } from '../../nodes/Gen/gen';
import { distinct, targetOf, type Target } from '../../testkit/fakes/arrival.mts';
import { idOf } from '../../testkit/providers/clean.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';
import {
	depthOf,
	edit,
	edited,
	isJsonObject,
	jsonValue,
	nested,
	payload,
	reordered,
	withExactNumbers,
} from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';

/** Payloads that are compared by their content; others, by their bytes. */
const comparable = ({ sender }: Target): Arbitrary<JsonObject> =>
	payload(sender).map(withExactNumbers);

/** A payload and another that is nearly, or quite, the same. */
const pair = (target: Target): Arbitrary<[JsonObject, JsonObject]> =>
	fc
		.tuple(comparable(target), edit)
		.map(([one, change]) => [one, withExactNumbers(edited(one, change))]);

const name = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');

/** Whether two payloads are the same but for the order of their keys. */
const isSame = (one: JsonObject, other: JsonObject) => isDeepStrictEqual(one, other);

function without(body: JsonObject, keys: string[]): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

describe.each(distinct)('$name', (target) => {
	const { provider, sender } = target;

	it('knows a retry whatever the order of the keys', () => {
		check(
			fc.property(comparable(target), fc.nat(1_000), (body, order) => {
				const again = reordered(body, order);
				expect(isJsonObject(again) && idOf(provider, again)).toBe(idOf(provider, body));
			}),
		);
	});

	it('knows a retry by its bytes where numbers have more digits than JSON holds', () => {
		const big = fc.bigInt(2n ** 53n, 2n ** 70n);
		check(
			fc.property(payload(sender), big, fc.integer({ min: 1, max: 9 }), (body, number, more) => {
				const id = (digits: bigint) => {
					const json = `{"big":${digits},"rest":${JSON.stringify(body)}}`;
					return idOf(provider, JSON.parse(json), { name: 'x' }, json);
				};
				expect(id(number)).toBe(id(number));
				expect(id(number + BigInt(more))).not.toBe(id(number));
			}),
		);
	});

	it('knows a retry by its bytes where it is nested too deep to be compared', () => {
		check(
			fc.property(nested(400), jsonValue, (deep, other) => {
				fc.pre(depthOf(deep) > 210);
				const id = (value: JsonValue) => idOf(provider, { deep, value }, { name: 'x' });
				expect(id(other)).toBe(id(other));
				expect(id([other])).not.toBe(id(other));
			}),
		);
	});

	it('tells apart what only punctuation tells apart', () => {
		const part = fc.string({ unit: fc.constantFrom(...'01a",:;[]{}\\ '), maxLength: 4 });
		check(
			fc.property(part, part, fc.nat(99), fc.nat(99), (one, other, first, second) => {
				const values: JsonValue[] = [
					[one, other],
					[one + other],
					[`${one},${other}`],
					[`${one}","${other}`],
					[`${one}"${other}`],
					[[one, other]],
					[[one], other],
					{ [one]: other },
					{ [one + other]: '' },
					{ '': one + other },
					{ [one]: { [other]: '' } },
					[one, { [other]: '' }],
					[first, second],
					[Number(`${first}${second}`)],
					[String(first), second],
					[`${first},${second}`],
					{ [one]: first, x: second },
					{ [`${one}:${first},x`]: second },
					{ [`${one}${first}`]: second },
					{ [one]: Number(`${first}${second}`) },
					{ [`${one}":${first},"x`]: second },
				];
				const ids = new Set(values.map((value) => idOf(provider, { value }, { name: 'x' })));
				expect(ids.size).toBe(new Set(values.map((value) => JSON.stringify(value))).size);
			}),
		);
	});

	it('tells two deliveries apart that are new to it', () => {
		check(
			fc.property(fc.constantFrom(...sender.events), (event) => {
				const sample = sender.sample(event);
				const ids = [sample, sender.freshIds(sample), sender.freshIds(sample)].map((body) =>
					idOf(provider, body, { name: event }),
				);
				expect(new Set(ids).size).toBe(3);
			}),
		);
	});
});

describe.each([targetOf('gestaoOnline'), targetOf('goatCom')])('$name', (target) => {
	it('gives two payloads one id just when they hold the same', () => {
		check(
			fc.property(pair(target), ([one, other]) => {
				const ids = [idOf(target.provider, one), idOf(target.provider, other)];
				expect(new Set(ids).size).toBe(isSame(one, other) ? 1 : 2);
			}),
		);
	});
});

describe('Troque & Devolva', () => {
	const target = targetOf('troqueDevolva');
	const { provider } = target;
	const VOLATILE = ['webhooks', 'updatedAt', '__v'];
	const id = (body: JsonObject) => idOf(provider, body);

	/** What differs between two deliveries: the event, and all that stays. */
	const identityOf = (body: JsonObject) => [
		provider.eventOf({ body, headers: {}, query: {} }).name,
		without(body, VOLATILE),
	];

	it('knows a retry although its log of deliveries grows meanwhile', () => {
		const more = fc.dictionary(fc.constantFrom(...VOLATILE), jsonValue);
		check(
			fc.property(comparable(target), more, (body, later) => {
				expect(id({ ...without(body, VOLATILE), ...later })).toBe(id(body));
			}),
		);
	});

	it('gives two payloads one id just when their event and their content are the same', () => {
		check(
			fc.property(pair(target), ([one, other]) => {
				const isKnown = isDeepStrictEqual(identityOf(one), identityOf(other));
				expect(new Set([id(one), id(other)]).size).toBe(isKnown ? 1 : 2);
			}),
		);
	});

	it('tells the events of one request apart', () => {
		const { sender } = target;
		check(
			fc.property(
				comparable(target),
				fc.subarray(sender.events, { minLength: 2 }),
				(body, events) => {
					const ids = events.map((name) => idOf(provider, body, { name }));
					expect(new Set(ids).size).toBe(events.length);
				},
			),
		);
	});
});

describe('Gen', () => {
	const target = targetOf('gen');
	const id = (body: JsonObject) => idOf(target.provider, body);
	/** An id that is the event's own, and of nothing that the event is about. */
	const ownId = name.map((text) => `evt-${text}`);
	const known = comparable(target).filter((body) => eventId({ ...body, id: 'x' }) === 'x');

	it('gives two payloads without an id of their own one id just when they hold the same', () => {
		check(
			fc.property(pair(target), ([one, other]) => {
				fc.pre(eventId(one) === undefined && eventId(other) === undefined);
				expect(new Set([id(one), id(other)]).size).toBe(isSame(one, other) ? 1 : 2);
			}),
		);
	});

	it('knows a retry by the id of the event, whatever else the envelope says', () => {
		const envelope = fc.dictionary(fc.constantFrom('attempt', 'sent_at', 'webhook_id'), jsonValue);
		check(
			fc.property(known, ownId, envelope, (body, own, later) => {
				expect(id({ ...body, id: own, ...later })).toBe(id({ ...body, id: own }));
			}),
		);
	});

	it('tells two events apart by their ids, and by the state of what they are about', () => {
		check(
			fc.property(known, ownId, ownId, (body, one, other) => {
				fc.pre(one.trim() !== other.trim());
				expect(id({ ...body, id: one })).not.toBe(id({ ...body, id: other }));
			}),
		);
		const about = (data: JsonObject) => id({ event: 'PAYMENT.PAID', id: 'e', data });
		expect(about({ order_id: '1', status: 'PAID' })).not.toBe(
			about({ order_id: '1', status: 'NEW' }),
		);
	});

	// String(id) in eventId hides that the number has lost digits: two ids become one.
	it('tells two events apart by ids that are numbers beyond 2^53', () => {
		const sent = (digits: string) => {
			const json = `{"event":"PAYMENT.PAID","id":${digits},"data":{"order_id":"1"}}`;
			return idOf(target.provider, JSON.parse(json), undefined, json);
		};
		expect(sent('9007199254740993')).not.toBe(sent('9007199254740992'));
	});
});
