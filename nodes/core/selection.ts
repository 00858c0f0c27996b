import type { ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { routeOf, textOf } from './event';
import { passesFilters } from './filters';
import type { ItemSettings } from './item';
import { isJsonObject, type JsonObject } from './json';
import { chosenCodes } from './output';
import type { Delivery, NamedEvent, Provider } from './provider';

/** A trigger's parameters on which events start the workflow, and how they come out. */
export interface Selection extends Pick<ItemSettings, 'simplify' | 'includePayload' | 'timezone'> {
	/** The codes of the chosen events, in the order of their outputs. */
	chosen: string[];
	filters: JsonObject;
	isPerEvent: boolean;
}

type TriggerContext = IWebhookFunctions | ITriggerFunctions;

/** A collection as saved: what is absent has its default. */
export function readCollection(context: TriggerContext, name: string): JsonObject {
	const value: unknown = context.getNodeParameter(name, {});
	return isJsonObject(value) ? value : {};
}

export function readSelection(
	context: TriggerContext,
	provider: Provider,
	options: JsonObject,
): Selection {
	return {
		chosen: chosenCodes(
			context.getNodeParameter('events', []),
			provider.hasCustomEvents ? context.getNodeParameter('customEvents', '') : '',
			provider.events.map(({ code }) => code),
		),
		filters: provider.filters.length > 0 ? readCollection(context, 'filters') : {},
		isPerEvent: context.getNodeParameter('outputMode', 'single') === 'perEvent',
		simplify: context.getNodeParameter('simplify', true) !== false,
		includePayload: options.includePayload === true,
		timezone: textOf(options.timezone),
	};
}

/** Steps 4 and 5: a delivery's event and the output it takes, or what it was not selected by. */
export function select(
	provider: Provider,
	selection: Selection,
	delivery: Delivery,
): { event: NamedEvent; route: number } | 'event' | 'filter' {
	const event = provider.eventOf(delivery);
	const route = routeOf(event.name, selection.chosen, provider.events);
	if (route < 0) return 'event';
	if (!passesFilters(provider.filters, selection.filters, delivery.body)) return 'filter';
	return { event, route };
}
