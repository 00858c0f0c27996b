import { Workflow, type IDataObject, type INode, type INodeTypes } from 'n8n-workflow';
import { NodeMemory } from '../../nodes/core/nodeMemory';

const nodeTypes: INodeTypes = {
	getByName: () => ({}) as never,
	getByNameAndVersion: () => ({}) as never,
	getKnownTypes: () => ({}),
};

/** The memory of a node in a workflow's static data, as n8n saved it. */
function memoryIn(staticData: IDataObject, { id = 'id-1', name = 'Trigger', key = 'state' } = {}) {
	const node: INode = {
		id,
		name,
		type: 'test.trigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const saved: IDataObject = JSON.parse(JSON.stringify(staticData));
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: true,
		nodeTypes,
		staticData: saved,
	});
	const getWorkflowStaticData = (type: string) => workflow.getStaticData(type, node);
	return {
		memory: new NodeMemory({ getNode: () => node, getWorkflowStaticData }, key),
		/** Whether n8n would save the static data. */
		isChanged: () => workflow.staticData.__dataChanged === true,
		/** What n8n would save. */
		stored: (): IDataObject => JSON.parse(JSON.stringify(workflow.staticData)),
	};
}

it('keeps a value under the id of its node, also when the node is renamed', () => {
	const { memory, isChanged, stored } = memoryIn({});
	expect(memory.get()).toBeUndefined();
	expect(isChanged()).toBe(false);
	memory.set({ ids: ['1'] });
	expect(memory.get()).toEqual({ ids: ['1'] });
	expect(isChanged()).toBe(true);
	expect(stored()).toMatchObject({ global: { 'state:id-1': { ids: ['1'] } } });

	expect(memoryIn(stored(), { name: 'Renamed' }).memory.get()).toEqual({ ids: ['1'] });
	expect(memoryIn(stored(), { id: 'id-2' }).memory.get()).toBeUndefined();
	expect(memoryIn(stored(), { key: 'other' }).memory.get()).toBeUndefined();
});

it('takes over once what was stored under the name of the node', () => {
	const { memory, isChanged, stored } = memoryIn({ 'node:Trigger': { state: 'old', other: 1 } });
	expect(memory.get()).toBe('old');
	expect(isChanged()).toBe(true);
	expect(stored()).toEqual({ global: { 'state:id-1': 'old' }, 'node:Trigger': { other: 1 } });

	const again = memoryIn(stored());
	expect(again.memory.get()).toBe('old');
	expect(again.isChanged()).toBe(false);
});

it('prefers what is stored under the id, and drops the rest when it is set', () => {
	const { memory, stored } = memoryIn({
		global: { 'state:id-1': 'new' },
		'node:Trigger': { state: 'old' },
	});
	expect(memory.get()).toBe('new');
	memory.set('newer');
	expect(stored()).toEqual({ global: { 'state:id-1': 'newer' }, 'node:Trigger': {} });
});
