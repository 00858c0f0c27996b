import { Workflow, type IDataObject, type INode, type INodeTypes } from 'n8n-workflow';
import { NodeMemory } from '../../nodes/core/nodeMemory';

const nodeTypes: INodeTypes = {
	getByName: () => ({}) as never,
	getByNameAndVersion: () => ({}) as never,
	getKnownTypes: () => ({}),
};

/** n8n's static data as it was saved, and the memory of one node in it. */
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
	return {
		memory: new NodeMemory(
			{
				getNode: () => node,
				getWorkflowStaticData: (type) => workflow.getStaticData(type, node),
			},
			key,
		),
		/** Whether n8n would save the static data. */
		isChanged: () => workflow.staticData.__dataChanged === true,
		/** What n8n would save, without the empty object that n8n makes for a node when it is asked for it. */
		stored: () => {
			const { global }: IDataObject = JSON.parse(JSON.stringify(workflow.staticData));
			const byName = Object.entries(workflow.staticData).filter(
				([type, data]) => type !== 'global' && Object.keys(data ?? {}).length > 0,
			);
			return { global: global ?? {}, byName: Object.fromEntries(byName) };
		},
	};
}

it('keeps a value under the id of its node, also when the node is renamed', () => {
	const { memory, isChanged, stored } = memoryIn({});
	expect(memory.get()).toBeUndefined();
	expect(isChanged()).toBe(false);
	memory.set({ ids: ['1'] });
	expect(memory.get()).toEqual({ ids: ['1'] });
	expect(isChanged()).toBe(true);
	expect(stored()).toEqual({ global: { 'state:id-1': { ids: ['1'] } }, byName: {} });

	const { global } = stored();
	expect(memoryIn({ global }, { name: 'Renamed' }).memory.get()).toEqual({ ids: ['1'] });
	expect(memoryIn({ global }, { id: 'id-2' }).memory.get()).toBeUndefined();
	expect(memoryIn({ global }, { key: 'other' }).memory.get()).toBeUndefined();
});

it('takes over once what was stored under the name of the node', () => {
	const { memory, isChanged, stored } = memoryIn({ 'node:Trigger': { state: 'old', other: 1 } });
	expect(memory.get()).toBe('old');
	expect(isChanged()).toBe(true);
	const moved = { global: { 'state:id-1': 'old' }, byName: { 'node:Trigger': { other: 1 } } };
	expect(stored()).toEqual(moved);

	const again = memoryIn({ global: moved.global, ...moved.byName });
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
	expect(stored()).toEqual({ global: { 'state:id-1': 'newer' }, byName: {} });
});
