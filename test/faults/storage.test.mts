import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	eventually,
	expectAnswer,
	ignored,
	openDatabase,
	RECEIVED,
	type Database,
} from '../../testkit/live/harness.mts';
import {
	afterRestart,
	executionCounts,
	isLong,
	liveTriggers,
	manyMarked,
	marked,
	report,
	send,
	sized,
	startFast,
	storedIn,
	tally,
	type Live,
	type Marked,
} from '../../testkit/live/faults.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { INSPECTABLE, Inspector, loadedModule } from '../../testkit/n8n/inspector.mts';
import { senders } from '../../testkit/providers/senders.mts';

const DELIVERIES = sized(40, 4);
const KILLS = sized(10, 1);
const CONNECTIONS_PER_PROVIDER = 4;
const ignoreDuplicates = true;
/** More than what is left of any page of the database. */
const filling = 'x'.repeat(100_000);

let own: OwnN8n;
let database: Database;
beforeAll(async () => {
	own = await startFast(INSPECTABLE);
	database = await openDatabase(own.userFolder);
});
afterAll(async () => {
	database.close();
	await own.remove();
});

/** What can be wrong with n8n's database, and how it passes. */
interface Fault {
	name: string;
	begin(): Promise<unknown>;
	end(): Promise<unknown>;
}

/** n8n waits a second for the other program, then gives up. */
const locked: Fault = {
	name: 'locked by another program',
	begin: async () => await database.run('BEGIN IMMEDIATE'),
	end: async () => await database.run('COMMIT'),
};

/**
 * SQLite then says what it says when the disk is full: "database or disk is full". A limit below the present size means
 * the present size. Filling a real disk would take the rights of an administrator.
 */
const full: Fault = {
	name: 'full',
	begin: async () => await limitPages('1'),
	end: async () => await limitPages('4294967294'),
};

const refusing: Fault = {
	name: 'taking no execution',
	begin: async () =>
		await database.run(
			"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
		),
	end: async () => await database.run('DROP TRIGGER refuse'),
};

/** Limits the size of the database file. The limit holds for a connection, so it is set in n8n's own ones. */
async function limitPages(pages: string): Promise<void> {
	const inspector = await Inspector.attach(own.n8n);
	// Searched each time: n8n replaces a connection that had to wait too long. One without a file is something else.
	await inspector
		.withInstances(
			`${loadedModule('/sqlite3/lib/sqlite3.js')}.Database.prototype`,
			`async (objects) => await Promise.all(
				objects.filter((object) => Object.hasOwn(object, 'filename') && object.open).map(async (connection) =>
					await new Promise((resolve, reject) => connection.get(
						'PRAGMA max_page_count = ${pages}',
						(error, row) => error ? reject(error) : resolve(row),
					))))`,
		)
		.finally(() => inspector.detach());
}

const faults = isLong ? [locked, full, refusing] : [locked];

it.each(faults)(
	'while the database is $name no answer is a 2xx, and afterwards every retry is accepted, once',
	async ({ begin, end }) => {
		const live = await liveTriggers(own.n8n, { ignoreDuplicates });
		const deliveries = manyMarked(DELIVERIES, senders, { filling });
		await begin();
		const refused = await Promise.all(
			[...deliveries, ...deliveries].map(async (delivery) => await send(live, delivery)),
		).finally(end);
		expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([500]));
		const during = await storedIn(own.userFolder);
		expect(deliveries.filter(({ marker }) => during.has(marker))).toEqual([]);

		for (const delivery of deliveries) expectAnswer(await send(live, delivery), 200, RECEIVED);
		for (const delivery of deliveries) {
			expectAnswer(await send(live, delivery), 200, ignored('duplicate'));
		}
		const executions = executionCounts(deliveries, await storedIn(own.userFolder));
		expect(executions).toEqual(deliveries.map(() => 1));
		report(
			`${refused.length} deliveries answered ${tally(refused.map(({ status }) => status))} meanwhile; ${deliveries.length} of ${deliveries.length} retries accepted afterwards`,
		);
	},
);

