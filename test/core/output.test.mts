import fc from 'fast-check';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import type { INodeParameters, INodeType, INodeTypes } from 'n8n-workflow';
import {
	triggerProperties,
	triggerSubtitle,
	webhookDescription,
} from '../../nodes/core/description';
import { routeItem, chosenCodes, outputsExpression } from '../../nodes/core/output';
import { fakeNode, partly } from '../../testkit/fakes/fakeContext.mts';
import { shop } from '../../testkit/fakes/fakeProvider';
import { check } from '../../testkit/hostile/fuzz.mts';

const documented = shop.events.map(({ code }) => code);

describe('the outputs', () => {
	it.each<[unknown, unknown, string[]]>([
		[['REFUND', 'SALE.NEW'], '', ['REFUND', 'SALE.NEW']],
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

	it('keep the order chosen, then the documented rest, whatever is added after it', () => {
		const codes = ['A', 'B', 'C*', 'other'];
		check(
			fc.property(fc.shuffledSubarray(codes), fc.nat(4), (chosen, place) => {
				const rest = codes.filter((code) => !chosen.includes(code));
				expect(chosenCodes(chosen.toSpliced(place, 0, '*'), 'X', [...codes, 'LATER'])).toEqual([
					...chosen,
					...rest,
					'LATER',
					'X',
				]);
			}),
		);
	});

	it('are all empty except that of the event', () => {
		const item = { json: { a: 1 } };
		expect(routeItem(item, 1, 3)).toEqual([[], [item], []]);
		expect(routeItem(item, 0, 1)).toEqual([[item]]);
	});
});

describe('on the canvas, a trigger', () => {
	const expression = outputsExpression(shop.events);

	const trigger: INodeType = {
		description: {
			displayName: 'Shop Trigger',
			name: 'shopTrigger',
			group: ['trigger'],
			version: 1,
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
			nodes: [fakeNode({ parameters })],
			nodeTypes: partly<INodeTypes>({ getByNameAndVersion: () => trigger }),
		});
		const node = workflow.getNode('Shop');
		if (!node) throw new Error('The workflow has no trigger.');
		return { workflow, node };
	}

	/** The outputs as n8n computes them. */
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
	])('has with %j the subtitle %j', (parameters, subtitle) => {
		const { workflow, node } = saved(parameters);
		expect(workflow.expression.getSimpleParameterValue(node, triggerSubtitle, 'internal', {})).toBe(
			subtitle,
		);
	});

	it.each<[INodeParameters, string[]]>([
		[{ outputMode: 'perEvent' }, ['New', 'Sales', 'Refund', 'Other']],
		[{ outputMode: 'perEvent', events: ['REFUND', 'SALE.*'] }, ['Refund', 'Sales']],
		[{ outputMode: 'perEvent', events: ['REFUND'], customEvents: ' A.B' }, ['Refund', 'A.B']],
		[{ outputMode: 'perEvent', events: ['other'], customEvents: 'X,X' }, ['Other', 'X']],
		[{ outputMode: 'perEvent', events: [] }, []],
	])('has an output per chosen event under its label, for %j', (parameters, labels) => {
		expect(drawn(parameters)).toEqual(labels.map((displayName) => ({ type: 'main', displayName })));
	});

	it.each([{}, { outputMode: 'single', events: ['REFUND', 'SALE.*'] }])(
		'has one output without a name, for %j',
		(parameters) => expect(drawn(parameters)).toEqual([{ type: 'main' }]),
	);

	it('has an outputs expression that ends only at its end', () => {
		expect(expression).toMatch(/^=\{\{[^]*\}\}$/);
		expect(expression.slice(3, -2)).not.toContain('}}');
	});
});
