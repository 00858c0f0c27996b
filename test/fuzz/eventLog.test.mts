import fc, { type Arbitrary } from 'fast-check';
import {
	batchId,
	logStateOf,
	planOf,
	withPending,
	withSeen,
	type LogEntry,
	type LogState,
} from '../../nodes/core/eventLog';
import { check } from '../../testkit/hostile/fuzz.mts';

const ACCOUNT = 'shop';

/** What becomes of a batch that was handed to n8n. */
type Fate = 'runs' | 'runs later' | 'runs, then n8n is killed' | 'n8n is killed first';

/** One poll of the log: what happened since the last one, and what happens to what it brings. */
interface Poll {
	/** How many events are new. */
	grown: number;
	/** How many old ones the log still shows besides those that nobody has run. */
	old: number;
	isNewestFirst: boolean;
	isTimed: boolean;
	fate: Fate;
	/** n8n is stopped and started between this poll and the next. */
	isRestarted: boolean;
}

const fates: Fate[] = ['runs', 'runs later', 'runs, then n8n is killed', 'n8n is killed first'];
const poll: Arbitrary<Poll> = fc.record({
	grown: fc.nat(6),
	old: fc.nat(12),
	isNewestFirst: fc.boolean(),
	isTimed: fc.boolean(),
	fate: fc.constantFrom(...fates),
	isRestarted: fc.boolean(),
});
const polls = fc.array(poll, { maxLength: 30 });

/** A poll after which everything is done. */
const LAST: Poll = {
	grown: 1,
	old: 5,
	isNewestFirst: true,
	isTimed: true,
	fate: 'runs',
	isRestarted: false,
};

const isSelected = (event: number) => event % 4 !== 3;
const keysOf = (entries: LogEntry[]) => entries.map(({ key }) => key);

/** n8n with a trigger that follows a log, as the trigger uses the plan and the state. */
class FollowedLog {
	/** The events that were run, in order. */
	readonly ran: number[] = [];
	/** What n8n has stored of the trigger; it comes back as JSON. */
	private stored = '';
	private state: LogState = { account: ACCOUNT, seen: [], pending: [] };
	private events = 0;
	private readonly executions = new Set<string>();
	/** What n8n has said to have run, which is not handed to it again. */
	private readonly done = new Set<string>();
	private readonly running = new Map<string, string[]>();

	get selected(): number[] {
		return Array.from({ length: this.events }, (_, event) => event).filter(isSelected);
	}

	poll({ grown, old, isNewestFirst, isTimed, fate, isRestarted }: Poll): void {
		this.events += grown;
		const entries = this.shown(old, isTimed);
		if (isNewestFirst) entries.reverse();
		const { again, fresh } = planOf(this.state, entries, new Set(this.running.keys()));

		const others = fresh.filter(({ key }) => !isSelected(Number(key)));
		if (others.length > 0) this.keep(withSeen(this.state, keysOf(others), entries.length));
		const selected = fresh.filter(({ key }) => isSelected(Number(key)));
		const batches = [...again.map(({ keys }) => keys), keysOf(selected)];
		expect(new Set(batches.map(batchId)).size).toBe(batches.length);
		for (const keys of batches.filter(({ length }) => length > 0)) {
			if (!this.hand(keys, fate, entries.length)) return this.restart();
		}
		if (isRestarted) this.restart();
	}

	/** The newest entries of the log: those that no execution has brought yet are always among them. */
	private shown(old: number, isTimed: boolean): LogEntry[] {
		const brought = new Set([...this.state.seen.map(Number)]);
		const all = Array.from({ length: this.events }, (_, event) => event);
		const first = all.find((event) => !brought.has(event)) ?? this.events;
		return all.slice(Math.max(0, first - old)).map((event) => ({
			key: String(event),
			time: isTimed ? event * 1_000 : undefined,
			body: {},
		}));
	}

	/** Hands a batch to n8n; false when n8n is killed meanwhile. */
	private hand(keys: string[], fate: Fate, inLog: number): boolean {
		const id = batchId(keys);
		expect(this.done).not.toContain(id);
		this.keep(withPending(this.state, keys));
		if (fate === 'n8n is killed first') return false;
		// n8n stores no second execution under the same key.
		if (!this.executions.has(id)) this.ran.push(...keys.map(Number));
		this.executions.add(id);
		if (fate === 'runs, then n8n is killed') return false;
		if (fate === 'runs later') this.running.set(id, keys);
		else this.finish(keys, inLog);
		return true;
	}

	private finish(keys: string[], inLog: number): void {
		this.running.delete(batchId(keys));
		this.done.add(batchId(keys));
		this.keep(withSeen(this.state, keys, inLog));
	}

	private keep(state: LogState): void {
		this.state = state;
		this.stored = JSON.stringify(state);
	}

	private restart(): void {
		this.running.clear();
		const stored: unknown = this.stored === '' ? undefined : JSON.parse(this.stored);
		this.state = logStateOf(stored, ACCOUNT) ?? { account: ACCOUNT, seen: [], pending: [] };
	}

	/** n8n says that what it runs has run. */
	finishRunning(): void {
		for (const keys of this.running.values()) this.finish(keys, this.events);
	}
}

it('brings each selected event exactly once, whatever the log shows and whenever n8n is killed', () => {
	check(
		fc.property(polls, (all) => {
			const log = new FollowedLog();
			for (const one of all) log.poll(one);
			log.finishRunning();
			log.poll(LAST);
			log.poll({ ...LAST, grown: 0 });
			expect([...log.ran].sort((a, b) => a - b)).toEqual(log.selected);
		}),
	);
});

it('brings events in the order in which they happened, where nothing goes wrong', () => {
	check(
		fc.property(polls, fc.boolean(), (all, isNewestFirst) => {
			const log = new FollowedLog();
			for (const one of all) {
				log.poll({ ...one, isNewestFirst, isTimed: true, fate: 'runs', isRestarted: false });
			}
			expect(log.ran).toEqual(log.selected);
		}),
	);
});

it('plans nothing of what was seen or runs, and everything else once', () => {
	const key = fc.integer({ min: 0, max: 30 }).map(String);
	const keys = fc.uniqueArray(key);
	check(
		fc.property(keys, keys, keys, fc.array(fc.boolean()), (shown, seen, rest, flags) => {
			const pending = rest.filter((one) => !seen.includes(one)).map((one) => [one]);
			const running = pending.filter((_, index) => flags[index]).map((batch) => batchId(batch));
			const state = { account: ACCOUNT, seen, pending };
			const entries = shown.map((one): LogEntry => ({ key: one, time: undefined, body: {} }));
			const { again, fresh } = planOf(state, entries, new Set(running));
			expect(keysOf(fresh).sort()).toEqual(
				shown.filter((one) => !seen.includes(one) && !pending.flat().includes(one)).sort(),
			);
			expect(again.map((batch) => batch.keys)).toEqual(
				pending.filter((batch) => !running.includes(batchId(batch))),
			);
			for (const batch of again) {
				expect(keysOf(batch.entries)).toEqual(batch.keys.filter((one) => shown.includes(one)));
			}
		}),
	);
});