/** Plays the providers: each delivers one event after the other, and tries again until the answer is a 2xx. */
class Providers {
	readonly acknowledged: Marked[] = [];
	/** How often each delivery was tried without an answer of 2xx. */
	readonly failures = new Map<string, number>();
	readonly refusals: number[] = [];
	/** The triggers, while n8n is there. */
	live: Live | undefined;
	private isStopped = false;
	private readonly loops = senders.flatMap((sender) =>
		Array.from({ length: CONNECTIONS_PER_PROVIDER }, async (_, index) => {
			while (!this.isStopped) await this.deliver(marked(sender, index++));
		}),
	);

	/** Resolves when every delivery that was begun is acknowledged. */
	async stop(): Promise<void> {
		this.isStopped = true;
		await Promise.all(this.loops);
	}

	private async deliver(delivery: Marked): Promise<void> {
		for (;;) {
			const { live } = this;
			const answer = live && (await send(live, delivery).catch(() => undefined));
			if (answer && answer.status >= 200 && answer.status < 300) {
				this.acknowledged.push(delivery);
				return;
			}
			if (live) {
				this.failures.set(delivery.marker, (this.failures.get(delivery.marker) ?? 0) + 1);
				if (answer) this.refusals.push(answer.status);
			}
			await sleep(100);
		}
	}
}

it(`kill -9 under load, times ${KILLS}: whatever was answered 2xx is an execution`, async () => {
	let live = await liveTriggers(own.n8n);
	const providers = new Providers();
	const { acknowledged, failures, refusals } = providers;
	for (let kill = 0; kill < KILLS; kill++) {
		const before = acknowledged.length;
		providers.live = live;
		await eventually(() => expect(acknowledged.length).toBeGreaterThanOrEqual(before + 20));
		await sleep(randomInt(sized(2_000, 500)));
		const killing = own.kill();
		const answered = [...acknowledged];
		await killing;
		providers.live = undefined;
		const stored = await storedIn(own.userFolder);
		expect(answered.filter(({ marker }) => !stored.has(marker))).toEqual([]);
		live = afterRestart(await own.startAgain(), live);
	}
	providers.live = live;
	await providers.stop();

	const stored = await storedIn(own.userFolder);
	const counts = executionCounts(acknowledged, stored);
	expect(counts.filter((count) => count === 0)).toEqual([]);
	// A delivery that n8n had stored but not answered when it was killed is tried again, and stored again.
	const tooMany = acknowledged.filter(
		({ marker }, index) => (counts[index] ?? 0) > 1 + (failures.get(marker) ?? 0),
	);
	expect(tooMany).toEqual([]);
	// Without deliveries that were cut off the kills met no load.
	expect(failures.size).toBeGreaterThanOrEqual(KILLS);

	// n8n does not run again by itself what a kill interrupted, but it has all that is needed to.
	const interrupted = acknowledged.filter(({ marker }) =>
		stored.get(marker)?.every(({ status }) => status === 'crashed'),
	);
	for (const { marker } of interrupted) {
		const [execution] = stored.get(marker) ?? [];
		await own.n8n.rest('POST', `/executions/${execution?.id}/retry`, { loadWorkflow: false });
	}
	const now = await storedIn(own.userFolder);
	const statuses = interrupted.map(({ marker }) => now.get(marker)?.at(-1)?.status);
	expect(statuses).toEqual(interrupted.map(() => 'success'));
	const extra = counts.reduce((sum, count) => sum + count - 1, 0);
	report(
		`${KILLS} kills; ${acknowledged.length} deliveries acknowledged, 0 of them missing, ${interrupted.length} interrupted, marked as crashed and run again; ${failures.size} not acknowledged at first and tried again (answers other than 2xx: ${tally(refusals)}); ${extra} executions more than deliveries`,
	);
});
