import type { HttpResponse } from '../../testkit/n8n/http.mts';
import { countOf, ignored, RECEIVED } from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import {
	liveTriggers,
	manyMarked,
	report,
	retry,
	sized,
	startFast,
	storedIn,
	tally,
} from '../../testkit/live/faults.mts';

const DELIVERIES = sized(100, 20);
const COPIES = sized(20, 5);

let own: OwnN8n;
beforeAll(async () => (own = await startFast()));
afterAll(async () => await own.remove());

const kinds = (answers: HttpResponse[]) =>
	tally(answers.map(({ status, body }) => `${status} ${body.slice(0, 60)}`));

it(`${COPIES} copies of each of ${DELIVERIES} deliveries are ${DELIVERIES} executions with Ignore Duplicates`, async () => {
	const live = await liveTriggers(own.n8n, { ignoreDuplicates: true });
	const deliveries = manyMarked(DELIVERIES);
	const answers = await retry(live, deliveries, COPIES);
	expect(countOf(answers, RECEIVED)).toBe(DELIVERIES);
	expect(countOf(answers, ignored('duplicate'))).toBe(DELIVERIES * (COPIES - 1));
	const stored = await storedIn(own.userFolder);
	const executions = deliveries.map(({ marker }) => stored.get(marker)?.length ?? 0);
	expect(executions).toEqual(deliveries.map(() => 1));
	report(
		`${answers.length} sent, answered ${kinds(answers)}; executions per delivery: ${tally(executions)}`,
	);
});

it(`${COPIES} copies of each of ${DELIVERIES} deliveries are ${DELIVERIES * COPIES} executions without it`, async () => {
	const live = await liveTriggers(own.n8n, { ignoreDuplicates: false });
	const deliveries = manyMarked(DELIVERIES);
	const answers = await retry(live, deliveries, COPIES);
	expect(countOf(answers, RECEIVED)).toBe(DELIVERIES * COPIES);
	const stored = await storedIn(own.userFolder);
	const executions = deliveries.map(({ marker }) => stored.get(marker)?.length ?? 0);
	expect(executions).toEqual(deliveries.map(() => COPIES));
	report(
		`${answers.length} sent, answered ${kinds(answers)}; executions per delivery: ${tally(executions)}`,
	);
});
