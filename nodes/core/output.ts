import type { INodeExecutionData } from 'n8n-workflow';
import type { ProviderEvent } from './provider';

/**
 * The codes of the chosen events, in the order of their outputs: the selected ones, then, with `*`, the remaining
 * documented ones in their order, then typed ones. Existing outputs keep their places when an event is added.
 *
 * The outputs expression contains the source of this function, so it may use nothing but its arguments.
 */
export function chosenCodes(
	events: unknown,
	customEvents: unknown,
	documented: string[],
): string[] {
	const listed = (Array.isArray(events) ? events : [events]).filter(
		(code) => typeof code === 'string' && code !== '',
	);
	const typed = typeof customEvents === 'string' ? customEvents.split(',') : [];
	const codes = listed.filter((code) => code !== '*');
	const rest = listed.includes('*') ? documented : [];
	return [...codes, ...rest, ...typed.map((code) => code.trim())].filter(
		(code, index, all) => code !== '' && all.indexOf(code) === index,
	);
}

/** The node's `outputs`: a single one, or one per chosen event, named by its label. */
export function outputsExpression(events: readonly ProviderEvent[]): `={{${string}}}` {
	const labels = JSON.stringify(events.map(({ code, label }) => [code, label]));
	return `={{ ((parameter, labels) => {
		const chosenCodes = ${chosenCodes.toString()};
		if (parameter.outputMode !== 'perEvent') return [{ type: 'main' }];
		return chosenCodes(parameter.events, parameter.customEvents, labels.map((entry) => entry[0]))
			.map((code) => ({
				type: 'main',
				displayName: (labels.find((entry) => entry[0] === code) || [code, code])[1],
			}));
	})($parameter, ${labels}) }}`;
}

/** Step 8: puts the item at its output and leaves the other outputs empty. */
export function routeItem(
	item: INodeExecutionData,
	route: number,
	outputs: number,
): INodeExecutionData[][] {
	return Array.from({ length: outputs }, (_, index) => (index === route ? [item] : []));
}
