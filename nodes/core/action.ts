import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

/** What an operation does with one input item: resolves with the items' json. */
export type Operation = (
	context: IExecuteFunctions,
	itemIndex: number,
) => Promise<IDataObject | IDataObject[]>;

/** One operation of an action node: its fields, and what it does. */
export interface ActionOperation {
	value: string;
	name: string;
	/** What the editor lists under Actions. */
	action: string;
	description: string;
	/** Its own fields, without the resource and the operation under which they are shown. */
	properties: INodeProperties[];
	/** Whether it returns a list, of which the user may want only the first entries. */
	returnsMany?: true;
	/** Whether the user may choose between a simplified item and the answer as it is. */
	simplifies?: true;
	execute: Operation;
}

/** One resource of an action node. */
export interface ActionResource {
	value: string;
	name: string;
	/** Sorted by name, as the editor shows them. */
	operations: [ActionOperation, ...ActionOperation[]];
	/** The operation that is chosen at first: the first one unless given. */
	firstChoice?: ActionOperation;
}

/** The operations of an action node, by the values of its `resource` and `operation`. */
export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export const operationsOf = (resources: readonly ActionResource[]): Operations =>
	Object.fromEntries(
		resources.map(({ value, operations }) => [
			value,
			Object.fromEntries(operations.map((operation) => [operation.value, operation.execute])),
		]),
	);

/**
 * Runs the chosen operation once for each input item, one after the other.
 *
 * Every item that comes out names the one it comes from. Where the user chose to continue on fail, an item that
 * fails becomes `{error}` and the others run; else the first error ends the run.
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
			const failure = failureOf(context, itemIndex, error);
			if (!context.continueOnFail()) throw failure;
			const message = [failure.message, failure.description].filter(Boolean).join('. ');
			results.push({ json: { error: message }, error: failure, pairedItem });
		}
	}
	return [results];
}

function failureOf(context: IExecuteFunctions, itemIndex: number, error: unknown) {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex = itemIndex;
		return error;
	}
	return new NodeOperationError(context.getNode(), error instanceof Error ? error : String(error), {
		itemIndex,
	});
}
