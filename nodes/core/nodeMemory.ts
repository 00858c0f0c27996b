interface MemoryContext {
	getNode(): { id: string };
	getWorkflowStaticData(type: string): Record<string, unknown>;
}

/**
 * A value in the workflow's static data, stored under the node's id: n8n's own data of a node is keyed by its name and
 * lost when the node is renamed.
 *
 * n8n saves only what is assigned with `set`: do not mutate a value from `get`.
 */
export class NodeMemory {
	constructor(
		private readonly context: MemoryContext,
		private readonly key: string,
	) {}

	/** The stored value. Moves, once, what an earlier version stored under the node's name. */
	get(): unknown {
		const { workflowData, nodeData, keyById, key } = this;
		const value = workflowData[keyById];
		if (value !== undefined || nodeData[key] === undefined) return value;
		workflowData[keyById] = nodeData[key];
		delete nodeData[key];
		return workflowData[keyById];
	}

	set(value: unknown): void {
		const { workflowData, nodeData, keyById, key } = this;
		workflowData[keyById] = value;
		delete nodeData[key];
	}

	private get keyById(): string {
		return `${this.key}:${this.context.getNode().id}`;
	}

	private get workflowData(): Record<string, unknown> {
		return this.context.getWorkflowStaticData('global');
	}

	private get nodeData(): Record<string, unknown> {
		return this.context.getWorkflowStaticData('node');
	}
}
