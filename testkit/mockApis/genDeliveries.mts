// How Gen notifies webhooks ("Webhooks e Eventos"): a POST with the configured text in Authorization; an answer 2XX
// is a delivery, anything else is tried again, up to 20 tries in all.

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { request as send } from '../n8n/http.mts';
import type { JsonObject } from '../providers/senders.mts';
import { HostMap } from './hosts.mts';

/** A webhook as it is registered. */
export interface Registration {
	id: string;
	/** Codes, or patterns that end in `*`. */
	events: string[];
	target: string;
	authorization?: string;
	inserted_at: string;
	updated_at: string;
}

/** What a test gives for a registration; the rest is made up. */
export type NewRegistration = Pick<Registration, 'events' | 'target' | 'authorization'>;

export interface LoggedEvent {
	id: string;
	event: string;
	insertedAt: string;
	/** What is delivered and listed. */
	json: JsonObject;
}

/** One try of a delivery. */
export interface Notification extends JsonObject {
	id: string;
	webhook_id: string;
	event_id: string;
	event: string;
	/** Of the answer; null where there was none. */
	status: number | null;
	/** 1 to 20. */
	attempt: number;
	inserted_at: string;
}

const MOST_TRIES = 20;
const ANSWER_TIMEOUT_MS = 30_000;

/** The webhooks of an account, and everything that is or was sent to them. */
export class Deliveries {
	readonly registrations: Registration[] = [];
	readonly notifications: Notification[] = [];
	private readonly hosts = new HostMap();
	private readonly underWay = new Set<Promise<void>>();
	private readonly agent = new Agent();
	private readonly stopping = new AbortController();

	/** `timing` is read at each try. */
	constructor(private readonly timing: { retryDelayMs: number }) {
		// Every delivery that waits for its next try listens.
		setMaxListeners(0, this.stopping.signal);
	}

	register({ events, target, authorization }: NewRegistration): Registration {
		const now = new Date().toISOString();
		const registration: Registration = {
			id: randomUUID(),
			events: [...events],
			target,
			...(authorization === undefined ? {} : { authorization }),
			inserted_at: now,
			updated_at: now,
		};
		this.registrations.push(registration);
		return registration;
	}

	/** Returns whether there was one. */
	unregister(id: string): boolean {
		const index = this.registrations.findIndex((registration) => registration.id === id);
		if (index >= 0) this.registrations.splice(index, 1);
		return index >= 0;
	}

	/** See GenMockApi. */
	mapHost(from: string, to: string): void {
		this.hosts.map(from, to);
	}

	/** Starts to deliver the event to every webhook that asks for it. */
	deliver(logged: LoggedEvent): void {
		for (const registration of this.registrations) {
			if (!registration.events.some((pattern) => matches(pattern, logged.event))) continue;
			const delivery = this.deliverTo(registration, logged).finally(() =>
				this.underWay.delete(delivery),
			);
			this.underWay.add(delivery);
		}
	}

	/** Resolves when no delivery is under way. */
	async idle(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Ends every delivery. */
	async stop(): Promise<void> {
		this.stopping.abort();
		this.agent.destroy();
		await this.idle();
	}

	/** Never throws. */
	private async deliverTo(registration: Registration, logged: LoggedEvent): Promise<void> {
		const { signal } = this.stopping;
		for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
			const status = await this.post(registration, logged.json).catch(() => null);
			if (signal.aborted) return;
			this.notifications.push({
				id: randomUUID(),
				webhook_id: registration.id,
				event_id: logged.id,
				event: logged.event,
				status,
				attempt,
				inserted_at: new Date().toISOString(),
			});
			if (status !== null && status >= 200 && status < 300) return;
			if (attempt === MOST_TRIES) return;
			await wait(this.timing.retryDelayMs, undefined, { signal }).catch(() => undefined);
			if (signal.aborted || !this.registrations.includes(registration)) return;
		}
	}

	/** Resolves with the status of the answer. Throws where there is none. */
	private async post({ target, authorization }: Registration, json: JsonObject): Promise<number> {
		const { url, host } = this.hosts.resolve(target);
		const { status } = await send({
			url,
			headers: {
				Host: host,
				'Content-Type': 'application/json',
				...(authorization === undefined ? {} : { Authorization: authorization }),
			},
			body: JSON.stringify(json),
			timeoutMs: ANSWER_TIMEOUT_MS,
			agent: this.agent,
		});
		return status;
	}
}

function matches(pattern: string, event: string): boolean {
	return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : event === pattern;
}
