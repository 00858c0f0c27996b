import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { senders } from '../../testkit/providers/senders.mts';
import {
	connect,
	countOf,
	deliver,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	RECEIVED,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

const COPIES = 20;
const ignoringDuplicates = { options: { ignoreDuplicates: true } };

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
		// On a busy machine a second delivery within the window may come after it: the unit tests send that.
		const options = { ignoreDuplicates: true, duplicateWindow: 1 };
		const trigger = await liveTrigger(n8n, sender, { parameters: { options } });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await sleep(1_100);
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
