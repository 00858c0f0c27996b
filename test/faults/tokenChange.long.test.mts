import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_KEPT_MS, REREAD_AFTER_MS } from '../../nodes/core/credential';
import {
	connect,
	deliver,
	liveTrigger,
	newToken,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { senders, type Sender } from '../../testkit/providers/senders.mts';
import { report, tally } from '../../testkit/live/faults.mts';

// The short form of this is in test/e2e/tokens.test.mts.

const CHANGES = 10;

interface Sent {
	/** Milliseconds from the first delivery to this one. */
	atMs: number;
	status: number;
}

/** Delivers one event after the other with the same token. Calling what is returned ends that, after one more. */
function keepDelivering(live: LiveTrigger, token: string): () => Promise<Sent[]> {
	const { sender } = live;
	const [event = ''] = sender.events;
	const startedAt = Date.now();
	let isStopped = false;
	const deliverAll = async () => {
		const sent: Sent[] = [];
		for (;;) {
			const isLast = isStopped;
			const atMs = Date.now() - startedAt;
			const payload = sender.freshIds(sender.sample(event));
			const { status } = await deliver(live, event, { payload, token });
			sent.push({ atMs, status });
			if (isLast) return sent;
			await sleep(20);
		}
	};
	const all = deliverAll();
	return async () => {
		isStopped = true;
		return await all;
	};
}

/** When the last delivery with that answer was sent, in milliseconds from the first; -1 when there was none. */
const lastAt = (sent: Sent[], status: number) =>
	Math.max(-1, ...sent.filter((one) => one.status === status).map(({ atMs }) => atMs));

/** What became of deliveries with each token. */
interface Outcome {
	previous: Sent[];
	guessed: Sent[];
	/** Per change, from when it was saved. */
	revoked: Sent[][];
	current: Sent[][];
}

async function changeTokens(sender: Sender, isGuessing: boolean): Promise<Outcome> {
	let token = newToken();
	const n8n = await connect();
	const live = await liveTrigger(n8n, sender, { token });
	const stopGuessing = isGuessing ? keepDelivering(live, newToken()) : undefined;
	const outcome: Outcome = { previous: [], guessed: [], revoked: [], current: [] };

	const save = async (changes: Record<string, string> = {}) => {
		const data = { ...sender.credentialData(token), ...changes };
		await n8n.updateCredential(live.credentialId, sender.credentialType, 'changed', data);
	};
	/** Saves the token, and delivers with it and with the one that it replaces, also after that must be refused. */
	const replace = async (revoked: string) => {
		await save();
		const stops = [keepDelivering(live, revoked), keepDelivering(live, token)];
		await sleep(CREDENTIAL_KEPT_MS + 500);
		const [byRevoked = [], byCurrent = []] = await Promise.all(stops.map(async (stop) => stop()));
		outcome.revoked.push(byRevoked);
		outcome.current.push(byCurrent);
	};
	for (let change = 0; change < CHANGES; change++) {
		// With Previous Token: the provider changes over when it is ready.
		const previousToken = token;
		token = newToken();
		const stopOld = keepDelivering(live, previousToken);
		// Deliveries that were refused a moment ago count as wrong tokens for a while.
		await sleep(REREAD_AFTER_MS + 300);
		await save({ previousToken });
		const stopNew = keepDelivering(live, token);
		await sleep(REREAD_AFTER_MS + 500);
		outcome.previous.push(...(await stopOld()));
		outcome.current.push(await stopNew());
		await replace(previousToken);

		// Without: at once.
		await sleep(REREAD_AFTER_MS + 300);
		const leaked = token;
		token = newToken();
		await replace(leaked);
	}
	outcome.guessed = (await stopGuessing?.()) ?? [];
	return outcome;
}

it.each([
	{ when: 'while deliveries arrive', isGuessing: false, acceptedWithinMs: -1 },
	// A wrong token makes the trigger read the credential again, but not more often than once a second.
	{
		when: 'while deliveries arrive and somebody else sends wrong tokens',
		isGuessing: true,
		acceptedWithinMs: REREAD_AFTER_MS,
	},
])(
	'tokens changed $when are accepted and refused in time, without a restart',
	async ({ isGuessing, acceptedWithinMs }) => {
		const outcomes = await Promise.all(
			senders.map(async (sender) => await changeTokens(sender, isGuessing)),
		);
		const statuses = (sent: Sent[]) => sent.map(({ status }) => status);
		const previous = statuses(outcomes.flatMap((outcome) => outcome.previous));
		const guessed = statuses(outcomes.flatMap((outcome) => outcome.guessed));
		const revoked = outcomes.flatMap((outcome) => outcome.revoked);
		const current = outcomes.flatMap((outcome) => outcome.current);
		const refusedUntil = Math.max(...current.map((sent) => lastAt(sent, 401)));
		const acceptedUntil = Math.max(...revoked.map((sent) => lastAt(sent, 200)));
		report(
			`${revoked.length} changes; old tokens still valid as Previous Token: ${tally(previous)}; wrong tokens: ${tally(guessed)}; the new token was last refused after ${refusedUntil} ms (-1: never), the old one last accepted after ${acceptedUntil} ms`,
		);
		expect(new Set(previous)).toEqual(new Set([200]));
		expect(new Set(guessed)).toEqual(new Set(isGuessing ? [401] : []));
		expect(new Set(statuses([...revoked, ...current].flat()))).toEqual(new Set([200, 401]));
		expect(refusedUntil).toBeLessThanOrEqual(acceptedWithinMs);
		expect(acceptedUntil).toBeLessThanOrEqual(CREDENTIAL_KEPT_MS);
		for (const sent of revoked) expect(sent.at(-1)?.status).toBe(401);
	},
);
