import { setTimeout as sleep } from 'node:timers/promises';
import { randomInt } from 'node:crypto';
import type { OwnN8n } from '../../testkit/live/ownN8n.mts';
import { senders } from '../../testkit/providers/senders.mts';
import {
	after,
	isAcknowledged,
	liveTriggers,
	marked,
	report,
	send,
	sized,
	startFast,
	storedIn,
	tally,
	type Live,
	type Marked,
	type Stored,
} from '../../testkit/live/faults.mts';

const ROUNDS = sized(10, 2);
const CONNECTIONS_PER_PROVIDER = 4;

let own: OwnN8n;
beforeAll(async () => (own = await startFast()));
afterAll(async () => await own.remove());

/** Plays the four providers: each delivers one event after the other, and tries again until the answer is a 2xx. */
class Providers {
	readonly acknowledged: Marked[] = [];
	/** How often each delivery was tried without an answer of 2xx. */
	readonly failures = new Map<string, number>();
	readonly refusals: number[] = [];
	/** The triggers, while n8n is there. */
	live: Live | undefined;
	private isStopped = false;
	private readonly loops: Array<Promise<void>>;

	constructor() {
		this.loops = senders.flatMap((sender) =>
			Array.from({ length: CONNECTIONS_PER_PROVIDER }, async (_, index) => {
				while (!this.isStopped) await this.deliver(marked(sender, index++));
			}),
		);
	}

	/** Resolves when every delivery that was begun is acknowledged. */
	async stop(): Promise<void> {
		this.isStopped = true;
		await Promise.all(this.loops);
	}

	private async deliver(delivery: Marked): Promise<void> {
		for (;;) {
			const { live } = this;
			const answer = live && (await send(live, delivery).catch(() => undefined));
			if (answer && isAcknowledged(answer)) {
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

it(`kill -9 under load, ${ROUNDS} times: whatever was answered 2xx is an execution`, async () => {
	let live = await liveTriggers(own.n8n);
	const providers = new Providers();
	let missing: string[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const before = providers.acknowledged.length;
		providers.live = live;
		while (providers.acknowledged.length < before + 20) await sleep(10);
		await sleep(randomInt(2_000));
		const killing = own.kill();
		const acknowledged = [...providers.acknowledged];
		await killing;
		providers.live = undefined;
		const stored = await storedIn(own.userFolder);
		missing = acknowledged.map(({ marker }) => marker).filter((marker) => !stored.has(marker));
		expect(missing).toEqual([]);
		live = after(await own.startAgain(), live);
	}
	providers.live = live;
	await providers.stop();

	const { acknowledged, failures, refusals } = providers;
	const stored = await storedIn(own.userFolder);
	expect(acknowledged.filter(({ marker }) => !stored.has(marker))).toEqual([]);
	// A delivery that n8n had stored but not answered when it was killed is tried again, and stored again.
	const tooMany = acknowledged.filter(
		({ marker }) => (stored.get(marker)?.length ?? 0) > 1 + (failures.get(marker) ?? 0),
	);
	expect(tooMany).toEqual([]);
	// Without deliveries that were cut off the kills met no load.
	expect(failures.size).toBeGreaterThanOrEqual(ROUNDS);
	const executions = [...stored.values()].flat();
	const interrupted = acknowledged.filter(({ marker }) =>
		stored.get(marker)?.every(({ status }) => status === 'crashed'),
	);
	report(
		`${ROUNDS} kills; ${acknowledged.length} deliveries acknowledged, ${missing.length} of them missing, ${interrupted.length} interrupted and marked as crashed; ${failures.size} not acknowledged at first and tried again (answers other than 2xx: ${tally(refusals)}); ${executions.length - stored.size} executions more than deliveries`,
	);
	await runAgain(interrupted, stored);
});

/** n8n does not run again by itself what a kill interrupted, but it has all that is needed to. */
async function runAgain(interrupted: Marked[], stored: Map<string, Stored[]>): Promise<void> {
	for (const { marker } of interrupted) {
		const [execution] = stored.get(marker) ?? [];
		await own.n8n.rest('POST', `/executions/${execution?.id}/retry`, { loadWorkflow: false });
	}
	const now = await storedIn(own.userFolder);
	const statuses = interrupted.map(({ marker }) => now.get(marker)?.at(-1)?.status);
	expect(statuses).toEqual(interrupted.map(() => 'success'));
}
