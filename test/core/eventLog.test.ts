import {
	batchId,
	logStateOf,
	oldestFirst,
	planOf,
	withPending,
	withSeen,
	type LogEntry,
	type LogState,
} from '../../nodes/core/eventLog';

const entry = (key: string, time?: number): LogEntry => ({ key, time, body: { key } });
const entries = (keys: string) => [...keys].map((key) => entry(key));
const keysOf = (list: LogEntry[]) => list.map(({ key }) => key).join('');
const state = (changes: Partial<LogState> = {}): LogState => ({
	account: 'shop',
	seen: [],
	pending: [],
	...changes,
});
const nothingRuns = new Set<string>();

describe('the order', () => {
	it.each<[string, LogEntry[], string]>([
		['by time, oldest first as listed', [entry('a', 1), entry('b', 2), entry('c', 2)], 'abc'],
		['by time, newest first', [entry('c', 3), entry('b', 2), entry('a', 1)], 'abc'],
		[
			'by time, where only some say it',
			[entry('c', 3), entry('b'), entry('a'), entry('d', 1), entry('e', 0)],
			'edabc',
		],
		['as listed where nothing tells', entries('cab'), 'cab'],
		['of one', entries('a'), 'a'],
		['of none', [], ''],
	])('%s', (_, list, expected) => {
		expect(keysOf(oldestFirst(list, new Set()))).toBe(expected);
	});

	it('without times the new ones are the later ones', () => {
		expect(keysOf(oldestFirst(entries('dcba'), new Set('ab')))).toBe('abcd');
		expect(keysOf(oldestFirst(entries('abcd'), new Set('ab')))).toBe('abcd');
	});
});

describe('the plan', () => {
	it('has what was neither seen nor handed over', () => {
		const { again, fresh } = planOf(
			state({ seen: ['a', 'b'], pending: [['c']] }),
			entries('abcde'),
			new Set([batchId(['c'])]),
		);
		expect(keysOf(fresh)).toBe('de');
		expect(again).toEqual([]);
	});

	it('hands a batch over again that nobody runs, with the keys it had', () => {
		const { again } = planOf(state({ pending: [['c', 'x']] }), entries('ac'), nothingRuns);
		expect(again).toEqual([{ keys: ['c', 'x'], entries: [entry('c')] }]);
	});

	it('has each entry once over many polls, whatever the window and the order of the log', () => {
		const all = Array.from({ length: 40 }, (_, index) => `event ${index}`);
		for (const isNewestFirst of [true, false]) {
			let now = state();
			const got: string[] = [];
			for (let end = 3; end <= all.length; end += 3) {
				const shown = all
					.slice(Math.max(0, end - 7), end)
					.map((key) => entry(key, all.indexOf(key)));
				const { fresh } = planOf(now, isNewestFirst ? shown.reverse() : shown, nothingRuns);
				got.push(...fresh.map(({ key }) => key));
				now = withSeen(
					now,
					fresh.map(({ key }) => key),
					shown.length,
				);
			}
			expect(got).toEqual(all.slice(0, 39));
		}
	});
});

describe('the state', () => {
	it('moves a batch from pending to seen', () => {
		const handed = withPending(withPending(state(), ['a', 'b']), ['a', 'b']);
		expect(handed.pending).toEqual([['a', 'b']]);
		expect(withSeen(handed, ['a', 'b'], 2)).toEqual(state({ seen: ['a', 'b'] }));
	});

	it('keeps a bounded number of keys, and always all that the log shows', () => {
		const many = Array.from({ length: 20_000 }, (_, index) => String(index));
		expect(withSeen(state(), many, 10).seen).toHaveLength(5_000);
		expect(withSeen(state(), many, 10).seen.at(-1)).toBe('19999');
		expect(withSeen(state(), many, 20_000).seen).toHaveLength(20_000);
	});

	it('is of one account, and is read only where it is whole', () => {
		const stored: unknown = JSON.parse(JSON.stringify(state({ seen: ['a'], pending: [['b']] })));
		expect(logStateOf(stored, 'shop')).toEqual(stored);
		expect(logStateOf(stored, 'another')).toBeUndefined();
		expect(logStateOf(undefined, 'shop')).toBeUndefined();
		expect(logStateOf({ account: 'shop', seen: 'a' }, 'shop')).toBeUndefined();
	});
});
