import { simplifyAnswer, type SimplifiedAnswer } from '../../core/actionAnswer';
import { unreadableWarning } from '../../core/item';
import { isJsonObject, type Json, type JsonObject } from '../../core/json';
import { gen } from '../gen';
import { listOf } from '../genApi';

/** The entries of a list that Gen answered with. Throws where it is not a list of objects. */
export function entriesOf(answer: Json): JsonObject[] {
	const list = listOf(answer);
	if (!list) {
		throw new Error(
			'Gen answered with something other than a list. Check the environment in the Gen API credential.',
		);
	}
	return list.map((entry, index) => {
		if (isJsonObject(entry)) return entry;
		throw new Error(
			`Gen answered with a list whose entry ${index + 1} is not an object. Check the environment in the Gen API credential.`,
		);
	});
}

/** A copy in which nothing under a key `authorization`, in whatever case, can be read. */
export function withoutAuthorization(object: JsonObject): JsonObject {
	const entries = Object.entries(object).map(([key, value]): [string, Json] =>
		key.toLowerCase() === 'authorization' ? [key, '[redacted]'] : [key, inside(value)],
	);
	return Object.fromEntries(entries);
}

function inside(value: Json): Json {
	if (Array.isArray(value)) return value.map(inside);
	return isJsonObject(value) ? withoutAuthorization(value) : value;
}

/**
 * Reads the order or payment that Gen answered with, as the trigger reads one. No document shows the answers to an
 * order, a capture and a refund.
 */
export function shapedAnswer(subject: 'order' | 'payment', answer: Json): SimplifiedAnswer {
	const { data, ...others } = isJsonObject(answer) ? answer : {};
	const object = data ?? answer;
	const isClash = Object.hasOwn(others, subject);
	const payload =
		object === answer || isClash ? { [subject]: answer } : { ...others, [subject]: object };
	const expected = { provider: 'Gen', subject };
	if (isJsonObject(object) || object === null || object === '') {
		return simplifyAnswer(gen.item, { [subject]: object }, payload, expected);
	}
	const { values } = simplifyAnswer(gen.item, { [subject]: {} }, payload, expected);
	return { values, problem: { warning: unreadableWarning([subject]), payload } };
}
