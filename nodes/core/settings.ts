import type { IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { toActivationError } from './activation';
import { DEFAULT_DUPLICATE_WINDOW } from './duplicate';
import { textOf } from './event';
import type { ItemSettings } from './item';
import { isJsonObject, type JsonObject } from './json';
import { chosenCodes } from './output';
import type { Provider } from './provider';

/** Which events start the workflow, and how they come out. */
export interface Selection
	extends Pick<ItemSettings, 'simplify' | 'includePayload' | 'timezone' | 'label'> {
	/** The codes of the chosen events, in the order of their outputs. */
	chosen: string[];
	filters: JsonObject;
	isPerEvent: boolean;
}

/** A trigger's parameters. */
export interface Settings {
	/** Addresses and CIDR blocks, as the user typed them. */
	ipAllowlist: unknown;
	ignoreDuplicates: boolean;
	duplicateWindowMs: number;
	/**
	 * Reads the remaining parameters. Call it only after authentication: n8n records what it throws as a failed
	 * execution, which an unauthenticated request must not cause.
	 */
	readSelection(): Selection;
}

type TriggerContext = IWebhookFunctions | ITriggerFunctions;

/** Throws when n8n cannot evaluate an expression in the options. */
export function readSettings(context: TriggerContext, provider: Provider): Settings {
	const options = readCollection(context, 'options');
	return {
		ipAllowlist: options.ipAllowlist,
		ignoreDuplicates: Boolean(options.ignoreDuplicates ?? provider.ignoresDuplicatesByDefault),
		duplicateWindowMs: (Number(options.duplicateWindow) || DEFAULT_DUPLICATE_WINDOW) * 1000,
		readSelection: () => ({
			chosen: readChosen(context, provider),
			filters: provider.filters.length > 0 ? readCollection(context, 'filters') : {},
			isPerEvent: context.getNodeParameter('outputMode', 'single') === 'perEvent',
			simplify: context.getNodeParameter('simplify', true) !== false,
			includePayload: options.includePayload === true,
			timezone: textOf(options.timezone),
			label: textOf(options.label),
		}),
	};
}

/** Throws when no event is selected: n8n requires one only where custom events cannot stand alone. */
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

function readChosen(context: TriggerContext | IHookFunctions, provider: Provider): string[] {
	return chosenCodes(
		context.getNodeParameter('events', []),
		provider.hasCustomEvents ? context.getNodeParameter('customEvents', '') : '',
		provider.events.map(({ code }) => code),
	);
}

function readCollection(context: TriggerContext, name: string): JsonObject {
	const value: unknown = context.getNodeParameter(name, {});
	return isJsonObject(value) ? value : {};
}
