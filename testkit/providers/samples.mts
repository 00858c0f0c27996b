import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repositoryRoot } from '../n8n/paths.mts';
import type { Delivery, JsonObject, JsonValue, Sample } from './senders.mts';

/** The name of an event's file: Windows allows no colon there. */
export const fileNameOf = (name: string) => `${basename(name, '.json').replaceAll(':', '_')}.json`;

/** Any JSON file of a provider's fixtures; the extension may be left out. */
export function readFixture<T extends JsonValue = JsonObject>(folder: string, file: string): T {
	const path = join(repositoryRoot, 'testkit', 'providers', folder, 'samples', fileNameOf(file));
	return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** A documented event's sample lies in the file named after the event, unless another is given. */
export function readSample(folder: string, event: string, file = `${event}.json`): Sample {
	return { event, file, payload: readFixture(folder, file) };
}

/** A deep copy, free to be changed. */
export function sampleOf(samples: Sample[], event: string): JsonObject {
	const found = samples.find((sample) => sample.event === event);
	if (!found) {
		const known = samples.map((sample) => sample.event).join(', ');
		throw new Error(`There is no sample of "${event}". There are: ${known}`);
	}
	return copyOf(found.payload);
}

/** Through JSON rather than structuredClone, whose objects belong to another realm under jest. */
export function copyOf<T extends JsonValue>(value: T): T {
	return JSON.parse(JSON.stringify(value)) as T;
}

/** The object under a key, or an empty one that belongs to nobody where there is none. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
	const value = parent[key];
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A copy of a payload in which the ids are others. The same id in two places stays the same in both. */
export function renewIds(
	payload: JsonObject,
	isId: (key: string, value: string) => boolean,
	newId: (id: string) => string = () => randomUUID(),
): JsonObject {
	const renewed = new Map<string, string>();
	const copy: JsonObject = JSON.parse(JSON.stringify(payload), (key, value: unknown) => {
		if (typeof value !== 'string' || !isId(key, value)) return value;
		const id = renewed.get(value) ?? newId(value);
		renewed.set(value, id);
		return id;
	});
	return copy;
}

/** The request with which every provider delivers. */
export const postJson = (
	url: string,
	body: string,
	headers: Record<string, string> = {},
): Delivery => ({
	url,
	method: 'POST',
	headers: { 'Content-Type': 'application/json', ...headers },
	body,
});

/** Adds a query parameter and leaves the rest of the URL as it was typed. */
export function withQuery(url: string, name: string, value: string): string {
	const [address = '', ...fragment] = url.split('#');
	const separator = address.includes('?') ? '&' : '?';
	const query = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
	return [`${address}${separator}${query}`, ...fragment].join('#');
}
