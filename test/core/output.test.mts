import { NodeHelpers, Workflow, type INodeParameters, type INodeType } from 'n8n-workflow';
import {
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../../nodes/core/description';
import { routeItem, chosenCodes, outputsExpression } from '../../nodes/core/output';
import { shop } from '../../testkit/fakes/fakeProvider';

const documented = shop.events.map(({ code }) => code);

describe('the outputs', () => {
	it.each<[unknown, unknown, string[]]>([
		[['REFUND', 'SALE.NEW'], '', ['REFUND', 'SALE.NEW']],
		[['*'], '', ['SALE.NEW', 'SALE.*', 'REFUND', 'other']],
		[['REFUND', '*'], '', ['REFUND', 'SALE.NEW', 'SALE.*', 'other']],
		[['*', 'other', 'REFUND'], '', ['other', 'REFUND', 'SALE.NEW', 'SALE.*']],
		[['REFUND', 'REFUND'], '', ['REFUND']],
		[['REFUND'], 'A.B, SALE.* ,,A.B', ['REFUND', 'A.B', 'SALE.*']],
		[['*'], 'A.B', ['SALE.NEW', 'SALE.*', 'REFUND', 'other', 'A.B']],
		['REFUND', undefined, ['REFUND']],
		[[], 'A.B', ['A.B']],
		[undefined, undefined, []],
		[['', null, 7, 'REFUND'], null, ['REFUND']],
	])('for %j and the typed %j are %j', (events, typed, codes) => {
		expect(chosenCodes(events, typed, documented)).toEqual(codes);
	});

	it('keep their places when the documentation names one more event', () => {
		const before = chosenCodes(['REFUND', '*'], '', documented);
		const after = chosenCodes(['REFUND', '*'], '', [...documented, 'LATER']);
		expect(after.slice(0, before.length)).toEqual(before);
	});

	it('are all empty but the one of the event', () => {
		const item = { json: { a: 1 } };
		expect(routeItem(item, 1, 3)).toEqual([[], [item], []]);
		expect(routeItem(item, 0, 1)).toEqual([[item]]);
	});
});

describe('what the canvas draws', () => {
	const expression = outputsExpression(shop.events);

	const trigger: INodeType = {
		description: {
			displayName: 'Shop Trigger',
			name: 'shopTrigger',
			group: ['trigger'],
			version: 2,
			description: '',
			defaults: { name: 'Shop Trigger' },
			inputs: [],
			outputs: expression,
			webhooks: [webhookDescription],
			properties: triggerProperties(shop),
		},
	};

	/** A saved node in n8n's own model of a workflow. */
	function saved(parameters: INodeParameters) {
		const workflow = new Workflow({
			active: false,
			connections: {},
			nodes: [
				{
					id: '1',
					name: 'Shop Trigger',
					type: 'test.shopTrigger',
					typeVersion: 2,
					position: [0, 0],
					parameters,
				},
			],
			nodeTypes: {
				getByName: () => trigger,
				getByNameAndVersion: () => trigger,
				getKnownTypes: () => ({}),
			},
		});
		const node = workflow.getNode('Shop Trigger');
		if (!node) throw new Error('The workflow has no trigger.');
		return { workflow, node };
	}

	/** The outputs as n8n itself works them out. */
	function drawn(parameters: INodeParameters) {
		const { workflow, node } = saved(parameters);
		return NodeHelpers.getNodeOutputs(workflow, node, trigger.description);
	}

	it.each([
		[{}, 'All events'],
		[{ events: ['REFUND', '*'] }, 'All events'],
		[{ events: ['REFUND'] }, 'REFUND'],
		[{ events: ['REFUND', 'SALE.*'] }, '2 events'],
		[{ events: ['REFUND'], customEvents: 'A.B, ,C.*' }, '3 events'],
		[{ events: [], customEvents: ' A.B' }, 'A.B'],
		[{ events: [], customEvents: 'A.B, C.*' }, 'A.B, C.*'],
		[{ events: [] }, 'No events'],
	])('has under %j the subtitle %j', (parameters, subtitle) => {
		const { workflow, node } = saved(parameters);
		expect(workflow.expression.getSimpleParameterValue(node, triggerSubtitle, 'internal', {})).toBe(
			subtitle,
		);
	});

	const labelled = (...labels: string[]) =>
		labels.map((displayName) => ({ type: 'main', displayName }));

	it('is one output without a name, unless told otherwise', () => {
		expect(drawn({})).toEqual([{ type: 'main' }]);
		expect(drawn({ outputMode: 'single', events: ['REFUND', 'SALE.*'] })).toEqual([
			{ type: 'main' },
		]);
	});

	it('is an output per event, in the order of selection, under its short label', () => {
		expect(drawn({ outputMode: 'perEvent', events: ['REFUND', 'SALE.*'] })).toEqual(
			labelled('Refund', 'Sales'),
		);
	});

	it('is an output for every documented event, then Other, when all are selected', () => {
		expect(drawn({ outputMode: 'perEvent' })).toEqual(labelled('New', 'Sales', 'Refund', 'Other'));
	});

	it('names an event that the user typed as it was typed', () => {
		const parameters = { outputMode: 'perEvent', events: ['REFUND'], customEvents: 'A.B' };
		expect(drawn(parameters)).toEqual(labelled('Refund', 'A.B'));
	});

	it.each([
		[['*'], ''],
		[['REFUND', '*'], 'A.B'],
		[[], ''],
		[['other'], 'SALE.NEW, SALE.NEW'],
	])('has as many outputs as the node uses, for %j and %j', (events, customEvents) => {
		expect(drawn({ outputMode: 'perEvent', events, customEvents })).toHaveLength(
			chosenCodes(events, customEvents, documented).length,
		);
	});

	it('holds nothing that would end the expression before its end', () => {
		expect(expression).toMatch(/^=\{\{[^]*\}\}$/);
		expect(expression.slice(3, -2)).not.toContain('}}');
	});
});
