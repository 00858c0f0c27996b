import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

/** Runs an operation for one input item. Resolves with the json of the output item or items. */
export type Operation = (
	context: IExecuteFunctions,
	itemIndex: number,
) => Promise<IDataObject | IDataObject[]>;

/** One operation of an action node. */
export interface ActionOperation {
	value: string;
	name: string;
	/** Its entry in the editor's list of actions. */
	action: string;
	description: string;
	/** Its fields. `actionProperties` shows them under this operation only. */
	properties: INodeProperties[];
	/** Whether it returns a list, so that it has Return All and Limit. */
	returnsMany?: true;
	/** Whether it has Simplify. */
	simplifies?: true;
	execute: Operation;
}

/** One resource of an action node. */
export interface ActionResource {
	value: string;
	name: string;
	/** Sorted by name, as the editor shows them. */
	operations: [ActionOperation, ...ActionOperation[]];
	/** The default operation; the first one unless given. */
	defaultOperation?: ActionOperation;
}

/** Operations by the values of `resource` and `operation`. */
export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export const toOperations = (resources: readonly ActionResource[]): Operations =>
	Object.fromEntries(
		resources.map(({ value, operations }) => [
			value,
			Object.fromEntries(operations.map((operation) => [operation.value, operation.execute])),
		]),
	);

/**
 * Runs the chosen operation for each input item, one after the other, and pairs each output item with its input.
 *
 * With Continue on Fail a failing item becomes `{error}`. Without it, the first error is thrown.
 */
export async function runOperations(
	context: IExecuteFunctions,
	operations: Operations,
): Promise<INodeExecutionData[][]> {
	const results: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		const pairedItem = { item: itemIndex };
		try {
			const resource = String(context.getNodeParameter('resource', itemIndex));
			const name = String(context.getNodeParameter('operation', itemIndex));
			const operation = operations[resource]?.[name];
			if (!operation) {
				throw new Error(
					`The node has no operation "${name}" of "${resource}". Choose one from the list.`,
				);
			}
			const output = await operation(context, itemIndex);
			results.push(...[output].flat().map((json) => ({ json, pairedItem })));
		} catch (error) {
			const failure = toNodeError(context, itemIndex, error);
			if (!context.continueOnFail()) throw failure;
			const message = [failure.message, failure.description].filter(Boolean).join('. ');
			results.push({ json: { error: message }, error: failure, pairedItem });
		}
	}
	return [results];
}

function toNodeError(context: IExecuteFunctions, itemIndex: number, error: unknown) {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex = itemIndex;
		return error;
	}
	return new NodeOperationError(context.getNode(), error instanceof Error ? error : String(error), {
		itemIndex,
	});
}
