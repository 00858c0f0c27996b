import { randomUUID } from 'node:crypto';
import type { Execution, Item, N8nApi } from '../n8n/api.mts';
import type { JsonObject } from '../providers/senders.mts';

interface RunSettings {
	/** The input items, which expressions may use; one empty item unless given. */
	items?: JsonObject[];
	/** As "On Error: Continue" in the node's settings. */
	continueOnFail?: boolean;
}

interface RunResult {
	execution: Execution;
	/** What the node put out. */
	output: Item[];
	/** The message and description of the error that ended the run, or an empty text. */
	error: string;
}

const START = 'Start';
const NODE = 'Node';

/** Runs an action node with a credential. */
export class ActionNode {
	constructor(
		private readonly n8n: N8nApi,
		private readonly type: string,
		private readonly credentialType: string,
		private readonly credential: { id: string; name: string },
	) {}

	/** Runs the node in a workflow of its own, after a manual trigger that gives it the items. */
	async run(
		parameters: JsonObject,
		{ items = [{}], continueOnFail = false }: RunSettings = {},
	): Promise<RunResult> {
		const { id, name } = this.credential;
		const node = {
			name: NODE,
			type: `n8n-nodes-brazil-commerce.${this.type}`,
			typeVersion: 1,
			parameters,
			credentials: { [this.credentialType]: { id, name } },
			...(continueOnFail && { onError: 'continueRegularOutput' }),
		};
		const workflow = await this.n8n.createWorkflow({
			name: `Action ${randomUUID()}`,
			nodes: [{ name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 }, node],
			connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
			pinData: { [START]: items.map((json) => ({ json })) },
		});
		const execution = await this.n8n.run(workflow.id, START);
		const { runData, error } = execution.data.resultData;
		return {
			execution,
			output: (runData[NODE]?.[0]?.data?.main ?? []).flatMap((list) => list ?? []),
			error: error ? `${String(error.message)}. ${String(error.description ?? '')}` : '',
		};
	}

	/** What an operation puts out. Fails when the run fails. */
	async itemsOf(parameters: JsonObject): Promise<Array<Record<string, unknown>>> {
		const { output, error } = await this.run(parameters);
		expect(error).toBe('');
		return output.map(({ json }) => json);
	}

	/** The error that ends an operation. */
	async errorOf(parameters: JsonObject): Promise<string> {
		return (await this.run(parameters)).error;
	}
}
