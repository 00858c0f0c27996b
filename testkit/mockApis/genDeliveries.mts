// How Gen notifies webhooks ("Webhooks e Eventos"): a POST with the configured text in Authorization; an answer 2XX
// is a delivery, anything else is tried again, up to 20 tries in all.

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../providers/senders.mts';
import { MockApi } from './server.mts';

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

/** The webhooks of an account, and everything that is or was sent to them. */
export abstract class GenDeliveries extends MockApi {
	/** With their secrets. */
	readonly registrations: Registration[] = [];
	/** Every try of every delivery. */
	readonly notifications: Notification[] = [];
	abstract readonly variants: { retryDelayMs: number };
	private readonly underWay = new Set<Promise<void>>();
	private readonly stopping = new AbortController();

	/** Registers a webhook that somebody else made. */
	addRegistration(registration: NewRegistration): Registration {
		const now = new Date().toISOString();
		const added = { id: randomUUID(), ...registration, inserted_at: now, updated_at: now };
		this.registrations.push(added);
		return added;
	}

	/** Resolves when no delivery is under way. */
	async idle(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Closes at once, and ends the deliveries that are under way. */
	override async stop(): Promise<void> {
		this.stopping.abort();
		await super.stop();
		await this.idle();
	}

	/** Starts to deliver the event to every webhook that asks for it. */
	protected deliver(logged: LoggedEvent): void {
		// Every delivery that waits for its next try listens.
		setMaxListeners(0, this.stopping.signal);
		for (const registration of this.registrations) {
			if (!registration.events.some((pattern) => matches(pattern, logged.event))) continue;
			const delivery = this.deliverTo(registration, logged).finally(() =>
				this.underWay.delete(delivery),
			);
			this.underWay.add(delivery);
		}
	}

	/** Never throws. */
	private async deliverTo(registration: Registration, logged: LoggedEvent): Promise<void> {
		const { signal } = this.stopping;
		const body = JSON.stringify(logged.json);
		for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
			const { id: webhook_id, target, authorization } = registration;
			const headers = authorization === undefined ? undefined : { Authorization: authorization };
			const status = await this.post(target, body, headers).catch(() => null);
			if (signal.aborted) return;
			this.notifications.push({
				id: randomUUID(),
				webhook_id,
				event_id: logged.id,
				event: logged.event,
				status,
				attempt,
				inserted_at: new Date().toISOString(),
			});
			if (status !== null && status >= 200 && status < 300) return;
			if (attempt === MOST_TRIES) return;
			await wait(this.variants.retryDelayMs, undefined, { signal }).catch(() => undefined);
			if (signal.aborted || !this.registrations.includes(registration)) return;
		}
	}
}

function matches(pattern: string, event: string): boolean {
	return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : event === pattern;
}
