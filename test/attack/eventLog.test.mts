import { parseLog } from '../../nodes/Gen/eventLog';
import { eventId, timeOf } from '../../nodes/Gen/gen';
import type { Json, JsonObject } from '../../nodes/core/json';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import { senderOf } from '../../testkit/providers/senders.mts';
import { guardPrototypes } from '../../testkit/fakes/arrival.mts';
import { HOSTILE_VALUES } from '../../testkit/hostile/hostile.mts';

guardPrototypes();

/** An event of Gen's log, with these values wherever its own time, its id and its payment's are looked for. */
function entry(json: string): JsonObject {
	const value: Json = JSON.parse(json);
	const { data, ...rest } = senderOf('gen').sample('PAYMENT.CREATED');
	return {
		...rest,
		id: value,
		inserted_at: value,
		data: { ...Object(data), id: value, inserted_at: value, updated_at: value, status: value },
	};
}

// String() has no text for it, see below.
const WITHOUT_TEXT = '{"toString":1,"valueOf":1}';

it.each(HOSTILE_VALUES.filter((json) => json !== WITHOUT_TEXT))(
	'an entry of the log that holds %s is one entry',
	(json) => {
		const body = entry(json);
		const text: unknown = expect.any(String);
		expect(parseLog([body])).toEqual([{ key: text, id: text, time: timeOf(body), body }]);
		expect(Number.isFinite(timeOf(body) ?? 0)).toBe(true);
	},
);

it.each(HOSTILE_VALUES)('an entry of the log that is %s is one entry, or no log', (json) => {
	const value: Json = JSON.parse(json);
	expect(parseLog([value])).toHaveLength(1);
	expect(parseLog({ data: [value] })).toHaveLength(1);
	const log = parseLog(value);
	expect(log === undefined || Array.isArray(value)).toBe(true);
});

it('an entry says its time, and its own id beside that of its payment', () => {
	const body = { ...entry('"x"'), id: 'evt-1', inserted_at: '2026-07-01T10:00:00-03:00' };
	expect(timeOf(body)).toBe(Date.parse('2026-07-01T13:00:00Z'));
	expect(eventId(body)).toBe('evt-1');
});

// timeOf makes texts of whatever stands there: String() throws on such objects, and on lists as deep as that.
it.each([
	['an object without a text', WITHOUT_TEXT],
	['a list, ten thousand deep', deepJson(10_000)],
])('an entry whose time is %s is one entry', (_what, json) => {
	expect(timeOf(entry(json))).toBeUndefined();
});

// Its key is made of JSON.stringify, which throws on what JSON.parse reads: no poll would bring anything any more.
it.each([
	['inside an event', `{"event":"PAYMENT.CREATED","data":{"a":${deepJson(10_000)}}}`],
	['instead of an event', deepJson(10_000)],
])('lists ten thousand deep %s are one entry each', (_where, json) => {
	const log: Json[] = [JSON.parse(json), JSON.parse(json)];
	expect(new Set(parseLog(log)?.map(({ key }) => key)).size).toBe(2);
});

it('a log of ten thousand equal entries is read in a time that grows with its length', () => {
	const [one, other] = [entry('null'), { ...entry('null'), id: 'evt-1' }];
	const logOf = (length: number): Json[] => new Array<Json>(length).fill(one);
	const timeOf = (log: Json[]) => {
		const start = process.cpuUsage();
		parseLog(log);
		const { user, system } = process.cpuUsage(start);
		return user + system;
	};
	expect(parseLog([...logOf(10_000), other, other])).toHaveLength(10_001);
	const short = Math.min(...[1, 2, 3, 4, 5].map(() => timeOf(logOf(1_000))));
	// Ten times as long takes about ten times; were each compared with each, it would take a hundred times.
	expect(timeOf(logOf(10_000)) / short).toBeLessThan(40);
});
