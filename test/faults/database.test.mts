import type { HttpResponse } from '../../testkit/n8n/http.mts';
import {
	countOf,
	deliver,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	openDatabase,
	RECEIVED,
	type Database,
} from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { senders } from '../../testkit/providers/senders.mts';
import {
	liveTriggers,
	marked,
	report,
	send,
	sized,
	startFast,
	storedIn,
	tally,
	triggerOf,
} from '../../testkit/live/faults.mts';
import { INSPECTABLE, Inspector, loadedModule } from '../../testkit/n8n/inspector.mts';

const DELIVERIES_PER_PROVIDER = sized(10, 1);
const COPIES = 20;
const ignoreDuplicates = true;

let own: OwnN8n;
let database: Database;
let inspector: Inspector;
beforeAll(async () => {
	own = await startFast(INSPECTABLE);
	database = await openDatabase(own.userFolder);
	inspector = await Inspector.attach(own.n8n);
});
afterAll(async () => {
	database.close();
	inspector.detach();
	await own.remove();
});

/** What can be wrong with n8n's database, and how it passes. */
interface Fault {
	name: string;
	begin(): Promise<unknown>;
	end(): Promise<unknown>;
}

/** Limits the database's file, in pages, for each of n8n's own connections: no other program can do that. */
const limitPages = async (pages: string) =>
	// Looked for each time: n8n replaces a connection that had to wait too long. What has no file is no connection, but
	// the prototype of another class.
	await inspector.withInstances(
		`${loadedModule('/sqlite3/lib/sqlite3.js')}.Database.prototype`,
		`async (objects) => await Promise.all(
			objects.filter((object) => Object.hasOwn(object, 'filename') && object.open).map(async (connection) =>
				await new Promise((resolve, reject) => connection.get(
					'PRAGMA max_page_count = ${pages}',
					(error, row) => error ? reject(error) : resolve(row),
				))))`,
	);

const faults: Fault[] = [
	{
		// n8n waits a second for the other program, then gives up.
		name: 'locked by another program',
		begin: async () => await database.run('BEGIN IMMEDIATE'),
		end: async () => await database.run('COMMIT'),
	},
	{
		// SQLite then says what it says when the disk is full: "database or disk is full". Less than the file has
		// means as much as it has. A full disk of its own would take the rights of an administrator.
		name: 'full',
		begin: async () => await limitPages('1'),
		end: async () => await limitPages('4294967294'),
	},
	{
		name: 'taking no execution',
		begin: async () =>
			await database.run(
				"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
			),
		end: async () => await database.run('DROP TRIGGER refuse'),
	},
];

describe.each(faults)('a database that is $name', ({ begin, end }) => {
	it('makes no answer a 2xx, and afterwards every retry is accepted, once', async () => {
		const live = await liveTriggers(own.n8n, { ignoreDuplicates });
		// More than what is left of any page of the database.
		const filling = 'x'.repeat(100_000);
		const deliveries = senders.flatMap((sender) =>
			Array.from({ length: DELIVERIES_PER_PROVIDER }, (_, index) =>
				marked(sender, index, { filling }),
			),
		);
		const copies = [...deliveries, ...deliveries];
		await begin();
		const refused = await Promise.all(
			copies.map(async (delivery) => await send(live, delivery)),
		).finally(end);
		expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([500]));
		const during = await storedIn(own.userFolder);
		expect(deliveries.filter(({ marker }) => during.has(marker))).toEqual([]);

		for (const delivery of deliveries) expectAnswer(await send(live, delivery), 200, RECEIVED);
		for (const delivery of deliveries) {
			expectAnswer(await send(live, delivery), 200, ignored('duplicate'));
		}
		const stored = await storedIn(own.userFolder);
		expect(deliveries.map(({ marker }) => stored.get(marker)?.length)).toEqual(
			deliveries.map(() => 1),
		);
		report(
			`${copies.length} deliveries answered ${tally(refused.map(({ status }) => status))} meanwhile; ${deliveries.length} of ${deliveries.length} retries accepted afterwards`,
		);
	});

	it.each(senders)(
		'$displayName: gives the delivery back when the provider hangs up',
		async (sender) => {
			const delivery = marked(sender, 0, { filling: 'x'.repeat(100_000) });
			const live = await liveTriggers(own.n8n, { ignoreDuplicates }, [sender]);
			const { url, token } = triggerOf(live, delivery);
			const sent = sender.delivery(delivery.event, delivery.payload, url, token);
			await begin();
			await Promise.all(
				Array.from({ length: 5 }, async () => {
					const signal = AbortSignal.timeout(20);
					await fetch(sent.url, { ...sent, signal }).catch(() => undefined);
				}),
			).finally(end);
			expectAnswer(await send(live, delivery), 200, RECEIVED);
			expectAnswer(await send(live, delivery), 200, ignored('duplicate'));
		},
	);
});

it.each(senders)(
	'$displayName: while the first cannot be stored no copy is a duplicate, and when it has failed another takes over',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(own.n8n, sender, {
			parameters: { options: { ignoreDuplicates } },
		});
		const early: HttpResponse[] = [];
		let isLocked = true;
		await database.run('BEGIN IMMEDIATE');
		const answers = await Promise.all(
			Array.from({ length: COPIES }, async () => {
				const answer = await deliver(trigger, event);
				if (isLocked) {
					early.push(answer);
					isLocked = false;
					await database.run('COMMIT');
				}
				return answer;
			}),
		);
		expect(early.map(({ status }) => status)).toEqual([500]);
		const refused = answers.filter(({ status }) => status === 500).length;
		expect(countOf(answers, RECEIVED)).toBe(1);
		expect(countOf(answers, ignored('duplicate'))).toBe(COPIES - 1 - refused);
		await expectExecutions(trigger, 1);
		expectAnswer(await deliver(trigger, event), 200, ignored('duplicate'));
	},
);
