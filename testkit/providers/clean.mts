import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deliveryId } from '../../nodes/core/duplicate';
import { itemOf, type ItemSettings } from '../../nodes/core/item';
import { redactor } from '../../nodes/core/redact';
import type { Delivery as Received, NamedEvent, Provider } from '../../nodes/core/provider';
import { repositoryRoot } from '../n8n/paths.mts';
import { copyOf, readFixture } from './samples.mts';
import { expectItem } from './items.mts';
import type { Delivery, JsonObject, Sender } from './senders.mts';

export const TOKEN = 'a-token-of-the-tests-0123456789';

/** The fixtures that are payloads, by the names of their files. */
export function fixtureNames(folder: string): string[] {
	return readdirSync(join(repositoryRoot, 'testkit', 'providers', folder, 'samples'))
		.map((file) => basename(file, '.json'))
		.filter((name) => name !== 'statuses');
}

/** A request as the provider makes it, as n8n hands it over. */
export function received({ url, headers, body }: Delivery): Received {
	return {
		body: JSON.parse(body) as JsonObject,
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
		),
		query: Object.fromEntries(new URL(url).searchParams),
	};
}

/** The id of a delivery with that body; `raw` for one that is nested too deeply to be written again. */
export function idOf(
	provider: Provider,
	body: JsonObject,
	event: NamedEvent = provider.eventOf({ body, headers: {}, query: {} }),
	raw = JSON.stringify(body),
): string {
	return deliveryId(provider, body, event.name, Buffer.from(raw));
}

/** The item that a delivery becomes. */
export function itemFrom(
	provider: Provider,
	delivery: Received,
	settings: Partial<ItemSettings> = {},
): JsonObject {
	const event = provider.eventOf(delivery);
	const item = itemOf(provider, event, delivery.body, {
		id: settings.id ?? idOf(provider, delivery.body, event),
		isTest: false,
		redact: redactor([TOKEN]),
		simplify: true,
		includePayload: false,
		...settings,
	});
	return copyOf(item as JsonObject);
}

/** The item of a body that arrives with nothing but the token. */
export const itemOfBody = (provider: Provider, body: JsonObject) =>
	itemFrom(provider, { body, headers: {}, query: {} });

/** Tests that every fixture, delivered as the provider does, becomes its reviewed item. */
export function testItems(folder: string, provider: Provider, sender: Sender): void {
	describe('each fixture', () => {
		const deliveries = fixtureNames(folder).map((name): [string, Received] => {
			const eventInUrl = sender.events.includes(name);
			const payload = readFixture(folder, name);
			const url = 'https://n8n.example.com/webhook/1/webhook';
			return [name, received(sender.delivery(name, payload, url, TOKEN, { eventInUrl }))];
		});

		it.each(deliveries)('%s becomes its reviewed item', (name, delivery) => {
			expectItem(folder, name, itemFrom(provider, delivery));
		});
	});
}
