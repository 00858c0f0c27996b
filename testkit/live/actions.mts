import { randomUUID } from 'node:crypto';
import type { Execution, Item, N8nApi } from '../n8n/api.mts';
import type { JsonObject } from '../providers/senders.mts';

export interface NodeRun {
	type: string;
	credentials: Record<string, { id: string; name: string }>;
	/** Expressions may use the input items. */
	parameters: JsonObject;
	/** The input items; one empty item unless given. */
	items?: JsonObject[];
	/** As "On Error: Continue" in the node's settings. */
	continueOnFail?: boolean;
}

export interface NodeResult {
	execution: Execution;
	/** What the node put out, whole. */
	output: Item[];
	/** The items' json. */
	items: Array<Record<string, unknown>>;
	/** The message and description of the error that ended the run, or an empty text. */
	error: string;
}

const START = 'Start';
const NODE = 'Node';

/** Runs an action node in a workflow of its own, after a manual trigger that gives it the items. */
export async function runNode(n8n: N8nApi, run: NodeRun): Promise<NodeResult> {
	const { type, credentials, parameters, items = [{}], continueOnFail = false } = run;
	const workflow = await n8n.createWorkflow({
		name: `Action ${randomUUID()}`,
		nodes: [
			{ name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
			{
				name: NODE,
				type,
				typeVersion: 1,
				parameters,
				credentials,
				...(continueOnFail && { onError: 'continueRegularOutput' }),
			},
		],
		connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		pinData: { [START]: items.map((json) => ({ json })) },
	});
	const execution = await n8n.run(workflow.id, START);
	const { runData, error } = execution.data.resultData;
	const output = (runData[NODE]?.[0]?.data?.main ?? []).flatMap((list) => list ?? []);
	return {
		execution,
		output,
		items: output.map(({ json }) => json),
		error: error ? `${String(error.message)}. ${String(error.description ?? '')}` : '',
	};
}

/** What an operation put out. Fails when the run failed. */
export async function itemsOf(n8n: N8nApi, run: NodeRun) {
	const { items, error } = await runNode(n8n, run);
	expect(error).toBe('');
	return items;
}
