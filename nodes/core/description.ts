import type {
	INodeProperties,
	INodePropertyOptions,
	IWebhookDescription,
	TriggerPanelDefinition,
} from 'n8n-workflow';
import type { Api } from './api';
import { DEFAULT_DUPLICATE_WINDOW } from './duplicate';
import { ALL, OTHER, type Provider } from './provider';

/**
 * The webhook of a trigger. Static values only: n8n would evaluate an expression here on every request.
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
 * The panel beside an open trigger: how to connect the provider and how to test are always visible, the rest on a
 * click. n8n shows static HTML only, and texts of its own while it listens.
 */
export function triggerPanel(provider: Provider): TriggerPanelDefinition {
	const { displayName, connect, connectDetails } = provider;
	const connecting = `<b>Connect:</b> ${connect}`;
	const test = `<b>Test:</b> ${testSteps(provider)} The test takes one event, and says what is wrong if the live URL would not accept it.`;
	const live = `<b>Live:</b> every selected event that ${displayName} sends with the right token starts the workflow and appears under <a data-key="executions">Executions</a>. Events with a wrong token and events that are not selected start no execution.`;
	const details = connectDetails ? [connectDetails] : [];
	return {
		activationHint: {
			inactive: [connecting, test].join('<br><br>'),
			active: [live, test].join('<br><br>'),
		},
		executionsHelp: {
			inactive: [...details, live].join('<br><br>'),
			active: [connecting, ...details].join('<br><br>'),
		},
	};
}

function testSteps(provider: Provider): string {
	const { displayName, registersItself } = provider;
	const sending = `have ${displayName} send an event`;
	return registersItself
		? `click the button above, then ${sending}. With automatic registration, n8n registers the test URL while it listens. With manual registration, first copy it under Webhook URLs and enter it in the ${displayName} panel.`
		: `copy the test URL under Webhook URLs, click the button above, then ${sending} there, with the token in ${tokenPlaces(provider)}.`;
}

/** What the canvas shows at a trigger while it listens: static text. The panel of the open node has texts of n8n's own. */
export function listeningDescription(provider: Provider): string {
	const { displayName, registersItself } = provider;
	const sending = registersItself
		? `Make ${displayName} send an event: with automatic registration it knows the test URL, with manual registration enter it in the ${displayName} panel.`
		: `Make ${displayName} send an event to the test URL, with the token in ${tokenPlaces(provider)}.`;
	return `${sending} The test ends with the first event.`;
}

/** Where the token belongs, by the default names: a credential may set others. */
const tokenPlaces = ({ token }: Provider): string =>
	token.places
		.map(({ in: where, name, bearer }) => {
			const place = typeof name === 'string' ? name : name.default;
			const word = bearer === 'required' ? ', after the word Bearer' : '';
			return `the ${where === 'query' ? 'query parameter' : 'header'} ${place}${word}`;
		})
		.join(' or ');

/** The text under a trigger's name on the canvas: the selected event, or the number of selected events. */
export const triggerSubtitle = `={{ ((events, customEvents) => {
	const typed = String(customEvents ?? '').split(',').map((code) => code.trim()).filter(Boolean);
	if (events.includes('*')) return 'All events';
	if (events.length === 0) return typed.join(', ') || 'No events';
	const count = events.length + typed.length;
	return count > 1 ? count + ' events' : events[0];
})($parameter.events, $parameter.customEvents) }}`;

/**
 * The parameters of a trigger that n8n or the user may register.
 *
 * @param manualSteps the steps in the provider's panel, as HTML
 */
export const registrationProperties = (
	{ displayName, credentialDisplayName }: Api,
	manualSteps: string,
): INodeProperties[] => [
	{
		displayName: 'Registration',
		name: 'registration',
		type: 'options',
		noDataExpression: true,
		default: 'automatic',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description: `Through the API when the workflow is published; needs the ${credentialDisplayName} credential`,
			},
			{
				name: 'Manual',
				value: 'manual',
				description: `You enter the URL of this node and the token in the ${displayName} panel`,
			},
		],
		description: `How the URL of this node is registered with ${displayName}`,
	},
	{
		displayName: manualSteps,
		name: 'manualNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['manual'] } },
	},
];

/** The parameters of a webhook trigger, in the order in which a user decides on them. */
export function triggerProperties(provider: Provider): INodeProperties[] {
	return [...selectionProperties(provider), optionCollection(webhookOptions(provider))];
}

