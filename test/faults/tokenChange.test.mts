import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_KEPT_MS, REREAD_AFTER_MS } from '../../nodes/core/credential';
import { deliver, liveTrigger, newToken, type LiveTrigger } from '../../testkit/live/harness.mts';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { senders, type Sender } from '../../testkit/providers/senders.mts';
import { report, sized, startFast, tally } from '../../testkit/live/faults.mts';

const CHANGES = sized(10, 1);

let own: OwnN8n;
beforeAll(async () => (own = await startFast()));
afterAll(async () => await own.remove());

/** A sender that delivers one event after the other, each a new one, with the same token. */
class Steady {
	readonly answers: Array<{ sentAfterMs: number; status: number }> = [];
	private readonly startedAt = Date.now();
	private isStopped = false;
	private readonly loop: Promise<void>;

	constructor(
		private readonly live: LiveTrigger,
		private readonly token: string,
	) {
		this.loop = this.run();
	}

	/** Resolves with the statuses of all answers. */
	async stop(): Promise<number[]> {
		this.isStopped = true;
		await this.loop;
		return this.answers.map(({ status }) => status);
	}

	/** When the last delivery was sent that was refused, in milliseconds from the first; -1 when none was. */
	get refusedUntilMs(): number {
		return Math.max(
			-1,
			...this.answers.filter(({ status }) => status !== 200).map(({ sentAfterMs }) => sentAfterMs),
		);
	}

	private async run(): Promise<void> {
		while (!this.isStopped) {
			const sentAfterMs = Date.now() - this.startedAt;
			this.answers.push({ sentAfterMs, status: await statusOf(this.live, this.token) });
			await sleep(20);
		}
	}
}

async function statusOf(live: LiveTrigger, token: string): Promise<number> {
	const [event = ''] = live.sender.events;
	const payload = live.sender.freshIds(live.sender.sample(event));
	return (await deliver(live, event, { payload, token })).status;
}

async function save(live: LiveTrigger, token: string, previousToken?: string): Promise<void> {
	const { n8n, sender, credentialId } = live;
	await n8n.updateCredential(credentialId, sender.credentialType, 'changed', {
		...sender.credentialData(token),
		...(previousToken !== undefined && { previousToken }),
	});
}

/** How long a token is still accepted, in milliseconds, counted up to the last delivery sent that was. */
async function acceptedFor(live: LiveTrigger, token: string): Promise<number> {
	const changedAt = Date.now();
	let last = 0;
	for (;;) {
		const sentAfter = Date.now() - changedAt;
		const status = await statusOf(live, token);
		expect([200, 401]).toContain(status);
		if (status === 200) last = sentAfter;
		// Also afterwards, and after it was refused: it must not come back.
		if (sentAfter > CREDENTIAL_KEPT_MS + 500) return last;
		await sleep(20);
	}
}

interface Outcome {
	/** The statuses of deliveries whose token was accepted before, during and after a change. */
	accepted: number[];
	guessed: number[];
	/** For how long after each change the new token was refused, in milliseconds; -1 when it never was. */
	refusedUntil: number[];
	/** For how long after each change the old token was accepted, in milliseconds. */
	acceptedUntil: number[];
}

async function changeTokens(sender: Sender, isGuessing: boolean): Promise<Outcome> {
	let token = newToken();
	const live = await liveTrigger(own.n8n, sender, { token });
	const guesses = isGuessing ? new Steady(live, newToken()) : undefined;
	const outcome: Outcome = { accepted: [], guessed: [], refusedUntil: [], acceptedUntil: [] };
	for (let change = 0; change < CHANGES; change++) {
		// With Previous Token: the provider changes over when it is ready.
		const oldToken = token;
		token = newToken();
		const byOldToken = new Steady(live, oldToken);
		// Deliveries that were refused a moment ago count as wrong tokens for a while.
		await sleep(REREAD_AFTER_MS + 300);
		await save(live, token, oldToken);
		const byNewToken = new Steady(live, token);
		await sleep(REREAD_AFTER_MS + 500);
		outcome.accepted.push(...(await byOldToken.stop()));
		await save(live, token);
		outcome.acceptedUntil.push(await acceptedFor(live, oldToken));
		await byNewToken.stop();

		// Without: at once.
		await sleep(REREAD_AFTER_MS + 300);
		const leaked = token;
		token = newToken();
		await save(live, token);
		const byNextToken = new Steady(live, token);
		outcome.acceptedUntil.push(await acceptedFor(live, leaked));
		await byNextToken.stop();
		outcome.refusedUntil.push(byNewToken.refusedUntilMs, byNextToken.refusedUntilMs);
	}
	outcome.guessed = (await guesses?.stop()) ?? [];
	return outcome;
}

describe.each([
	{ when: 'while deliveries arrive', isGuessing: false, newTokenWithinMs: -1 },
	// A wrong token makes the trigger read the credential again, but not more often than once a second.
	{
		when: 'while deliveries arrive and somebody else sends wrong tokens',
		isGuessing: true,
		newTokenWithinMs: REREAD_AFTER_MS,
	},
])('tokens changed $when', ({ isGuessing, newTokenWithinMs }) => {
	it('are accepted and refused in time, and no restart is needed', async () => {
		const outcomes = await Promise.all(
			senders.map(async (sender) => await changeTokens(sender, isGuessing)),
		);
		const [accepted, guessed] = [
			outcomes.flatMap((outcome) => outcome.accepted),
			outcomes.flatMap((outcome) => outcome.guessed),
		];
		const refusedUntil = Math.max(...outcomes.flatMap((outcome) => outcome.refusedUntil));
		const acceptedUntil = Math.max(...outcomes.flatMap((outcome) => outcome.acceptedUntil));
		report(
			`${outcomes.flatMap((outcome) => outcome.acceptedUntil).length} changes; old tokens still valid as Previous Token: ${tally(accepted)}; wrong tokens: ${tally(guessed)}; the new token was last refused after ${refusedUntil} ms (-1: never), the old one last accepted after ${acceptedUntil} ms`,
		);
		expect(new Set(accepted)).toEqual(new Set([200]));
		expect(new Set(guessed)).toEqual(new Set(isGuessing ? [401] : []));
		expect(refusedUntil).toBeLessThanOrEqual(newTokenWithinMs);
		expect(acceptedUntil).toBeLessThanOrEqual(CREDENTIAL_KEPT_MS);
	});
});
