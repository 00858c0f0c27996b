interface MemoryContext {
	getNode(): { id: string };
	getWorkflowStaticData(type: string): Record<string, unknown>;
}

/**
 * What a node remembers in the workflow's static data, under its id: n8n's own place for a node is keyed by the node's
 * name, so it would be lost when the node is renamed.
 *
 * n8n notices only what is assigned: a value that was read must not be changed in place.
 */
export class NodeMemory {
	constructor(
		private readonly context: MemoryContext,
		private readonly key: string,
	) {}

	/** The remembered value. Takes over, once, what an earlier version stored under the node's name. */
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
		if (key in nodeData) delete nodeData[key];
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
