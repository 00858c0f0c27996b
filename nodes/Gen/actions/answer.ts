import { simplifyAnswer, type SimplifiedAnswer } from '../../core/actionAnswer';
import { unreadableWarning } from '../../core/item';
import { isJsonObject, type Json, type JsonObject } from '../../core/json';
import { gen } from '../gen';
import { unwrapList } from '../genApi';

/** The objects of a list that Gen answered. Throws where it is not a list of objects. */
export function readEntries(answer: Json): JsonObject[] {
	const list = unwrapList(answer);
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

/** A copy that redacts the value of every key `authorization`, at any depth and in any case. */
export function withoutAuthorization(object: JsonObject): JsonObject {
	const entries = Object.entries(object).map(([key, value]): [string, Json] =>
		key.toLowerCase() === 'authorization' ? [key, '[redacted]'] : [key, redactInside(value)],
	);
	return Object.fromEntries(entries);
}

function redactInside(value: Json): Json {
	if (Array.isArray(value)) return value.map(redactInside);
	return isJsonObject(value) ? withoutAuthorization(value) : value;
}

/**
 * Reads the order or payment in an answer as the trigger reads one. No document shows the answers to an order, a
 * capture and a refund. Never throws, see `simplifyAnswer`.
 */
export function simplifySubject(subject: 'order' | 'payment', answer: Json): SimplifiedAnswer {
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
