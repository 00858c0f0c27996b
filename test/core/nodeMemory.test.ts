import { Workflow, type IDataObject, type INodeTypes } from 'n8n-workflow';
import { NodeMemory } from '../../nodes/core/nodeMemory';
import { fakeNode, partly } from '../../testkit/fakes/fakeContext.mts';

const nodeTypes = partly<INodeTypes>({});

/** n8n's static data of a workflow, and the memory of one node in it. */
function memoryIn(saved: IDataObject, { id = 'id-1', name = 'Trigger', key = 'state' } = {}) {
	const node = fakeNode({ id, name });
	const staticData: IDataObject = JSON.parse(JSON.stringify(saved));
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: true,
		nodeTypes,
		staticData,
	});
	const context = {
		getNode: () => node,
		getWorkflowStaticData: (type: string) => workflow.getStaticData(type, node),
	};
	return {
		memory: new NodeMemory(context, key),
		/** Whether n8n would save the static data. */
		isChanged: () => workflow.staticData.__dataChanged === true,
		/** What n8n would save. */
		stored: (): IDataObject => JSON.parse(JSON.stringify(workflow.staticData)),
	};
}

it("keeps a value under its node's id, also when the node is renamed", () => {
	const { memory, isChanged, stored } = memoryIn({});
	expect(memory.get()).toBeUndefined();
	expect(isChanged()).toBe(false);
	memory.set({ ids: ['1'] });
	expect(memory.get()).toEqual({ ids: ['1'] });
	expect(isChanged()).toBe(true);
	const saved = stored();
	expect(saved).toEqual({ global: { 'state:id-1': { ids: ['1'] } }, 'node:Trigger': {} });

	expect(memoryIn(saved, { name: 'Renamed' }).memory.get()).toEqual({ ids: ['1'] });
	expect(memoryIn(saved, { id: 'id-2' }).memory.get()).toBeUndefined();
	expect(memoryIn(saved, { key: 'other' }).memory.get()).toBeUndefined();
});

it("moves once what was stored under the node's name", () => {
	const first = memoryIn({ 'node:Trigger': { state: 'old', other: 1 } });
	expect(first.memory.get()).toBe('old');
	expect(first.isChanged()).toBe(true);
	const moved = { global: { 'state:id-1': 'old' }, 'node:Trigger': { other: 1 } };
	expect(first.stored()).toEqual(moved);

	const again = memoryIn(moved);
	expect(again.memory.get()).toBe('old');
	expect(again.isChanged()).toBe(false);
});

it('prefers what is stored under the id, and drops the rest when it is set', () => {
	const both = { global: { 'state:id-1': 'new' }, 'node:Trigger': { state: 'old' } };
	const { memory, stored } = memoryIn(both);
	expect(memory.get()).toBe('new');
	memory.set('newer');
	expect(stored()).toEqual({ global: { 'state:id-1': 'newer' }, 'node:Trigger': {} });
});
