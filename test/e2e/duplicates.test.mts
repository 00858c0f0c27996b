import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { N8nApi } from '../../scripts/n8n/api.mts';
import type { HttpResponse } from '../../scripts/n8n/http.mts';
import { senders } from '../providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	openDatabase,
	RECEIVED,
	type Database,
} from './harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

const COPIES = 20;
const ignoringDuplicates = { options: { ignoreDuplicates: true } };

let database: Database;
beforeAll(async () => (database = await openDatabase()));
afterEach(async () => await startAgain());
afterAll(() => database.close());

/** Makes n8n refuse every new execution: its database takes none. */
const refuseExecutions = async () =>
	await database.run(
		"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
	);
const startAgain = async () => await database.run('DROP TRIGGER IF EXISTS refuse');

/** How many of the answers are a 200 with that body. */
const countOf = (answers: HttpResponse[], body: unknown) =>
	answers.filter(({ status, json }) => status === 200 && isDeepStrictEqual(json, body)).length;

describe.each(senders)('$displayName', (sender) => {
	const [event = ''] = sender.events;

	it('the same delivery twenty times at the same moment starts the workflow once', async () => {
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		const answers = await Promise.all(
			Array.from({ length: COPIES }, async () => await deliver(trigger, event)),
		);
		expect(countOf(answers, RECEIVED)).toBe(1);
		expect(countOf(answers, ignored('duplicate'))).toBe(COPIES - 1);
		await expectExecutions(trigger, 1);
	});

	it('while the first cannot be stored no copy is a duplicate, and when it has failed another takes over', async () => {
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		const early: HttpResponse[] = [];
		let isLocked = true;
		// While another program writes, n8n waits a second to store the execution, then refuses.
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
	});

	it('the same event to two workflows arrives in both', async () => {
		const one = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		const other = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		expectAnswer(await deliver(one, event), 200, RECEIVED);
		expectAnswer(await deliver(other, event), 200, RECEIVED);
		await expectExecutions(one, 1);
		await expectExecutions(other, 1);
	});

	it('by default a repeated delivery is a duplicate, but not where two events can be identical', async () => {
		const trigger = await liveTrigger(n8n, sender);
		const isOff = !sender.definition.ignoresDuplicatesByDefault;
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		expectAnswer(await deliver(trigger, event), 200, isOff ? RECEIVED : ignored('duplicate'));
		await expectExecutions(trigger, isOff ? 2 : 1);
	});

	it('after the window the same delivery is a new one', async () => {
		const options = { ignoreDuplicates: true, duplicateWindow: 3 };
		const trigger = await liveTrigger(n8n, sender, { parameters: { options } });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		expectAnswer(await deliver(trigger, event), 200, ignored('duplicate'));
		await sleep(3_100);
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 2);
	});

	it('a test delivery neither is dropped nor makes the real one a duplicate', async () => {
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		for (const count of [1, 2]) {
			const url = await n8n.listenForTest(trigger.workflowId, 'Trigger');
			expectAnswer(await deliver(trigger, event, { url }), 200, RECEIVED);
			await expectExecutions(trigger, count);
		}
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 3);
	});
});

it.each(senders)(
	'$displayName: a connection closed before the answer gives the delivery back, and its copies wait for nothing',
	async (sender) => {
		const [event = ''] = sender.events;
		const trigger = await liveTrigger(n8n, sender, { parameters: ignoringDuplicates });
		const sent = sender.delivery(event, sender.sample(event), trigger.url, trigger.token);
		await refuseExecutions();
		await Promise.all(
			Array.from({ length: 5 }, async () => {
				const signal = AbortSignal.timeout(20);
				await fetch(sent.url, { ...sent, signal }).catch(() => undefined);
			}),
		);
		await startAgain();
		const next = await deliver(trigger, event);
		expectAnswer(next, 200, RECEIVED);
		expectAnswer(await deliver(trigger, event), 200, ignored('duplicate'));
	},
);
