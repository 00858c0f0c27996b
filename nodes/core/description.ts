import type {
	INodeProperties,
	INodePropertyOptions,
	IWebhookDescription,
	TriggerPanelDefinition,
} from 'n8n-workflow';
import { DEFAULT_DUPLICATE_WINDOW } from './duplicate';
import { ALL, OTHER, type Provider } from './provider';

/**
 * The one webhook of a trigger. Static values only: n8n would evaluate an expression here on every request.
 * Without `responseData` n8n answers with the text `firstEntryJson` instead of the node's answer.
 */
export const webhookDescription: IWebhookDescription = {
	name: 'default',
	httpMethod: 'POST',
	path: 'webhook',
	responseMode: 'onReceived',
	responseData: '',
};

/**
 * What the editor shows beside an open trigger: what to do at the provider always, the rest on a click. n8n shows
 * static texts only, as HTML.
 */
export function triggerPanel({
	displayName,
	connect,
	connectDetails,
	registersItself,
}: Provider): TriggerPanelDefinition {
	const send = registersItself
		? `click the button above, then have ${displayName} send an event. With automatic registration n8n registers the test URL while it listens. With manual registration copy it under Webhook URLs first, and enter it in the panel of ${displayName}.`
		: `copy the test URL under Webhook URLs, click the button above, then have ${displayName} send an event there.`;
	const test = `<b>Test:</b> ${send} An event with a wrong token, or one that is not selected, shows nothing here.`;
	const live = `<b>Live:</b> every selected event that ${displayName} sends with the right token starts the workflow, and shows under <a data-key="executions">Executions</a>. An event with a wrong token, or one that is not selected, leaves no execution.`;
	const connecting = `<b>Connect:</b> ${connect}`;
	const details = connectDetails ? [connectDetails] : [];
	return {
		activationHint: { inactive: connecting, active: live },
		executionsHelp: {
			inactive: [...details, test].join('<br><br>'),
			active: [connecting, ...details, test].join('<br><br>'),
		},
	};
}

/** What the canvas shows under a trigger's name: the selected events, or how many there are. */
export const triggerSubtitle = `={{ ((events, customEvents) => {
	const typed = String(customEvents ?? '').split(',').map((code) => code.trim()).filter(Boolean);
	if (events.includes('*')) return 'All events';
	if (events.length === 0) return typed.join(', ') || 'No events';
	const count = events.length + typed.length;
	return count > 1 ? count + ' events' : events[0];
})($parameter.events, $parameter.customEvents) }}`;

/** The parameters of a webhook trigger, the same for every provider, in the order in which a person decides. */
export function triggerProperties(provider: Provider): INodeProperties[] {
	return [...selectionProperties(provider), optionCollection(webhookOptions(provider))];
}

/** The parameters that say which events start the workflow, and how they come out. */
export function selectionProperties(provider: Provider): INodeProperties[] {
	return [
		{
			displayName: 'Trigger On',
			name: 'events',
			type: 'multiOptions',
			required: provider.hasCustomEvents !== true,
			default: [ALL],
			options: eventOptions(provider),
			description: 'The events that start the workflow. Others are answered and start nothing.',
		},
		...(provider.hasCustomEvents ? [customEvents] : []),
		{
			displayName: 'Outputs',
			name: 'outputMode',
			type: 'options',
			default: 'single',
			options: [
				{
					name: 'One Output per Event',
					value: 'perEvent',
					description: 'Each selected event has an output of its own',
				},
				{ name: 'Single', value: 'single', description: 'All events leave by the same output' },
			],
			description: 'Whether all events leave by one output, or each by its own',
		},
		{
			displayName:
				'The outputs are in the order in which the events were selected. Removing an event shifts the outputs after it, and their connections.',
			name: 'outputsNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { outputMode: ['perEvent'] } },
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		...filterCollection(provider),
	];
}

/** A trigger's Options. */
export const optionCollection = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options,
});

function eventOptions({ events }: Provider): INodePropertyOptions[] {
	const options = events.map(({ code, name, description }) => ({ name, value: code, description }));
	const documented = options.filter(({ value }) => value !== OTHER);
	return [
		{ name: 'All Events', value: ALL, description: 'Every event, also those not documented' },
		...documented.sort((a, b) => a.name.localeCompare(b.name)),
		...options.filter(({ value }) => value === OTHER),
	];
}

const customEvents: INodeProperties = {
	displayName: 'Custom Events',
	name: 'customEvents',
	type: 'string',
	default: '',
	placeholder: 'e.g. PAYMENT.PAID, ORDER.*',
	description:
		'More events, comma-separated, as the provider names them. A pattern that ends in * takes every event that begins so. Trigger On may be empty then.',
};

function filterCollection({ filters }: Provider): INodeProperties[] {
	if (filters.length === 0) return [];
	return [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: filters.flatMap(({ properties }) => properties),
			description:
				'Which deliveries start the workflow. One without the field that a filter looks at always does.',
		},
	];
}

function webhookOptions({
	ignoresDuplicatesByDefault,
	defaultTimezone,
}: Provider): INodeProperties[] {
	return [
		{
			displayName: 'Duplicate Window (Seconds)',
			name: 'duplicateWindow',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_DUPLICATE_WINDOW,
			description:
				'For how many seconds a delivery is known, where duplicates are ignored. A delivery that the provider resends by hand within that time is a duplicate too.',
		},
		{
			...ignoreDuplicates,
			default: ignoresDuplicatesByDefault,
			description: `${ignoreDuplicates.description} ${ignoresDuplicatesByDefault ? ABOUT_DUPLICATES : ABOUT_LOSSES}`,
		},
		includePayload,
		{
			displayName: 'IP Allowlist',
			name: 'ipAllowlist',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 2001:db8::/32',
			description:
				'The addresses and CIDR blocks that may send, comma-separated; all when empty. Behind a proxy, set N8N_PROXY_HOPS in n8n so that the real sender is compared: listing the address of the proxy admits the world.',
		},
		...(defaultTimezone === undefined ? [] : [timezone(defaultTimezone)]),
	];
}

/** The option that adds the payload to the clean item. */
export const includePayload: INodeProperties = {
	displayName: 'Include Payload',
	name: 'includePayload',
	type: 'boolean',
	default: false,
	description:
		'Whether to add what the provider sent, as it was sent but for secrets, under payload',
};

const ignoreDuplicates: INodeProperties = {
	displayName: 'Ignore Duplicates',
	name: 'ignoreDuplicates',
	type: 'boolean',
	default: false,
	description:
		'Whether to start the workflow only once when the provider sends the same delivery again, also by hand within the window. Deliveries are remembered per n8n process.',
};

const ABOUT_DUPLICATES =
	'To remember them longer and across restarts, insert the ID under delivery into a database table that takes each ID once, and continue only if it was new.';
const ABOUT_LOSSES =
	'This provider can send two different events as identical deliveries: with this option on, the second is lost.';

const timezone = (defaultTimezone: string): INodeProperties => ({
	displayName: 'Timezone',
	name: 'timezone',
	type: 'string',
	default: defaultTimezone,
	placeholder: `e.g. ${defaultTimezone}`,
	description: 'The IANA time zone of the dates, which the provider sends without one',
});
