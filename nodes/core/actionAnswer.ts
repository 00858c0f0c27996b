import type { IDataObject } from 'n8n-workflow';
import { unreadableWarning } from './item';
import { isJsonObject, type Json, type JsonObject } from './json';
import { shapePayload, type Shape } from './shape';

/** The words for a warning: who answered, and what the action made or changed. */
export interface Expected {
	provider: string;
	subject: string;
	/** What a complete answer contains; the subject's ID unless given. */
	proof?: string;
}

/** The last keys of an action's item: `warning`, and `payload` where there is a warning. */
export interface Problem extends IDataObject {
	warning: string | null;
	payload?: JsonObject;
}

/** The simplified item of an action in two parts, so that a provider's own keys can stand between them. */
export interface SimplifiedAnswer {
	values: IDataObject;
	problem: Problem;
}

/**
 * Reads the answer to an action into a shape. Never throws: something was created or money was moved, so the answer
 * must not be lost. Where it has no ID or is partly unreadable, the item has it under `payload`.
 *
 * @param source what the shape reads
 * @param payload the whole answer
 */
export function simplifyAnswer(
	shape: Shape,
	source: JsonObject,
	payload: JsonObject,
	expected: Expected,
): SimplifiedAnswer {
	const { values, unreadable } = shapePayload(shape, source, {});
	const warnings = [
		...(unreadable.length > 0 ? [unreadableWarning(unreadable)] : []),
		...(values.id === null ? [unconfirmedWarning(payload, expected)] : []),
	];
	if (warnings.length === 0) return { values, problem: { warning: null } };
	return { values, problem: { warning: warnings.join(' '), ...keepPayload(payload) } };
}

/** The warning for an answer that does not confirm the action. */
export const warnUnconfirmed = (payload: JsonObject, expected: Expected): Problem => ({
	warning: unconfirmedWarning(payload, expected),
	...keepPayload(payload),
});

/** An answer as an object; any other JSON is put under `answer`. */
export const toObject = (answer: Json): JsonObject => (isJsonObject(answer) ? answer : { answer });

function unconfirmedWarning(payload: JsonObject, { provider, subject, proof }: Expected): string {
	const check = `check the ${subject} at ${provider} before you repeat the request.`;
	return isEmpty(payload)
		? `${provider} accepted the request, but its answer is empty. C${check.slice(1)}`
		: `${provider} accepted the request, but its answer has no ${proof ?? `${subject} ID`}. Read the answer under payload, and ${check}`;
}

const keepPayload = (payload: JsonObject) => (isEmpty(payload) ? {} : { payload });

/** Whether an answer has no content: an empty body, or an envelope with nothing in it. */
function isEmpty(value: Json): boolean {
	if (isJsonObject(value)) return Object.values(value).every(isEmpty);
	return value === null || value === '';
}
