import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { runOperations, type Operations } from '../../nodes/core/action';
import {
	readList,
	requireText,
	parseJsonObject,
	applyLimit,
	readObject,
	readParameters,
	readRequiredText,
} from '../../nodes/core/parameters';
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
const doing = (operation: string, more: Record<string, unknown> = {}) => ({
	resource: 'sale',
	operation,
	...more,
});

describe('a run', () => {
	it('gives the items of every operation in order, each with the item it comes from', async () => {
		const items = [
			doing('get', { id: 'a' }),
			doing('nothing'),
			doing('getAll'),
			doing('get', { id: 'b' }),
		];
		expect(await runOperations(fakeExecute({ items }).context, operations)).toEqual([
			[
				{ json: { id: 'a' }, pairedItem: { item: 0 } },
				{ json: { id: '1' }, pairedItem: { item: 2 } },
				{ json: { id: '2' }, pairedItem: { item: 2 } },
				{ json: { id: 'b' }, pairedItem: { item: 3 } },
			],
		]);
	});

	it('gives no item where there is none to start from', async () => {
		expect(await runOperations(fakeExecute({ items: [] }).context, operations)).toEqual([[]]);
	});

	it('ends with the first error, which names its item', async () => {
		const items = [doing('get', { id: 'a' }), doing('fail'), doing('get', { id: 'b' })];
		const error: unknown = await runOperations(fakeExecute({ items }).context, operations).catch(
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: 'The sale is gone. Choose another.',
			context: { itemIndex: 1 },
		});
	});

	it('keeps an error of the API as it is', async () => {
		const items = [doing('get', { id: 'a' }), doing('failAtApi')];
		const error: unknown = await runOperations(fakeExecute({ items }).context, operations).catch(
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ message: 'Shop answered 404', context: { itemIndex: 1 } });
	});

	it('goes on after an error where the user chose so', async () => {
		const items = [doing('failAtApi'), doing('fail'), doing('get', { id: 'b' })];
		const { context } = fakeExecute({ items, continueOnFail: true });
		expect(await runOperations(context, operations)).toEqual([
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
				{ json: { id: 'b' }, pairedItem: { item: 2 } },
			],
		]);
	});

	it.each([
		[doing('burn'), 'The node has no operation "burn" of "sale". Choose one from the list.'],
		[{ resource: 'moon', operation: 'get' }, 'The node has no operation "get" of "moon".'],
	])('does not know %j', async (item, message) => {
		await expect(runOperations(fakeExecute({ items: [item] }).context, operations)).rejects.toThrow(
			message,
		);
	});
});

describe('a parameter', () => {
	const { context } = fakeExecute({
		items: [{ id: ' 7 ', number: 7, blank: '  ', none: null, fields: { a: 1 }, list: [1] }],
	});

	it('that is a text is trimmed, and asked for where it is empty', () => {
		expect(readRequiredText(context, 'id', 0, 'Sale ID')).toBe('7');
		expect(readRequiredText(context, 'number', 0, 'Sale ID')).toBe('7');
		for (const name of ['blank', 'none', 'absent']) {
			expect(() => readRequiredText(context, name, 0, 'Sale ID')).toThrow(
				'Sale ID is empty. Enter one.',
			);
		}
		expect(requireText(0, 'Sale ID')).toBe('0');
		expect(() => requireText(undefined, 'Sale ID')).toThrow('Sale ID is empty. Enter one.');
	});

	it('that is an object is read as one', () => {
		const parameters = readParameters(context, 0, ['fields', 'list', 'absent']);
		expect(readObject(parameters, 'fields')).toEqual({ a: 1 });
		expect(readObject(parameters, 'list')).toEqual({});
		expect(readObject(parameters, 'absent')).toEqual({});
		expect(readList({ item: [1, 2] }, 'item')).toEqual([1, 2]);
		expect(readList({ item: { a: 1 } }, 'item')).toEqual([{ a: 1 }]);
		expect(readList({}, 'item')).toEqual([]);
	});
});

describe('fields as JSON', () => {
	it.each([
		[undefined, {}],
		[null, {}],
		['', {}],
		['{}', {}],
		['{"a": {"b": [1]}}', { a: { b: [1] } }],
		[{ a: 1 }, { a: 1 }],
	])('%j are %j', (value, expected) => {
		expect(parseJsonObject(value, 'Extra Fields')).toEqual(expected);
	});

	it.each(['{', '[]', '7', 'null', [[1]], 7, true])('%j are none', (value) => {
		expect(() => parseJsonObject(value, 'Extra Fields')).toThrow(
			/^Extra Fields must be a valid JSON object, as in /,
		);
	});
});

describe('a list', () => {
	const list = Array.from({ length: 60 }, (_, index) => index);

	it.each([
		[{ returnAll: true, limit: 2 }, 60],
		[{ returnAll: false, limit: 2 }, 2],
		[{ limit: 100 }, 60],
		[{}, 50],
	])('with %j has %i entries', (parameters, count) => {
		const { context } = fakeExecute({ items: [parameters] });
		expect(applyLimit(context, 0, list)).toEqual(list.slice(0, count));
	});

	it.each([0, -1, 1.5, 'ten', ''])('is refused with the limit %p', (limit) => {
		const { context } = fakeExecute({ items: [{ limit }] });
		expect(() => applyLimit(context, 0, list)).toThrow('Limit must be an integer of at least 1.');
	});
});
