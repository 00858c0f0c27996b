import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { runOperations, type Operations } from '../../nodes/core/action';
import {
	applyLimit,
	parseJsonObject,
	readList,
	readObject,
	readParameters,
	readRequiredText,
} from '../../nodes/core/parameters';
import type { Json } from '../../nodes/core/json';
import { fakeExecute } from '../../testkit/fakes/fakeExecute.mts';

const operations: Operations = {
	sale: {
		get: async (context, itemIndex) => ({ id: String(context.getNodeParameter('id', itemIndex)) }),
		getAll: async () => [{ id: '1' }, { id: '2' }],
		nothing: async () => [],
		fail: async () => {
			throw new Error('The sale is gone. Choose another.');
		},
		failAtApi: async (context) => {
			const problem = { message: 'Shop answered 404', description: 'Correct the fields.' };
			throw new NodeApiError(context.getNode(), { message: problem.message }, problem);
		},
	},
};

/** Runs these operations, one for each input item. */
async function run(names: string[], continueOnFail = false) {
	const items = names.map((operation, index) => ({ resource: 'sale', operation, id: index }));
	return await runOperations(fakeExecute({ items, continueOnFail }).context, operations);
}

it("returns every operation's items in order, paired with their input items", async () => {
	expect(await run(['get', 'nothing', 'getAll', 'get'])).toEqual([
		[
			{ json: { id: '0' }, pairedItem: { item: 0 } },
			{ json: { id: '1' }, pairedItem: { item: 2 } },
			{ json: { id: '2' }, pairedItem: { item: 2 } },
			{ json: { id: '3' }, pairedItem: { item: 3 } },
		],
	]);
	expect(await run([])).toEqual([[]]);
});

it.each([
	['fail', NodeOperationError, 'The sale is gone. Choose another.'],
	['failAtApi', NodeApiError, 'Shop answered 404'],
	[
		'burn',
		NodeOperationError,
		'The node has no operation "burn" of "sale". Choose one from the list.',
	],
])('throws the error of %s with the index of its item', async (name, type, message) => {
	const error: unknown = await run(['get', name, 'get']).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(type);
	expect(error).toMatchObject({ message, context: { itemIndex: 1 } });
});

it('does not know another resource', async () => {
	const { context } = fakeExecute({ items: [{ resource: 'moon', operation: 'get' }] });
	await expect(runOperations(context, operations)).rejects.toThrow(/no operation "get" of "moon"/);
});

it('makes items of errors with Continue on Fail', async () => {
	expect(await run(['failAtApi', 'fail', 'get'], true)).toEqual([
		[
			{
				json: { error: 'Shop answered 404. Correct the fields.' },
				error: expect.any(NodeApiError),
				pairedItem: { item: 0 },
			},
			{
				json: { error: 'The sale is gone. Choose another.' },
				error: expect.any(NodeOperationError),
				pairedItem: { item: 1 },
			},
			{ json: { id: '2' }, pairedItem: { item: 2 } },
		],
	]);
});

describe('parameters', () => {
	const { context } = fakeExecute({
		items: [{ id: ' 7 ', number: 0, blank: '  ', none: null, fields: { a: 1 }, list: [1] }],
	});

	it('reads required texts', () => {
		expect(readRequiredText(context, 'id', 0, 'Sale ID')).toBe('7');
		expect(readRequiredText(context, 'number', 0, 'Sale ID')).toBe('0');
		for (const name of ['blank', 'none', 'absent']) {
			expect(() => readRequiredText(context, name, 0, 'Sale ID')).toThrow(
				'Sale ID is empty. Enter one.',
			);
		}
	});

	it('reads collections', () => {
		const parameters = readParameters(context, 0, ['fields', 'list', 'absent']);
		expect(readObject(parameters, 'fields')).toEqual({ a: 1 });
		expect(readObject(parameters, 'list')).toEqual({});
		expect(readObject(parameters, 'absent')).toEqual({});
		expect(readList({ item: [1, 2] }, 'item')).toEqual([1, 2]);
		expect(readList({ item: { a: 1 } }, 'item')).toEqual([{ a: 1 }]);
		expect(readList({}, 'item')).toEqual([]);
	});

	it.each<[Json | undefined, object | undefined]>([
		[undefined, {}],
		[null, {}],
		['', {}],
		['{"a": {"b": [1]}}', { a: { b: [1] } }],
		[{ a: 1 }, { a: 1 }],
		['{', undefined],
		['[]', undefined],
		[[1], undefined],
		[7, undefined],
	])('reads %j as JSON fields: %j', (value, expected) => {
		const read = () => parseJsonObject(value, 'Extra Fields');
		if (expected) expect(read()).toEqual(expected);
		else expect(read).toThrow(/^Extra Fields must be a valid JSON object, as in /);
	});

	const list = Array.from({ length: 60 }, (_, index) => index);
	it.each<[Record<string, unknown>, number | undefined]>([
		[{ returnAll: true, limit: 2 }, 60],
		[{ returnAll: false, limit: '2' }, 2],
		[{ limit: 1 }, 1],
		[{ limit: 100 }, 60],
		[{}, 50],
		...[0, 1.5, 'ten', ''].map((limit): [{ limit: unknown }, undefined] => [{ limit }, undefined]),
	])('with %j returns %p entries', (parameters, count) => {
		const { context: limited } = fakeExecute({ items: [parameters] });
		const read = () => applyLimit(limited, 0, list);
		if (count !== undefined) expect(read()).toEqual(list.slice(0, count));
		else expect(read).toThrow('Limit must be an integer of at least 1.');
	});
});
