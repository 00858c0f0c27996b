import type { JsonValue } from '../../testkit/providers/senders.mts';
import type { Contract } from './contract.mts';

/** One thing that is no longer as it was promised. */
export interface Difference {
	/** What the changelog has to name. */
	name: string;
	/** What changed, as a sentence. */
	change: string;
	/** Whether a saved workflow, a saved credential or a provider notices. */
	breaks: boolean;
}

/** What a contract promises, as JSON, by its path. What only holds other promises is an empty text. */
type Promises = ReadonlyMap<string, string>;

const BETWEEN = ' › ';

function entriesOf(value: JsonValue, path: string[]): Array<[path: string, promise: string]> {
	const key = path.at(-1) ?? '';
	const here = path.join(BETWEEN);
	// Any change of a default or of a webhook breaks, so they are compared whole.
	const isWhole = ['default', 'webhooks'].includes(key);
	if (typeof value !== 'object' || value === null || isWhole) {
		return [[here, JSON.stringify(value)]];
	}
	// An output is found by its place, a choice or a credential by its name.
	const isSet = Array.isArray(value) && key !== 'outputs';
	const parts = isSet
		? value.map((one): [string, JsonValue] => [JSON.stringify(one), true])
		: Object.entries(value);
	return [[here, ''], ...parts.flatMap(([name, part]) => entriesOf(part, [...path, name]))];
}

const promisesOf = ({ version: _, ...promised }: Contract): Promises =>
	new Map(entriesOf(promised, []));

const under = (path: string, key: string) => `${path}${BETWEEN}${key}`;
const parentOf = (path: string) => path.split(BETWEEN).slice(0, -1).join(BETWEEN);

/** The name that the changelog uses: without the node's version, and only the key of an item. */
function nameOf(path: string): string {
	const [kind, owner = '', ...inside] = path.split(BETWEEN);
	if (kind === 'items' || kind === 'answers') return inside[0] ?? owner;
	const [member] = inside[0] === 'parameters' ? inside.slice(1) : inside;
	return [owner.replace(/@.*/, ''), member ?? []].flat().join('.');
}

/** The paths that only one of two contracts has, without those inside another such path. */
const missing = (one: Promises, other: Promises) =>
	[...one.keys()].filter((path) => !other.has(path) && other.has(parentOf(path)));

const isDuty = (path: string, promises: Promises) =>
	path.endsWith(under('', 'required')) && promises.get(path) === 'true';

/** Whether something new has to be filled in before a saved workflow runs again. */
const asksForMore = (path: string, now: Promises) =>
	isDuty(path, now) ||
	(isDuty(under(path, 'required'), now) && now.get(under(path, 'default')) === '""');

/** The keys of an object that another one has too, in their order. */
const shared = (one: object, other: object) =>
	Object.keys(one)
		.filter((key) => key in other)
		.join();

/** Everything in which a contract differs from what was promised before. */
export function differences(before: Contract, after: Contract): Difference[] {
	const [old, now] = [promisesOf(before), promisesOf(after)];
	const difference = (path: string, what: string, breaks: boolean): Difference => ({
		name: nameOf(path),
		change: `${path} ${what}.`,
		breaks,
	});
	const changed = [...old].filter(([path, promise]) => now.has(path) && now.get(path) !== promise);
	// What is new may stand anywhere.
	const reordered = Object.entries(before.items).filter(([place, keys]) => {
		const { [place]: keysNow = {} } = after.items;
		return shared(keys, keysNow) !== shared(keysNow, keys);
	});
	return [
		...missing(old, now).map((path) => difference(path, 'is gone', !isDuty(path, old))),
		...missing(now, old).map((path) => difference(path, 'is new', asksForMore(path, now))),
		...changed.map(([path, promise]) => {
			const isLabel = /^nodes › [^›]+ › displayName$/.test(path);
			return difference(path, `was ${promise} and is ${now.get(path)}`, !isLabel);
		}),
		...reordered.map(([place]) =>
			difference(under('items', place), 'has its keys in another order', true),
		),
	];
}
