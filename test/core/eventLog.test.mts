import fc, { type Arbitrary } from 'fast-check';
import {
	findUnseen,
	markSeen,
	parseLogState,
	sortOldestFirst,
	type LogEntry,
	type LogState,
} from '../../nodes/core/eventLog';
import { check } from '../../testkit/hostile/fuzz.mts';

const entry = (key: string, time?: number): LogEntry => ({ key, id: key, time, body: { key } });
const entries = (keys: Iterable<string>) => [...keys].map((key) => entry(key));
const state = (seen: Iterable<string> = []): LogState => ({ account: 'shop', seen: [...seen] });

it.each<[string, LogEntry[], string, string]>([
	['ascending times', [entry('a', 1), entry('b', 2), entry('c', 2)], '', 'abc'],
	['descending times', [entry('c', 3), entry('b', 2), entry('a', 1)], '', 'abc'],
	[
		'some times',
		[entry('c', 3), entry('b'), entry('a'), entry('d', 1), entry('e', 0)],
		'',
		'edabc',
	],
	['no times, new entries first', entries('dcba'), 'ab', 'abcd'],
	['no times, new entries last', entries('abcd'), 'ab', 'abcd'],
	['no times and new entries only', entries('cab'), '', 'cab'],
	['no entries', [], '', ''],
])('sorts oldest first with %s', (_, list, seen, expected) => {
	const sorted = sortOldestFirst(list, new Set(seen));
	expect(sorted.map(({ key }) => key).join('')).toBe(expected);
});

it('keeps a limited number of keys, and always all of the log', () => {
	const many = Array.from({ length: 20_000 }, (_, index) => String(index));
	expect(markSeen(state(), entries(many)).seen).toEqual(many);
	const { seen } = markSeen(state(many), entries(['0', 'new']));
	expect(seen).toHaveLength(5_000);
	expect(seen.slice(-3)).toEqual(['19999', '0', 'new']);
});

it.each<[string, unknown, LogState | undefined]>([
	['its own', state('a'), state('a')],
	['one of an earlier version', { ...state('a'), pending: [['b'], ['c', 'd']] }, state('abcd')],
	['one of another account', { ...state('a'), account: 'another' }, undefined],
	['an incomplete one', { account: 'shop', seen: 'a' }, undefined],
	['none', undefined, undefined],
])('reads a stored state: %s', (_, stored, expected) => {
	expect(parseLogState(stored, 'shop')).toEqual(expected);
});

/** When n8n is killed: it saves the state, then stores the execution. */
type Kill = 'before both writes' | 'between them' | 'after both';

/** One poll of the log: what has happened since the last one, and what n8n does with the batch. */
interface Poll {
	/** How many events are new. */
	grown: number;
	/** How many polled events the log still shows. */
	old: number;
	isNewestFirst: boolean;
	isTimed: boolean;
	kill: Kill | undefined;
}

const polls: Arbitrary<Poll[]> = fc.array(
	fc.record({
		grown: fc.nat(6),
		old: fc.nat(12),
		isNewestFirst: fc.boolean(),
		isTimed: fc.boolean(),
		kill: fc.constantFrom(undefined, 'before both writes', 'between them', 'after both'),
	}),
	{ maxLength: 30 },
);

/** A last poll, after which no event is left. */
const LAST: Poll = { grown: 1, old: 5, isNewestFirst: true, isTimed: true, kill: undefined };

const isSelected = (event: number) => event % 4 !== 3;

/** n8n with a trigger that polls a log, as the trigger uses the state. */
class PolledLog {
	/** The events that were executed, in order. */
	readonly ran: number[] = [];
	/** The events that n8n was killed with between its two writes. */
	readonly lost: number[] = [];
	/** The state that n8n has saved, as JSON. */
	private stored = 'null';
	private state = state();
	private events: number[] = [];

	get selected(): number[] {
		return this.events.filter(isSelected);
	}

	poll({ grown, old, isNewestFirst, isTimed, kill }: Poll): void {
		for (let i = 0; i < grown; i++) this.events.push(this.events.length);
		const shown = this.show(old, isTimed);
		if (isNewestFirst) shown.reverse();
		const batch = findUnseen(this.state, shown)
			.map(({ key }) => Number(key))
			.filter(isSelected);
		this.state = markSeen(this.state, shown);
		if (batch.length > 0 && kill !== 'before both writes') {
			this.stored = JSON.stringify(this.state);
			(kill === 'between them' ? this.lost : this.ran).push(...batch);
		}
		if (kill) this.state = parseLogState(JSON.parse(this.stored), 'shop') ?? state();
	}

	/** The newest entries of the log, among them all that were not polled yet. */
	private show(old: number, isTimed: boolean): LogEntry[] {
		const seen = new Set(this.state.seen);
		const first = this.events.findIndex((event) => !seen.has(String(event)));
		return this.events
			.slice(Math.max(0, (first < 0 ? this.events.length : first) - old))
			.map((event) => entry(String(event), isTimed ? event * 1_000 : undefined));
	}
}

it('runs no selected event twice, and loses only those between the two writes of a killed n8n', () => {
	check(
		fc.property(polls, (all) => {
			const log = new PolledLog();
			for (const one of [...all, LAST]) log.poll(one);
			expect([...log.ran, ...log.lost].sort((a, b) => a - b)).toEqual(log.selected);
		}),
	);
});

it('runs events in the order in which they happened where n8n is not killed', () => {
	check(
		fc.property(polls, fc.boolean(), (all, isNewestFirst) => {
			const log = new PolledLog();
			for (const one of all) log.poll({ ...one, isNewestFirst, isTimed: true, kill: undefined });
			expect(log.ran).toEqual(log.selected);
		}),
	);
});
