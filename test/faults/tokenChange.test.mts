import { setTimeout as sleep } from 'node:timers/promises';
import { deliver, liveTrigger, newToken, type LiveTrigger } from '../e2e/harness.mts';
import type { OwnN8n } from '../e2e/ownN8n.mts';
import { senders } from '../providers/senders.mts';
import { report, sized, startFast, tally } from './faults.mts';

const CHANGES = sized(10, 1);

/** How long an old token may still be accepted. The README and the credentials promise it. */
const REFUSED_WITHIN_MS = 2_000;

let own: OwnN8n;
beforeAll(async () => (own = await startFast()));
afterAll(async () => await own.remove());

/** A sender that delivers one event after the other, each a new one, with the same token. */
class Steady {
	readonly statuses: number[] = [];
	private isStopped = false;
	private readonly loop: Promise<void>;

	constructor(
		private readonly live: LiveTrigger,
		private readonly token: string,
	) {
		this.loop = this.run();
	}

	async stop(): Promise<number[]> {
		this.isStopped = true;
		await this.loop;
		return this.statuses;
	}

	private async run(): Promise<void> {
		while (!this.isStopped) {
			this.statuses.push(await statusOf(this.live, this.token));
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
		if (sentAfter > REFUSED_WITHIN_MS + 500) return last;
		await sleep(20);
	}
}

it.each(senders)(
	`$displayName: ${CHANGES} changes of the token while deliveries arrive, and somebody guesses`,
	async (sender) => {
		let token = newToken();
		const live = await liveTrigger(own.n8n, sender, { token });
		const guesses = new Steady(live, newToken());
		const accepted: number[] = [];
		const lasting: number[] = [];
		for (let change = 0; change < CHANGES; change++) {
			// With Previous Token: the provider changes over when it is ready.
			const oldToken = token;
			token = newToken();
			const byOldToken = new Steady(live, oldToken);
			await sleep(300);
			await save(live, token, oldToken);
			const byNewToken = new Steady(live, token);
			await sleep(700);
			accepted.push(...(await byOldToken.stop()));
			await save(live, token);
			lasting.push(await acceptedFor(live, oldToken));
			accepted.push(...(await byNewToken.stop()));

			// Without: at once.
			const leaked = token;
			token = newToken();
			await save(live, token);
			const byNextToken = new Steady(live, token);
			lasting.push(await acceptedFor(live, leaked));
			accepted.push(...(await byNextToken.stop()));
		}
		const guessed = await guesses.stop();
		expect(new Set(guessed)).toEqual(new Set([401]));
		expect(new Set(accepted)).toEqual(new Set([200]));
		expect(Math.max(...lasting)).toBeLessThanOrEqual(REFUSED_WITHIN_MS);
		report(
			`${CHANGES * 2} changes; ${accepted.length} deliveries with an accepted token, answered ${tally(accepted)}; ${guessed.length} with a wrong one, answered ${tally(guessed)}; an old token was accepted for at most ${Math.max(...lasting)} ms`,
		);
	},
);
