import {
	listeningDescription,
	triggerPanel,
	triggerProperties,
} from '../../nodes/core/description';
import type { Provider } from '../../nodes/core/provider';
import { readSettings } from '../../nodes/core/settings';
import { fakeContext } from '../../testkit/fakes/fakeContext.mts';
import { shop } from '../../testkit/fakes/fakeProvider';

// Names and defaults, and that the webhook has no expression, are in test/package/contract.json.

const optionsOf = (name: string, provider = shop) =>
	triggerProperties(provider).find((property) => property.name === name)?.options ?? [];

describe('the parameters of a trigger', () => {
	it.each<[Partial<Provider>, string]>([
		[{}, 'events customEvents outputMode outputsNotice simplify filters options'],
		// Without custom events an event is required.
		[{ hasCustomEvents: false, filters: [] }, 'events! outputMode outputsNotice simplify options'],
	])('of a provider with %j are %s', (more, names) => {
		const properties = triggerProperties({ ...shop, ...more });
		expect(properties.map(({ name, required }) => (required ? `${name}!` : name)).join(' ')).toBe(
			names,
		);
	});

	it('list all events first, and undocumented ones last, each with a description', () => {
		const option = (name: string, value: string) => ({
			name,
			value,
			description: expect.stringMatching(/^\S.{5,100}[^.\s]$/),
		});
		expect(optionsOf('events')).toEqual([
			option('All Events', '*'),
			option('New Sale', 'SALE.NEW'),
			option('Refund', 'REFUND'),
			option('Sale Events', 'SALE.*'),
			option('Other Events', 'other'),
		]);
	});

	it.each<[Partial<Provider>, string, unknown, RegExp]>([
		[{}, 'duplicateWindow', 600, /resends manually/],
		[{ duplicateWindow: 3600 }, 'duplicateWindow', 3600, /resends manually/],
		[{}, 'ignoreDuplicates', true, /resent manually.*n8n process remembers.*database table/],
		[
			{ ignoresDuplicatesByDefault: false },
			'ignoreDuplicates',
			false,
			/resent manually.*n8n process remembers only its own deliveries\. This .*the second one is lost\.$/,
		],
		[{}, 'ipAllowlist', '', /N8N_PROXY_HOPS.*proxy's own address lets everyone in/],
		[{ defaultTimezone: 'America/Manaus' }, 'timezone', 'America/Manaus', /without an offset/],
	])('of a provider with %j have the option %s: %j', (more, name, value, says) => {
		const description = expect.stringMatching(says);
		expect(optionsOf('options', { ...shop, ...more })).toContainEqual(
			expect.objectContaining({ name, default: value, description }),
		);
	});

	it('have a time zone only where the provider sends dates without an offset', () => {
		const names = optionsOf('options').map(({ name }) => name);
		expect(names.join(' ')).toBe(
			'duplicateWindow ignoreDuplicates includePayload ipAllowlist label',
		);
	});

	it('warn that removing an event shifts the outputs, if there is one per event', () => {
		expect(triggerProperties(shop)).toContainEqual(
			expect.objectContaining({
				name: 'outputsNotice',
				displayName: expect.stringMatching(/Removing an event shifts/),
				displayOptions: { show: { outputMode: ['perEvent'] } },
			}),
		);
	});
});

it.each<[Partial<Provider>, object, boolean, number]>([
	[{}, {}, true, 600],
	[{ duplicateWindow: 3600 }, { ignoreDuplicates: false }, false, 3600],
	[{ ignoresDuplicatesByDefault: false }, { duplicateWindow: 60 }, false, 60],
	[
		{ ignoresDuplicatesByDefault: false },
		{ ignoreDuplicates: true, duplicateWindow: 'soon' },
		true,
		600,
	],
])(
	'a provider with %j and the options %j: duplicates are ignored: %s, for %i s',
	(more, options, ignoreDuplicates, seconds) => {
		const { context } = fakeContext({ parameters: { options } });
		expect(readSettings(context, { ...shop, ...more })).toMatchObject({
			ignoreDuplicates,
			duplicateWindowMs: seconds * 1000,
		});
	},
);

describe('the panel of a trigger', () => {
	it('explains how to connect the provider and how to test it', () => {
		expect(triggerPanel({ ...shop, connectDetails: 'More.' })).toEqual({
			activationHint: {
				inactive: expect.stringMatching(
					/^<b>Connect:.*enter the URL.*<b>Test:.*says what is wrong/,
				),
				active: expect.stringMatching(/^<b>Live:.*wrong token.*no execution.*<b>Test:/),
			},
			executionsHelp: {
				inactive: expect.stringMatching(/^More\.<br><br><b>Live:/),
				active: expect.stringMatching(/In Shop, enter.*<br><br>More\.$/),
			},
		});
	});

	it.each([
		[undefined, /<b>Test:<\/b> copy the test URL.*in the header X-Shop-Token\./],
		[true, /<b>Test:<\/b> click the button.*n8n registers the test URL.*copy it/],
	])('says who registers the test URL: n8n itself %s', (registersItself, says) => {
		const { activationHint } = triggerPanel({ ...shop, registersItself });
		expect(activationHint).toMatchObject({ inactive: expect.stringMatching(says) });
	});

	it.each<[Partial<Provider>, RegExp]>([
		[{}, /^Make Shop send an event to the test URL, with the token in the header X-Shop-Token\. /],
		[{ registersItself: true }, /^Make Shop send an event: with automatic registration it knows/],
		[
			{
				token: {
					places: [
						{ in: 'header', name: 'Authorization', bearer: 'required' },
						{ in: 'query', name: { field: 'name', default: 'token' }, bearer: 'never' },
					],
					field: 'token',
				},
			},
			/in the header Authorization, after the word Bearer or the query parameter token\./,
		],
	])('says, while it listens, what to send: %j', (more, says) => {
		expect(listeningDescription({ ...shop, ...more })).toMatch(says);
	});
});
