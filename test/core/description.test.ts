import type { INodeProperties } from 'n8n-workflow';
import { triggerPanel, triggerProperties, webhookDescription } from '../../nodes/core/description';
import { shop } from '../../testkit/fakes/fakeProvider';

const namesOf = (properties: INodeProperties[]) => properties.map(({ name }) => name);

function optionsOf(properties: INodeProperties[], name: string) {
	return properties.find((property) => property.name === name)?.options ?? [];
}

describe('the parameters of a trigger', () => {
	const properties = triggerProperties(shop);

	it('come in the order in which a person decides', () => {
		expect(namesOf(properties)).toEqual([
			'events',
			'customEvents',
			'outputMode',
			'outputsNotice',
			'simplify',
			'filters',
			'options',
		]);
	});

	it('require an event, except where custom events can stand alone', () => {
		const [events] = properties;
		expect(events).toMatchObject({ name: 'events', required: false });
		const [required] = triggerProperties({ ...shop, hasCustomEvents: false });
		expect(required).toMatchObject({ name: 'events', required: true });
	});

	it('leave out what a provider does not have', () => {
		const plain = { ...shop, hasCustomEvents: false, filters: [] };
		expect(namesOf(triggerProperties(plain))).toEqual([
			'events',
			'outputMode',
			'outputsNotice',
			'simplify',
			'options',
		]);
	});

	it('begin the events with all of them and end with the undocumented ones', () => {
		expect(optionsOf(properties, 'events')).toEqual([
			expect.objectContaining({ name: 'All Events', value: '*' }),
			expect.objectContaining({ name: 'New Sale', value: 'SALE.NEW' }),
			expect.objectContaining({ name: 'Refund', value: 'REFUND' }),
			expect.objectContaining({ name: 'Sale Events', value: 'SALE.*' }),
			expect.objectContaining({ name: 'Other Events', value: 'other' }),
		]);
	});

	it('describe every event in one line', () => {
		for (const option of optionsOf(properties, 'events')) {
			expect(option).toMatchObject({ description: expect.stringMatching(/^\S.{5,100}[^.\s]$/) });
		}
	});

	it('have a time zone only where the provider sends dates without one', () => {
		const zoned = { ...shop, defaultTimezone: 'America/Sao_Paulo' };
		expect(optionsOf(properties, 'options')).not.toContainEqual(
			expect.objectContaining({ name: 'timezone' }),
		);
		expect(optionsOf(triggerProperties(zoned), 'options')).toContainEqual(
			expect.objectContaining({ name: 'timezone', default: 'America/Sao_Paulo' }),
		);
	});

	it.each([
		[true, /database table/],
		[false, /the second one is lost/],
	])(
		'ignore duplicates by default (%s), and advise a table for longer, only where equal deliveries are one',
		(ignoresDuplicatesByDefault, advice) => {
			const all = optionsOf(triggerProperties({ ...shop, ignoresDuplicatesByDefault }), 'options');
			expect(all).toContainEqual(
				expect.objectContaining({
					name: 'ignoreDuplicates',
					default: ignoresDuplicatesByDefault,
					description: expect.stringMatching(advice),
				}),
			);
			const texts = JSON.stringify(all);
			expect(texts).not.toContain('Remove Duplicates');
			expect(texts.includes('table')).toBe(ignoresDuplicatesByDefault);
		},
	);

	it.each([
		['ipAllowlist', /N8N_PROXY_HOPS/],
		['ignoreDuplicates', /resent manually.*n8n process/],
		['duplicateWindow', /resends manually/],
	])('say of %s what a user would otherwise learn too late', (name, warning) => {
		expect(optionsOf(properties, 'options')).toContainEqual(
			expect.objectContaining({ name, description: expect.stringMatching(warning) }),
		);
	});

	it('warn that removing an event moves the wires, where there is an output per event', () => {
		const notice = properties.find(({ name }) => name === 'outputsNotice');
		expect(notice?.displayName).toMatch(/Removing an event shifts/);
		expect(notice?.displayOptions).toEqual({ show: { outputMode: ['perEvent'] } });
	});
});

it('the webhook has no expression, which n8n would evaluate on every request', () => {
	expect(webhookDescription).toEqual({
		name: 'default',
		httpMethod: 'POST',
		path: 'webhook',
		responseMode: 'onReceived',
		responseData: '',
	});
});

it('the panel of a trigger says how to connect the provider, and why a test may show nothing', () => {
	expect(triggerPanel({ ...shop, connectDetails: 'More.' })).toMatchObject({
		activationHint: {
			inactive: expect.stringMatching(/^<b>Connect:<\/b> In Shop, enter the URL/),
			active: expect.stringMatching(/wrong token.*no execution/),
		},
		executionsHelp: {
			inactive: expect.stringMatching(/^More\..*test URL.*wrong token.*not selected/),
			active: expect.stringMatching(/In Shop, enter the URL.*More\..*wrong token.*not selected/),
		},
	});
});

it.each([
	[undefined, /copy the test URL/],
	[
		true,
		/click the button above.*With automatic registration, n8n registers the test URL.*With manual registration, first copy it/,
	],
])(
	'the panel of a trigger that registers itself (%s) says who gives the test URL away',
	(registersItself, says) => {
		expect(triggerPanel({ ...shop, registersItself })).toMatchObject({
			executionsHelp: {
				inactive: expect.stringMatching(says),
				active: expect.stringMatching(says),
			},
		});
	},
);
