import type { Shape, Source } from '../nodes/core/shape';

/** A field that a user would map by hand: the name in the item, and the expression. */
export interface MappedField {
	name: string;
	expression: string;
}

/**
 * The fields of an item as someone would map them in an Edit Fields node after a Webhook node: those that stand at
 * one place of the payload. What needs code (a list's entries, a date's zone, a phone's form) is left out or mapped
 * as it is, so the comparison favours the work by hand.
 */
export function mappedFields(shape: Shape): MappedField[] {
	return [
		{ name: 'event', expression: '$json.body.event_type' },
		...leaves(shape, '', '$json.body'),
	].map(({ name, expression }) => ({ name, expression: `={{ ${expression} }}` }));
}

function leaves(shape: Shape, names: string, base: string): MappedField[] {
	return Object.entries(shape).flatMap(([key, part]): MappedField[] => {
		const name = names === '' ? key : `${names}.${key}`;
		if (part.kind === 'group') {
			const place = placeOf(part.at, base);
			return place === undefined ? [] : leaves(part.fields, name, place);
		}
		const place = placeOf(part.source, base);
		return place === undefined || place === base ? [] : [{ name, expression: place }];
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
