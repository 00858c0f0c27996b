import fc, { type Arbitrary } from 'fast-check';
import {
	parseLogState,
	findUnseen,
	markSeen,
	type LogEntry,
	type LogState,
} from '../../nodes/core/eventLog';
import { check } from '../../testkit/hostile/fuzz.mts';

const ACCOUNT = 'shop';

/** When n8n is killed while it takes what a poll brought: it saves the state, then stores the execution. */
type Kill = 'before both writes' | 'between them' | 'after both';

/** One poll of the log: what happened since the last one, and what happens to what it brings. */
interface Poll {
	/** How many events are new. */
	grown: number;
	/** How many old ones the log still shows besides those that were not polled. */
	old: number;
	isNewestFirst: boolean;
	isTimed: boolean;
	kill: Kill | undefined;
}

const poll: Arbitrary<Poll> = fc.record({
	grown: fc.nat(6),
	old: fc.nat(12),
	isNewestFirst: fc.boolean(),
	isTimed: fc.boolean(),
	kill: fc.constantFrom(undefined, 'before both writes', 'between them', 'after both'),
});
const polls = fc.array(poll, { maxLength: 30 });

/** A poll after which everything is done. */
const LAST: Poll = { grown: 1, old: 5, isNewestFirst: true, isTimed: true, kill: undefined };

const isSelected = (event: number) => event % 4 !== 3;

/** n8n with a trigger that follows a log, as the trigger uses the state. */
class FollowedLog {
	/** The events that were run, in order. */
	readonly ran: number[] = [];
	/** The events that n8n was killed with between its two writes. */
	readonly lost: number[] = [];
	/** What n8n has stored of the trigger; it comes back as JSON. */
	private stored = '';
	private state: LogState = { account: ACCOUNT, seen: [] };
	private events = 0;

	get selected(): number[] {
		return Array.from({ length: this.events }, (_, event) => event).filter(isSelected);
	}

	poll({ grown, old, isNewestFirst, isTimed, kill }: Poll): void {
		this.events += grown;
		const entries = this.shown(old, isTimed);
		if (isNewestFirst) entries.reverse();
		const batch = findUnseen(this.state, entries)
			.map(({ key }) => Number(key))
			.filter(isSelected);
		this.state = markSeen(this.state, entries);
		if (batch.length > 0 && kill !== 'before both writes') {
			this.stored = JSON.stringify(this.state);
			(kill === 'between them' ? this.lost : this.ran).push(...batch);
		}
		if (!kill) return;
		const stored: unknown = this.stored === '' ? undefined : JSON.parse(this.stored);
		this.state = parseLogState(stored, ACCOUNT) ?? { account: ACCOUNT, seen: [] };
	}

	/** The newest entries of the log: those that were not polled yet are always among them. */
	private shown(old: number, isTimed: boolean): LogEntry[] {
		const seen = new Set(this.state.seen.map(Number));
		const all = Array.from({ length: this.events }, (_, event) => event);
		const first = all.find((event) => !seen.has(event)) ?? this.events;
		return all.slice(Math.max(0, first - old)).map((event) => ({
			key: String(event),
			id: String(event),
			time: isTimed ? event * 1_000 : undefined,
			body: {},
		}));
	}
}

it('runs no selected event twice, and each but those that n8n was killed with between its two writes', () => {
	check(
		fc.property(polls, (all) => {
			const log = new FollowedLog();
			for (const one of [...all, LAST]) log.poll(one);
			expect([...log.ran, ...log.lost].sort((a, b) => a - b)).toEqual(log.selected);
		}),
	);
});

it('brings events in the order in which they happened, where nothing goes wrong', () => {
	check(
		fc.property(polls, fc.boolean(), (all, isNewestFirst) => {
			const log = new FollowedLog();
			for (const one of all) log.poll({ ...one, isNewestFirst, isTimed: true, kill: undefined });
			expect(log.ran).toEqual(log.selected);
		}),
	);
});
