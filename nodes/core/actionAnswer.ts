import type { IDataObject } from 'n8n-workflow';
import { unreadableWarning } from './item';
import { isJsonObject, type Json, type JsonObject } from './json';
import { shapePayload, type Shape } from './shape';

/** Who answered, what the action made or changed, and what the answer should say of it. */
export interface Expected {
	provider: string;
	subject: string;
	/** The ID of the subject unless given. */
	proof?: string;
}

/** The last keys of an action's item: `warning`, and `payload` where there is something to warn of. */
export interface Problem extends IDataObject {
	warning: string | null;
	payload?: JsonObject;
}

/** The simplified item of an action, in two parts: keys of a provider's own go between them. */
export interface SimplifiedAnswer {
	values: IDataObject;
	problem: Problem;
}

/**
 * Reads the answer to an action into a shape. Never throws: by then something was made or money was moved, and the
 * answer must not be lost. Where it has no ID, or is unreadable in part, it is carried along under `payload`.
 *
 * @param source what the shape reads
 * @param payload the whole answer, as it is carried along
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
		...(values.id === null ? [missingProofWarning(payload, expected)] : []),
	];
	if (warnings.length === 0) return { values, problem: { warning: null } };
	return { values, problem: { warning: warnings.join(' '), ...carried(payload) } };
}

/** What an action's item says where the answer does not prove that all went well. */
export const missingProof = (payload: JsonObject, expected: Expected): Problem => ({
	warning: missingProofWarning(payload, expected),
	...carried(payload),
});

/** An answer as an object: any other JSON is under `answer`. */
export const asObject = (answer: Json): JsonObject => (isJsonObject(answer) ? answer : { answer });

function missingProofWarning(payload: JsonObject, { provider, subject, proof }: Expected): string {
	const check = `check the ${subject} at ${provider} before you repeat the request.`;
	return isEmpty(payload)
		? `${provider} accepted the request, but its answer is empty. C${check.slice(1)}`
		: `${provider} accepted the request, but its answer has no ${proof ?? `${subject} ID`}. Read the answer under payload, and ${check}`;
}

const carried = (payload: JsonObject) => (isEmpty(payload) ? {} : { payload });

/** Whether nothing was answered: an empty body, or an envelope without anything in it. */
function isEmpty(value: Json): boolean {
	if (isJsonObject(value)) return Object.values(value).every(isEmpty);
	return value === null || value === '';
}
