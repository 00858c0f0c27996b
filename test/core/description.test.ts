import {
	listeningDescription,
	triggerPanel,
	triggerProperties,
	webhookDescription,
} from '../../nodes/core/description';
import type { Provider } from '../../nodes/core/provider';
import { shop } from '../../testkit/fakes/fakeProvider';

const namesIn = (provider: Provider) => triggerProperties(provider).map(({ name }) => name);

function optionsOf(name: string, provider = shop) {
	return triggerProperties(provider).find((property) => property.name === name)?.options ?? [];
}

describe('the parameters of a trigger', () => {
	it('include only what the provider has', () => {
		const all = ['events', 'customEvents', 'outputMode', 'outputsNotice', 'simplify', 'filters'];
		expect(namesIn(shop)).toEqual([...all, 'options']);
		const plain = { ...shop, hasCustomEvents: false, filters: [] };
		expect(namesIn(plain)).toEqual(['events', ...all.slice(2, 5), 'options']);
	});

	it('require an event, unless custom events can stand alone', () => {
		for (const hasCustomEvents of [true, false]) {
			const [events] = triggerProperties({ ...shop, hasCustomEvents });
			expect(events?.required).toBe(hasCustomEvents ? undefined : true);
			expect(events?.default).toEqual(['*']);
		}
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

	it('have a time zone only if the provider sends dates without an offset', () => {
		const timezone = expect.objectContaining({ name: 'timezone', default: 'America/Sao_Paulo' });
		const zoned = { ...shop, defaultTimezone: 'America/Sao_Paulo' };
		expect(optionsOf('options', zoned)).toContainEqual(timezone);
		expect(optionsOf('options')).toHaveLength(optionsOf('options', zoned).length - 1);
	});

	it.each([
		[true, /database table/],
		[false, /the second one is lost/],
	])(
		'ignore duplicates by default (%s), and advise a table only if equal deliveries are one',
		(ignoresDuplicatesByDefault, advice) => {
			const options = optionsOf('options', { ...shop, ignoresDuplicatesByDefault });
			const description = expect.stringMatching(advice);
			expect(options).toContainEqual(
				expect.objectContaining({
					name: 'ignoreDuplicates',
					default: ignoresDuplicatesByDefault,
					description,
				}),
			);
			expect(JSON.stringify(options).includes('table')).toBe(ignoresDuplicatesByDefault);
		},
	);

	it.each([
		['ipAllowlist', /N8N_PROXY_HOPS.*proxy's own address lets everyone in/],
		['ignoreDuplicates', /resent manually.*n8n process/],
		['duplicateWindow', /resends manually/],
	])('warn in %s of what a user would otherwise learn too late', (name, warning) => {
		const description = expect.stringMatching(warning);
		expect(optionsOf('options')).toContainEqual(expect.objectContaining({ name, description }));
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

it('the webhook has no expression, which n8n would evaluate on every request', () => {
	expect(webhookDescription).toEqual({
		name: 'default',
		httpMethod: 'POST',
		path: 'webhook',
		responseMode: 'onReceived',
		responseData: '',
	});
});

describe('the panel of a trigger', () => {
	it('explains how to connect the provider and how to test it', () => {
		expect(triggerPanel({ ...shop, connectDetails: 'More.' })).toEqual({
			activationHint: {
				inactive: '<b>Connect:</b> In Shop, enter the URL of this node.',
				active: expect.stringMatching(/^<b>Live:.*wrong token.*no execution/),
			},
			executionsHelp: {
				inactive: expect.stringMatching(/^More\.<br><br>.*test URL.*says what is wrong/),
				active: expect.stringMatching(/In Shop, enter.*<br><br>More\..*says what is wrong/),
			},
		});
	});

	it.each([
		[undefined, /^<b>Test:<\/b> copy the test URL/],
		[true, /^<b>Test:<\/b> click the button.*n8n registers the test URL.*copy it/],
	])('says who registers the test URL: n8n itself %s', (registersItself, says) => {
		const { executionsHelp } = triggerPanel({ ...shop, registersItself });
		expect(executionsHelp).toMatchObject({ inactive: expect.stringMatching(says) });
	});

	it.each<[Partial<Provider>, RegExp]>([
		[
			{},
			/^Make Shop send one event to the test URL.* The token belongs in the header X-Shop-Token\. /,
		],
		[{ registersItself: true }, /^With automatic registration, Shop now knows the test URL/],
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
			/in the header Authorization, after the word Bearer or the query parameter token \(or the name in the credential\)/,
		],
	])('says, while it listens, what to send: %j', (more, says) => {
		expect(listeningDescription({ ...shop, ...more })).toMatch(says);
	});
});
