import type { IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { toActivationError } from './activation';
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

/** The codes of the chosen events, see `chosenCodes`. */
function readChosen(context: TriggerContext | IHookFunctions, provider: Provider): string[] {
	return chosenCodes(
		context.getNodeParameter('events', []),
		provider.hasCustomEvents ? context.getNodeParameter('customEvents', '') : '',
		provider.events.map(({ code }) => code),
	);
}

/** Throws where no event is selected: n8n asks for one only where custom events cannot stand alone. */
export function checkSelected(
	context: ITriggerFunctions | IHookFunctions,
	provider: Provider,
): void {
	if (readChosen(context, provider).length > 0) return;
	throw toActivationError(
		context.getNode(),
		'No event is selected. Select events under Trigger On, or enter some under Custom Events.',
	);
}

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
		chosen: readChosen(context, provider),
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
