import type { Shape, Source } from '../nodes/core/shape';

/** The name of a field in the item, and the expression for it. */
type MappedField = [name: string, expression: string];

/**
 * The fields of an item as someone would map them in an Edit Fields node after a Webhook node: those that stand at
 * one place of the payload. What needs code (a list's entries, a date's zone, a phone's form) is left out or mapped
 * as it is, so the comparison favours the work by hand.
 */
export const mappedFields = (shape: Shape): MappedField[] => [
	['event', '$json.body.event_type'],
	...leaves(shape, '', '$json.body'),
];

function leaves(shape: Shape, names: string, base: string): MappedField[] {
	return Object.entries(shape).flatMap(([key, part]): MappedField[] => {
		const name = names === '' ? key : `${names}.${key}`;
		const place = placeOf(part.kind === 'group' ? part.at : part.source, base);
		if (place === undefined) return [];
		if (part.kind === 'group') return leaves(part.fields, name, place);
		return place === base ? [] : [[name, place]];
	});
}

function placeOf(source: Source, base: string): string | undefined {
	const path =
		typeof source === 'string' ? source : typeof source === 'object' ? source[0] : undefined;
	if (path === undefined) return undefined;
	if (path === '') return base;
	const [root, steps] = path.startsWith('/') ? ['$json.body', path.slice(1)] : [base, path];
	return `${root}?.${steps.replaceAll('.', '?.')}`;
}
