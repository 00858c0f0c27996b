import { randomUUID } from 'node:crypto';
import type { N8nApi, WorkflowNode } from '../n8n/api.mts';
import { deliver, liveTrigger, openDatabase, type LiveTrigger } from './harness.mts';
import { OwnN8n } from './ownN8n.mts';
import type { HttpResponse } from '../n8n/http.mts';
import { senders, type JsonObject, type Sender } from '../providers/senders.mts';

/** Whether each fault happens many times, as in `npm run test:faults` and `npm run test:all`. */
export const isLong = ['test:faults', 'test:all'].includes(process.env.npm_lifecycle_event ?? '');

/** A number of rounds, deliveries or connections. */
export const sized = (long: number, short: number) => (isLong ? long : short);

jest.setTimeout(1_800_000);

/** Prints what a test counted: the figures of docs/reliability.md. */
export function report(figures: string): void {
	if (isLong) process.stderr.write(`  ${expect.getState().currentTestName}\n  → ${figures}\n`);
}

/** An n8n for tests that only count: its older expression engine takes a fraction of the time. */
export const startFast = async (env: Record<string, string> = {}): Promise<OwnN8n> =>
	await OwnN8n.start({ N8N_EXPRESSION_ENGINE: 'legacy', ...env });

/** A delivery that can be found in n8n's database by its marker. */
export interface Marked {
	sender: Sender;
	event: string;
	payload: JsonObject;
	marker: string;
}

const MARKER = 'marked:';
const MARKER_LENGTH = MARKER.length + randomUUID().length;

/** A delivery that was never sent before. */
export function marked(sender: Sender, index = 0, extra: JsonObject = {}): Marked {
	const event = sender.events[index % sender.events.length] ?? '';
	const marker = MARKER + randomUUID();
	const payload = { ...sender.freshIds(sender.sample(event)), marker, ...extra };
	return { sender, event, payload, marker };
}

/** Marked deliveries, from one provider after the other. */
export const manyMarked = (
	count: number,
	from: readonly Sender[] = senders,
	extra: JsonObject = {},
): Marked[] =>
	Array.from({ length: Math.ceil(count / from.length) }, (_, index) =>
		from.map((sender) => marked(sender, index, extra)),
	)
		.flat()
		.slice(0, count);

/** A live trigger of each provider, by provider. */
export type Live = Map<string, LiveTrigger>;

/** Activates a trigger of each provider. Their items carry the payload, and with it the marker. */
export async function liveTriggers(
	n8n: N8nApi,
	options: JsonObject = {},
	{ from = senders, chain }: { from?: readonly Sender[]; chain?: WorkflowNode[] } = {},
): Promise<Live> {
	const parameters = { options: { includePayload: true, ...options } };
	const live: Live = new Map();
	for (const sender of from) {
		live.set(sender.provider, await liveTrigger(n8n, sender, { parameters, chain }));
	}
	return live;
}

export function triggerOf(live: Live, { sender }: Pick<Marked, 'sender'>): LiveTrigger {
	const trigger = live.get(sender.provider);
	if (!trigger) throw new Error(`There is no live trigger of ${sender.provider}.`);
	return trigger;
}

/** The same triggers in an n8n that was started again, at another port. */
export const afterRestart = (n8n: N8nApi, live: Live): Live =>
	new Map(
		[...live].map(([provider, trigger]) => [
			provider,
			{ ...trigger, n8n, url: trigger.url.replace(trigger.n8n.url, n8n.url) },
		]),
	);

/** Delivers a marked delivery once. Under so much load the answer may take a while. */
export const send = async (live: Live, delivery: Marked): Promise<HttpResponse> =>
	await deliver(triggerOf(live, delivery), delivery.event, {
		payload: delivery.payload,
		timeoutMs: 300_000,
	});

/** An execution in n8n's database. */
interface Stored {
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

/** How many executions each delivery has. */
export const executionCounts = (deliveries: Marked[], stored: Map<string, Stored[]>): number[] =>
	deliveries.map(({ marker }) => stored.get(marker)?.length ?? 0);

/** How often each value occurs. */
export function occurrences<T>(values: Iterable<T>): Map<T, number> {
	const counts = new Map<T, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}

/** The same as text. */
export function tally(values: Iterable<string | number>): string {
	const counts = occurrences(values);
	return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ') || 'none';
}

/** A node that lets an item pass that has not passed before. */
export const removeDuplicates: WorkflowNode = {
	name: 'Remove Duplicates',
	type: 'n8n-nodes-base.removeDuplicates',
	typeVersion: 2,
	parameters: {
		operation: 'removeItemsSeenInPreviousExecutions',
		dedupeValue: '={{ $json.delivery.id }}',
		options: {},
	},
};

/** Calls a function for each number below `count`, a few at a time, and resolves with what they resolved with. */
export async function several<T>(
	count: number,
	atATime: number,
	call: (index: number) => Promise<T>,
): Promise<T[]> {
	const results: T[] = [];
	let next = 0;
	const one = async () => {
		for (let index = next++; index < count; index = next++) results[index] = await call(index);
	};
	await Promise.all(Array.from({ length: atATime }, one));
	return results;
}
