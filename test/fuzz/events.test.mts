import fc from 'fast-check';
import { routeOf } from '../../nodes/core/event';
import { chosenCodes } from '../../nodes/core/output';
import { ALL, OTHER } from '../../nodes/core/provider';
import { arrive, distinct, documented, type Target } from '../../testkit/fakes/arrival.mts';
import type { JsonObject } from '../../testkit/providers/senders.mts';
import { check } from '../../testkit/hostile/fuzz.mts';

/** A delivery of an event, which says its name where the provider does. */
function deliveryOf(target: Target, event: string) {
	return documented(target, { payload: target.sender.naming(event), eventInUrl: false });
}

/** The outputs that get the item of an event. */
async function outputsThatTake(target: Target, event: string, parameters: JsonObject) {
	const { outputs, answer } = await arrive(target, deliveryOf(target, event), {
		parameters: { outputMode: 'perEvent', ...parameters },
	});
	const taken = outputs.flatMap((items, index) => items.map(() => index));
	expect(answer).toEqual(
		taken.length > 0 ? { received: true } : { received: true, ignored: 'event' },
	);
	for (const item of outputs.flat()) expect(item.event).toBe(event);
	return taken;
}

const isPattern = (code: string) => code.endsWith('*');

/** The codes of a provider, and names that events may have. */
function namesOf(target: Target) {
	const codes = target.provider.events.map(({ code }) => code);
	const documentedCodes = codes.filter((code) => code !== OTHER);
	const exact = documentedCodes.filter((code) => !isPattern(code));
	const patterns = documentedCodes.filter(isPattern);
	const prefixes = patterns.map((pattern) => pattern.slice(0, -1));

	/** A name that no document has: anything but a code, and not like a pattern. */
	const unknownName = fc
		.oneof(
			fc.string({ minLength: 1 }),
			fc.constantFrom('unknown', '*', 'constructor', '__proto__', 'ORDER', 'PAYMENT', 'charge-'),
			fc.constantFrom(...exact).map((code) => `${code}x`),
			fc.constantFrom(...exact).map((code) => code.slice(0, -1)),
			fc.constantFrom(...documentedCodes).map((code) => `X.${code.replace('*', 'NEW')}`),
		)
		.map((name) => name.trim())
		.filter(
			(name) =>
				name !== '' && !codes.includes(name) && !prefixes.some((prefix) => name.startsWith(prefix)),
		);
	const patternName = fc
		.tuple(fc.constantFrom('', ...prefixes), fc.stringMatching(/^[A-Z]{1,8}$/))
		.map(([prefix, rest]) => prefix + rest)
		.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !exact.includes(name));
	const someName = fc.oneof(
		fc.constantFrom(...exact),
		unknownName,
		...(prefixes.length > 0 ? [patternName] : []),
	);
	return { codes, exact, unknownName, someName };
}

describe.each(distinct)('$name', (target) => {
	const { codes, exact, unknownName, someName } = namesOf(target);
	const someCodes = fc.shuffledSubarray(codes, { minLength: 1 });

	it('takes exactly its event by a documented code that is chosen alone', async () => {
		await check(
			fc.asyncProperty(fc.constantFrom(...exact), someName, async (code, name) => {
				expect(await outputsThatTake(target, code, { events: [code] })).toEqual([0]);
				const expected = name === code ? [0] : [];
				expect(await outputsThatTake(target, name, { events: [code] })).toEqual(expected);
			}),
		);
	});

	it('takes every event by all events', async () => {
		await check(
			fc.asyncProperty(someName, someCodes, async (name, chosen) => {
				expect(await outputsThatTake(target, name, { events: [ALL] })).toHaveLength(1);
				const more = { events: [...chosen, ALL] };
				expect(await outputsThatTake(target, name, more)).toHaveLength(1);
			}),
		);
	});

	it('takes an event that no document names by Other, and only by Other', async () => {
		await check(
			fc.asyncProperty(unknownName, someCodes, async (name, events) => {
				const other = events.indexOf(OTHER);
				const expected = other < 0 ? [] : [other];
				expect(await outputsThatTake(target, name, { events })).toEqual(expected);
			}),
		);
	});

	it('takes a documented event by its code, else by its longest pattern, never by Other', async () => {
		await check(
			fc.asyncProperty(fc.constantFrom(...exact), someCodes, async (name, events) => {
				const covering = events
					.filter(
						(code) => code === name || (isPattern(code) && name.startsWith(code.slice(0, -1))),
					)
					.sort((a, b) => Number(b === name) - Number(a === name) || b.length - a.length);
				const expected = covering.slice(0, 1).map((code) => events.indexOf(code));
				expect(await outputsThatTake(target, name, { events })).toEqual(expected);
			}),
		);
	});

	it('gives every chosen code one output, in the order chosen, and the documented rest after them', () => {
		check(
			fc.property(someCodes, fc.boolean(), fc.nat(), (events, hasAll, place) => {
				const chosen = hasAll ? events.toSpliced(place % (events.length + 1), 0, ALL) : events;
				const rest = hasAll ? codes.filter((code) => !events.includes(code)) : [];
				const outputs = chosenCodes(chosen, '', codes);
				expect(outputs).toEqual([...events, ...rest]);
				for (const [index, code] of outputs.entries()) {
					expect(routeOf(code, outputs, target.provider.events)).toBe(index);
				}
			}),
		);
	});
});

describe.each(distinct.filter(({ provider }) => provider.hasCustomEvents))('$name', (target) => {
	const { someName } = namesOf(target);

	it('takes an event that was typed, or begins as a typed pattern, and no other', async () => {
		await check(
			fc.asyncProperty(fc.stringMatching(/^[A-Z]{2,6}$/), someName, async (typed, name) => {
				fc.pre(!name.startsWith(typed));
				const customEvents = ` ${typed}* ,${typed}.X,${typed}.*,, ${typed}.Y.*`;
				const expected: Array<[string, number[]]> = [
					[`${typed}.X`, [1]],
					[`${typed}.XY`, [2]],
					[`${typed}.Y.Z`, [3]],
					[`${typed}Y`, [0]],
					[typed, [0]],
					[name, []],
				];
				for (const [event, outputs] of expected) {
					const taken = await outputsThatTake(target, event, { events: [], customEvents });
					expect([event, taken]).toEqual([event, outputs]);
				}
			}),
		);
	});
});
