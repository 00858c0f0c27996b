import type { IgnoredReason } from './answers';
import { routeOf } from './event';
import { passesFilters } from './filters';
import type { Delivery, NamedEvent, Provider } from './provider';
import type { Selection } from './settings';

/** A selected delivery: its event, and the index of that event's output. */
export interface Selected {
	kind: 'selected';
	event: NamedEvent;
	route: number;
}

/** A valid delivery that does not start the workflow. */
export interface Ignored {
	kind: 'ignored';
	reason: IgnoredReason;
}

/** Steps 4 and 5: whether a delivery is selected by its event and passes the filters. */
export function select(
	provider: Provider,
	selection: Selection,
	delivery: Delivery,
): Selected | Ignored {
	const event = provider.eventOf(delivery);
	const route = routeOf(event.name, selection.chosen, provider.events);
	if (route < 0) return { kind: 'ignored', reason: 'event' };
	if (!passesFilters(provider.filters, selection.filters, delivery.body)) {
		return { kind: 'ignored', reason: 'filter' };
	}
	return { kind: 'selected', event, route };
}
