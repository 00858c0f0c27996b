import type { HttpResponse } from '../n8n/http.mts';
import type { N8nProcess } from '../n8n/process.mts';
import type { JsonObject } from '../providers/senders.mts';
import { deliver, type LiveTrigger } from './harness.mts';

/** One delivery of a provider, which tries until somebody answers. */
export interface Sent {
	/** Marks the delivery in the payload, and so in the execution's data. */
	marker: string;
	/** How often it was sent and nobody listened. */
	refused: number;
	/** How often it was sent and the connection broke before an answer: the execution may be there. */
	broken: number;
	answer: HttpResponse;
}

const ATTEMPTS = 5;
let markers = 0;

/** A payload that is nobody else's, with a marker in it. It repeats the token, as careless providers do. */
export function newPayload(trigger: LiveTrigger): { marker: string; payload: JsonObject } {
	const [event = ''] = trigger.sender.events;
	const marker = `marker-${trigger.sender.provider}-${++markers}-`;
	return {
		marker,
		payload: {
			...trigger.sender.freshIds(trigger.sender.sample(event)),
			marker,
			echo: `before ${trigger.token} after`,
		},
	};
}

/** The address of a trigger at a webhook processor. */
export const urlAt = (trigger: LiveTrigger, { url }: N8nProcess): string =>
	`${url}${new URL(trigger.url).pathname}`;

/** Delivers to the first of the processors, and to the next one when there is no answer, as a balancer would. */
export async function deliverToAny(
	trigger: LiveTrigger,
	processors: readonly N8nProcess[],
): Promise<Sent> {
	const [event = ''] = trigger.sender.events;
	const { marker, payload } = newPayload(trigger);
	const sent = { marker, refused: 0, broken: 0 };
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const processor = processors[attempt % processors.length];
		if (!processor) break;
		try {
			const answer = await deliver(trigger, event, { payload, url: urlAt(trigger, processor) });
			return { ...sent, answer };
		} catch (error) {
			const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
			sent[isRefused ? 'refused' : 'broken']++;
		}
	}
	throw new Error(`${marker} got no answer from ${processors.length} processors.`);
}

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
