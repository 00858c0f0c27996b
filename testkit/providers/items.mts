import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../n8n/paths.mts';
import { copyOf, fileNameOf } from './samples.mts';
import type { JsonObject, JsonValue } from './senders.mts';

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A copy of an item without the one value that differs from run to run: the time it was received. */
export function comparable(item: object): JsonObject {
	const copy = copyOf(item as JsonObject);
	expect(copy.delivery).toMatchObject({ receivedAt: expect.stringMatching(ISO_TIME) });
	Object.assign(copy.delivery ?? {}, { receivedAt: '<time>' });
	return copy;
}

/** The reviewed item of a fixture; the extension may be left out. */
export function expectedItem(folder: string, name: string): JsonObject {
	return JSON.parse(readFileSync(itemPath(folder, name), 'utf8')) as JsonObject;
}

/**
 * Compares an item with the reviewed one, its keys' order included.
 * With UPDATE_ITEMS=1 in the environment it becomes the reviewed one: look at what changed before committing it.
 */
export function expectItem(folder: string, name: string, item: object): void {
	const actual = comparable(item);
	if (process.env.UPDATE_ITEMS === '1') {
		mkdirSync(dirname(itemPath(folder, name)), { recursive: true });
		writeFileSync(itemPath(folder, name), `${JSON.stringify(actual, null, 2)}\n`);
	}
	const expected: JsonValue = expectedItem(folder, name);
	expect(actual).toEqual(expected);
	expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
}

const itemPath = (folder: string, name: string): string =>
	join(repositoryRoot, 'testkit', 'providers', folder, 'items', fileNameOf(name));
