import type { Contract, NodeContract, ParameterContract, Value } from './contract.mts';

/** One thing that is no longer as it was promised. */
export interface Difference {
	/** What the changelog has to name. */
	name: string;
	/** What changed, as a sentence. */
	change: string;
	/** Whether a saved workflow, a saved credential or a provider notices. */
	breaks: boolean;
}

const text = (value: Value | undefined) =>
	value === undefined ? 'nothing' : JSON.stringify(value);
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What became of a set of names: what is gone breaks, what is new does not. */
function inNames(
	before: string[],
	after: string[],
	name: (one: string) => string,
	kind: string,
): Difference[] {
	return [
		...before
			.filter((one) => !after.includes(one))
			.map((one) => ({ name: name(one), change: `${kind} ${one} is gone.`, breaks: true })),
		...after
			.filter((one) => !before.includes(one))
			.map((one) => ({ name: name(one), change: `${kind} ${one} is new.`, breaks: false })),
	];
}

const unless = (holds: boolean, name: string, change: string, breaks: boolean): Difference[] =>
	holds ? [] : [{ name, change, breaks }];

/** Whether what was there already has kept its places: what is new stands after it. */
function keepsPlaces(before: string[], after: string[]): boolean {
	const kept = before.filter((one) => after.includes(one));
	return isSame(after.slice(0, kept.length), kept);
}

function inParameter(name: string, before: ParameterContract, after: ParameterContract) {
	const values = (contract: ParameterContract) => (contract.values ?? []).map(text);
	return [
		...unless(
			before.type === after.type,
			name,
			`${name} was a ${before.type} and is a ${after.type}.`,
			true,
		),
		...unless(
			isSame(before.default, after.default),
			name,
			`The default of ${name} was ${text(before.default)} and is ${text(after.default)}; n8n does not save a value that equals the default.`,
			true,
		),
		...unless(
			before.secret === after.secret,
			name,
			`${name} is ${after.secret ? 'hidden in the editor now' : 'hidden in the editor no longer'}.`,
			after.secret !== true,
		),
		...unless(
			before.required === after.required,
			name,
			`${name} is ${after.required ? 'required now' : 'required no longer'}.`,
			after.required === true,
		),
		...inNames(values(before), values(after), () => name, `In ${name}, the choice`),
	];
}

function inParameters(
	owner: string,
	before: Record<string, ParameterContract>,
	after: Record<string, ParameterContract>,
	kind: string,
): Difference[] {
	const names = inNames(
		Object.keys(before),
		Object.keys(after),
		(one) => `${owner}.${one}`,
		`${kind} ${owner}, the parameter`,
	).map((difference) => {
		const isNew = !difference.breaks;
		const added = after[difference.name.slice(owner.length + 1)];
		// A value that nobody has entered yet, and that the node cannot do without.
		return isNew && added?.required && added.default === ''
			? { ...difference, breaks: true }
			: difference;
	});
	const changed = Object.entries(before).flatMap(([key, parameter]) => {
		const now = after[key];
		return now === undefined ? [] : inParameter(`${owner}.${key}`, parameter, now);
	});
	return [...names, ...changed];
}

function inNode(node: string, before: NodeContract, after: NodeContract): Difference[] {
	// The changelog names nodes without their version.
	const name = node.replace(/@.*/, '');
	const [outputs, outputsNow] = [before.outputs ?? [], after.outputs ?? []];
	return [
		...unless(
			before.displayName === after.displayName,
			`${name}.displayName`,
			`${node} was named "${before.displayName}" and is named "${after.displayName}".`,
			false,
		),
		...inNames(
			before.credentials,
			after.credentials,
			() => `${name}.credentials`,
			`In ${node}, the credential`,
		),
		...unless(
			isSame(before.webhooks, after.webhooks),
			`${name}.webhooks`,
			`The webhook of ${node} was ${text(before.webhooks)} and is ${text(after.webhooks)}; the providers know the old URL.`,
			true,
		),
		...inNames(
			outputs,
			outputsNow,
			(code) => `${name}.events.${code}`,
			`In ${node}, the output of the event`,
		),
		...unless(
			keepsPlaces(outputs, outputsNow),
			`${name}.outputs`,
			`The outputs of ${node} have another order (${outputsNow.join(', ')}); the connections of saved workflows stay where they were. A new event goes after the existing ones.`,
			true,
		),
		...inParameters(name, before.parameters, after.parameters, 'In'),
	];
}

function inItem(place: string, before: Record<string, string>, after: Record<string, string>) {
	const [keysBefore, keysAfter] = [Object.keys(before), Object.keys(after)];
	const kept = keysBefore.filter((key) => key in after);
	const keptNow = keysAfter.filter((key) => key in before);
	return [
		...inNames(keysBefore, keysAfter, (key) => key, `In the items of ${place}, the key`),
		...unless(
			isSame(keptNow, kept),
			place,
			`The keys of the items of ${place} have another order; tables made of them change their columns.`,
			true,
		),
		...kept.flatMap((key) =>
			unless(
				before[key] === after[key],
				key,
				`In the items of ${place}, ${key} was ${before[key]} and is ${after[key]}.`,
				true,
			),
		),
	];
}

/** What the entries of two records differ in: those that are gone or new, and what differs inside. */
function inRecord<T>(
	before: Record<string, T>,
	after: Record<string, T>,
	kind: string,
	inside: (key: string, before: T, after: T) => Difference[],
): Difference[] {
	return [
		...inNames(Object.keys(before), Object.keys(after), (key) => key.replace(/@.*/, ''), kind),
		...Object.entries(before).flatMap(([key, value]) => {
			const now = after[key];
			return now === undefined ? [] : inside(key, value, now);
		}),
	];
}

/** Everything in which a contract differs from what was promised before. */
export function differences(before: Contract, after: Contract): Difference[] {
	return [
		...inRecord(before.nodes, after.nodes, 'The node', inNode),
		...inRecord(before.credentials, after.credentials, 'The credential', (key, old, now) =>
			inParameters(key, old, now, 'In the credential'),
		),
		...inRecord(before.items, after.items, 'The output of', inItem),
		...inRecord(before.answers, after.answers, 'The answer', (key, old, now) =>
			unless(old === now, key, `The answer "${key}" was ${old} and is ${now}.`, true),
		),
	];
}
