import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isJsonObject, type Json, type JsonObject } from './json';

/** What an operation does with one input item: resolves with the items' json. */
export type Operation = (
	context: IExecuteFunctions,
	itemIndex: number,
) => Promise<IDataObject | IDataObject[]>;

/** The operations of an action node, by the values of its `resource` and `operation`. */
export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

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

/** A text parameter, trimmed. Throws where it is empty: `label` is its name on the screen. */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	label: string,
): string {
	return filledText(context.getNodeParameter(name, itemIndex, ''), label);
}

/** A value as a text, trimmed. Throws where it is empty: `label` is its name on the screen. */
export function filledText(value: unknown, label: string): string {
	const text = String(value ?? '').trim();
	if (text === '') throw new Error(`${label} is empty. Enter one.`);
	return text;
}

/** A parameter that is an object: a collection, a fixed collection, an assignment of one. */
export function objectParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): JsonObject {
	const value: unknown = context.getNodeParameter(name, itemIndex, {});
	return isJsonObject(value) ? value : {};
}

/** Fields that a user typed as JSON, as text or by an expression. Throws where they are no JSON object. */
export function jsonFields(value: Json | undefined, label: string): JsonObject {
	if (value === undefined || value === null || value === '') return {};
	const fields: unknown = typeof value === 'string' ? parsed(value) : value;
	if (!isJsonObject(fields)) {
		throw new Error(`${label} is no valid JSON object. Correct it, as in {"name": "value"}.`);
	}
	return fields;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The items of a list that a user wants: all, or the first so many. Throws where the limit is no number. */
export function limited<T>(context: IExecuteFunctions, itemIndex: number, list: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return list;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (!Number.isInteger(limit) || limit < 1) {
		throw new Error('Limit is no whole number of 1 or more. Correct it.');
	}
	return list.slice(0, limit);
}
