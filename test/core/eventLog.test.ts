import {
	parseLogState,
	sortOldestFirst,
	findUnseen,
	markSeen,
	type LogEntry,
	type LogState,
} from '../../nodes/core/eventLog';

const entry = (key: string, time?: number): LogEntry => ({ key, id: key, time, body: { key } });
const entries = (keys: Iterable<string>) => [...keys].map((key) => entry(key));
const keysOf = (list: LogEntry[]) => list.map(({ key }) => key).join('');
const state = (seen: Iterable<string> = []): LogState => ({ account: 'shop', seen: [...seen] });

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
		expect(keysOf(sortOldestFirst(list, new Set()))).toBe(expected);
	});

	it('without times the new ones are the later ones', () => {
		expect(keysOf(sortOldestFirst(entries('dcba'), new Set('ab')))).toBe('abcd');
		expect(keysOf(sortOldestFirst(entries('abcd'), new Set('ab')))).toBe('abcd');
	});
});

describe('what is new', () => {
	it('is what was never seen', () => {
		expect(keysOf(findUnseen(state('ab'), entries('abcde')))).toBe('cde');
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
				got.push(...findUnseen(now, isNewestFirst ? shown.reverse() : shown).map(({ key }) => key));
				now = markSeen(now, shown);
			}
			expect(got).toEqual(all.slice(0, 39));
		}
	});
});

describe('the state', () => {
	it('keeps a bounded number of keys, and always all that the log shows', () => {
		const many = Array.from({ length: 20_000 }, (_, index) => String(index));
		expect(markSeen(state(), entries(many)).seen).toEqual(many);
		const { seen } = markSeen(state(many), entries(['0', 'new']));
		expect(seen).toHaveLength(5_000);
		expect(seen.slice(-3)).toEqual(['19999', '0', 'new']);
	});

	it('is of one account, and is read only where it is whole', () => {
		const stored: unknown = JSON.parse(JSON.stringify(state('a')));
		expect(parseLogState(stored, 'shop')).toEqual(stored);
		expect(parseLogState(stored, 'another')).toBeUndefined();
		expect(parseLogState(undefined, 'shop')).toBeUndefined();
		expect(parseLogState({ account: 'shop', seen: 'a' }, 'shop')).toBeUndefined();
	});

	it('of an earlier version counts what was pending as seen', () => {
		expect(parseLogState({ ...state('a'), pending: [['b'], ['c', 'd']] }, 'shop')).toEqual(
			state('abcd'),
		);
	});
});
