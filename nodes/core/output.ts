import type { INodeExecutionData } from 'n8n-workflow';
import type { ProviderEvent } from './provider';

/**
 * The codes a user chose, in the order of their outputs: the chosen events, then, with `*`, the documented
 * rest in its order, then typed codes. Nothing chosen later moves what is there already.
 *
 * Runs in two places: here for each delivery, and, as text, in the expression that draws the outputs on the
 * canvas. So it may use nothing but its arguments.
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

/** The node's `outputs`: one, or one per chosen event under its label. */
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

/** Step 8: the item at its output, the others empty. */
export function atOutput(
	item: INodeExecutionData,
	route: number,
	outputs: number,
): INodeExecutionData[][] {
	return Array.from({ length: outputs }, (_, index) => (index === route ? [item] : []));
}
