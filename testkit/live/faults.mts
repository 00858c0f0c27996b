import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n } from '../n8n/n8n.mts';
import { deliver, liveTrigger, openDatabase, type LiveTrigger } from './harness.mts';
import { OwnN8n } from './ownN8n.mts';
import type { HttpResponse } from '../n8n/http.mts';
import { senders, type JsonObject, type Sender } from '../providers/senders.mts';

const isLong = ['test:faults', 'test:all'].includes(process.env.npm_lifecycle_event ?? '');
const length = process.env.FAULTS ?? (isLong ? 'long' : 'short');

/** A number of rounds, deliveries or connections: many in `npm run test:faults` and `npm run test:all`, else few. */
export const sized = (long: number, short: number) => (length === 'long' ? long : short);

jest.setTimeout(sized(1_800_000, 900_000));

/** Prints what a test counted: the figures of docs/reliability.md. */
export function report(figures: string): void {
	process.stderr.write(`  ${expect.getState().currentTestName}\n  → ${figures}\n`);
}

/**
 * An n8n for tests that only count. n8n's older expression engine counts the same several times faster.
 * Give it more variables for n8n.
 */
export const startFast = async (env: Record<string, string> = {}): Promise<OwnN8n> =>
	await OwnN8n.start({ N8N_EXPRESSION_ENGINE: 'legacy', ...env });

/** A delivery that can be found again, in whatever state n8n is. */
export interface Marked {
	sender: Sender;
	event: string;
	payload: JsonObject;
	/** What no other delivery holds. */
	marker: string;
}

const MARKER = 'marked:';
const MARKER_LENGTH = MARKER.length + 36;

/** A delivery of a provider that was never sent before, and can be found in n8n's database. */
export function marked(sender: Sender, index = 0, extra: JsonObject = {}): Marked {
	const event = sender.events[index % sender.events.length] ?? '';
	const marker = MARKER + randomUUID();
	const payload = { ...sender.freshIds(sender.sample(event)), marker, ...extra };
	return { sender, event, payload, marker };
}

/** Marked deliveries, from one provider after the other. */
export function manyMarked(count: number, of: readonly Sender[] = senders): Marked[] {
	return Array.from({ length: count }, (_, index) => {
		const sender = of[index % of.length];
		if (!sender) throw new Error('There is no provider to send from.');
		return marked(sender, Math.floor(index / of.length));
	});
}

export type Live = Map<Sender['provider'], LiveTrigger>;

/** A live trigger of each provider. Their items carry the payload, and with it the marker. */
export async function liveTriggers(
	n8n: N8n,
	options: JsonObject = {},
	of: readonly Sender[] = senders,
): Promise<Live> {
	const live: Live = new Map();
	for (const sender of of) {
		const parameters = { options: { includePayload: true, ...options } };
		live.set(sender.provider, await liveTrigger(n8n, sender, { parameters }));
	}
	return live;
}

export function triggerOf(live: Live, { sender }: Pick<Marked, 'sender'>): LiveTrigger {
	const trigger = live.get(sender.provider);
	if (!trigger) throw new Error(`There is no live trigger of ${sender.provider}.`);
	return trigger;
}

/** The same triggers in an n8n that was started again, at another port. */
export function after(restarted: N8n, live: Live): Live {
	return new Map(
		[...live].map(([provider, trigger]) => [
			provider,
			{ ...trigger, n8n: restarted, url: trigger.url.replace(trigger.n8n.url, restarted.url) },
		]),
	);
}

/** Delivers a marked delivery once. Under so much load the answer may take a while. */
export const send = async (live: Live, delivery: Marked): Promise<HttpResponse> =>
	await deliver(triggerOf(live, delivery), delivery.event, {
		payload: delivery.payload,
		timeoutMs: 300_000,
	});

/** Sends copies of every delivery, interleaved, up to 150 ms apart, whatever the answer to the earlier ones is. */
export async function retry(
	live: Live,
	deliveries: Marked[],
	copies: number,
): Promise<HttpResponse[]> {
	const answers: Array<Promise<HttpResponse>> = [];
	await Promise.all(
		deliveries.map(async (delivery) => {
			for (let copy = 0; copy < copies; copy++) {
				await sleep(randomInt(150));
				answers.push(send(live, delivery));
			}
		}),
	);
	return await Promise.all(answers);
}

export const isAcknowledged = ({ status }: HttpResponse) => status >= 200 && status < 300;

/** An execution in n8n's database. */
export interface Stored {
	id: string;
	status: string;
}

/**
 * The executions of each marked delivery, as n8n's database has them; n8n need not run.
 *
 * @param node counts only executions in which the node of that name ran
 */
export async function storedIn(userFolder: string, node = ''): Promise<Map<string, Stored[]>> {
	const database = await openDatabase(userFolder);
	try {
		const rows = await database.run(
			`SELECT e.id AS id, e.status AS status, substr(d.data, instr(d.data, '${MARKER}'), ${MARKER_LENGTH}) AS marker
			 FROM execution_entity e JOIN execution_data d ON d.executionId = e.id
			 WHERE instr(d.data, '${MARKER}') > 0 AND instr(d.data, '${node}') > 0`,
		);
		const stored = new Map<string, Stored[]>();
		for (const row of rows) {
			const { marker, id, status } = row as { marker: string; id: number; status: string };
			stored.set(marker, [...(stored.get(marker) ?? []), { id: String(id), status }]);
		}
		return stored;
	} finally {
		database.close();
	}
}

/** How often each value occurs, as a text. */
export function tally(values: Iterable<string | number>): string {
	const counts = new Map<string | number, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ') || 'none';
}