/** The parameters that select events and define the output. */
export function selectionProperties(provider: Provider): INodeProperties[] {
	return [
		{
			displayName: 'Trigger On',
			name: 'events',
			type: 'multiOptions',
			// Custom events can stand alone.
			...(provider.hasCustomEvents ? {} : { required: true }),
			default: [ALL],
			options: eventOptions(provider),
			description:
				'The events that start the workflow. All other events are acknowledged and ignored.',
		},
		...(provider.hasCustomEvents ? [customEvents(provider)] : []),
		{
			displayName: 'Outputs',
			name: 'outputMode',
			type: 'options',
			default: 'single',
			options: [
				{
					name: 'One Output per Event',
					value: 'perEvent',
					description: 'Each selected event has its own output',
				},
				{ name: 'Single', value: 'single', description: 'All events use the same output' },
			],
			description: 'Whether all events share one output or each event has its own',
		},
		{
			displayName:
				'Outputs follow the order in which you selected the events. Removing an event shifts all outputs after it, and their connections.',
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
		{ name: 'All Events', value: ALL, description: 'Every event, including undocumented ones' },
		...documented.sort((a, b) => a.name.localeCompare(b.name)),
		...options.filter(({ value }) => value === OTHER),
	];
}

const customEvents = ({ customEventsExample }: Provider): INodeProperties => ({
	displayName: 'Custom Events',
	name: 'customEvents',
	type: 'string',
	default: '',
	...(customEventsExample === undefined ? {} : { placeholder: `e.g. ${customEventsExample}` }),
	description:
		'More events, comma-separated, as the provider names them. A pattern ending in * matches every event with that prefix. If you enter any, Trigger On may be empty.',
});

function filterCollection({ filters }: Provider): INodeProperties[] {
	if (filters.length === 0) return [];
	return [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: filters
				.flatMap(({ properties }) => properties)
				.sort((a, b) => a.displayName.localeCompare(b.displayName)),
			description:
				'Only deliveries that match every filter start the workflow. Deliveries without the filtered field always pass.',
		},
	];
}

function webhookOptions({
	ignoresDuplicatesByDefault,
	duplicateWindow = DEFAULT_DUPLICATE_WINDOW,
	defaultTimezone,
}: Provider): INodeProperties[] {
	return [
		{
			displayName: 'Duplicate Window (Seconds)',
			name: 'duplicateWindow',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: duplicateWindow,
			description:
				'How long, in seconds, to remember deliveries for duplicate detection. A delivery that someone resends manually within that time counts as a duplicate too.',
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
				"Addresses and CIDR blocks that may send events, comma-separated. Leave empty to allow all. Behind a proxy, set N8N_PROXY_HOPS in n8n so that the address of the real sender is checked: allowlisting the proxy's own address lets everyone in.",
		},
		label,
		...(defaultTimezone === undefined ? [] : [timezone(defaultTimezone)]),
	];
}

/** The option that adds the original payload to the clean item. */
export const includePayload: INodeProperties = {
	displayName: 'Include Payload',
	name: 'includePayload',
	type: 'boolean',
	default: false,
	description: 'Whether to add the original payload, without secrets, under payload',
};

/** The option for a text of the user's that tells triggers apart. */
export const label: INodeProperties = {
	displayName: 'Label',
	name: 'label',
	type: 'string',
	default: '',
	placeholder: 'e.g. Main Store',
	description:
		'A text of your own, such as the name of the shop. It comes out as the label under delivery, so that several triggers can share one branch.',
};

const ignoreDuplicates: INodeProperties = {
	displayName: 'Ignore Duplicates',
	name: 'ignoreDuplicates',
	type: 'boolean',
	default: false,
	description:
		'Whether to ignore repeated deliveries, including those resent manually within the duplicate window. Each n8n process remembers only its own deliveries.',
};

const ABOUT_DUPLICATES =
	'To remember deliveries longer and across restarts, insert the ID under delivery into a database table with a unique key, and continue only if the insert succeeds.';
const ABOUT_LOSSES =
	'This provider can send two different events as identical deliveries: with this option on, the second one is lost.';

const timezone = (defaultTimezone: string): INodeProperties => ({
	displayName: 'Timezone',
	name: 'timezone',
	type: 'string',
	default: defaultTimezone,
	placeholder: `e.g. ${defaultTimezone}`,
	description: 'The IANA time zone of dates, which the provider sends without an offset',
});
