import type { ValueType } from '../../nodes/core/fields';
import type { Provider } from '../../nodes/core/provider';
import type { Field, Shape } from '../../nodes/core/shape';
import { gen } from '../../nodes/Gen/gen';
import { CREATED_ORDER } from '../../nodes/GestaoOnline/actions/order/create';
import { ORDER } from '../../nodes/GestaoOnline/actions/order/get';
import { senders } from '../../testkit/providers/senders.mts';

/** One value. Where it can be null, its other type comes first: n8n's editor shows the first. */
export interface ValueSchema {
	type: ValueType | 'null' | [ValueType, 'null'];
	format?: 'date-time';
	const?: string;
}

export interface ObjectSchema {
	type: 'object';
	properties: Record<string, Schema>;
}

interface ListSchema {
	type: 'array';
	items: ObjectSchema | ValueSchema;
}

/** A JSON schema, as far as n8n reads one. */
export type Schema = ValueSchema | ObjectSchema | ListSchema;

/** The keys beside a field from which its value is derived where it was not sent. */
export function basisOf({ otherwise }: Field): string[] {
	const asked = new Set<string>();
	const get = (_: object, key: string | symbol) => void asked.add(String(key));
	otherwise?.(new Proxy({}, { get }));
	return [...asked];
}

/** Whether a key is there only because every provider's item has it. */
export function isAlwaysNull(field: Field, around: Shape): boolean {
	if (!Array.isArray(field.source) || field.source.length > 0) return false;
	return basisOf(field).every((key) => {
		const part = around[key];
		return part?.kind === 'field' && isAlwaysNull(part, around);
	});
}

/** What comes out of a shape. No key is ever missing; each value may be null. */
function schemaOf(shape: Shape): ObjectSchema {
	const properties = Object.entries(shape).map(([key, part]): [string, Schema] => {
		if (part.kind === 'group') return [key, schemaOf(part.fields)];
		if (part.kind === 'list') return [key, { type: 'array', items: schemaOf(part.entry) }];
		if (part.kind === 'values') return [key, { type: 'array', items: { type: part.reader.type } }];
		return [key, isAlwaysNull(part, shape) ? { type: 'null' } : nullable(part.reader)];
	});
	return { type: 'object', properties: Object.fromEntries(properties) };
}

const nullable = ({ type, format }: Pick<Field['reader'], 'type' | 'format'>): ValueSchema => ({
	type: [type, 'null'],
	...(format === undefined ? {} : { format }),
});

const text: ValueSchema = { type: 'string' };
const textOrNull = nullable({ type: 'string' });
const yesOrNo: ValueSchema = { type: 'boolean' };
const time: ValueSchema = { type: 'string', format: 'date-time' };

const objectOf = (properties: ObjectSchema['properties']) =>
	({ type: 'object', properties }) satisfies ObjectSchema;

/** A simplified item of a trigger. */
function triggerSchema(provider: Provider): ObjectSchema {
	const { source } = provider.eventOf({ body: {}, headers: {}, query: {} });
	return objectOf({
		provider: { ...text, const: provider.id },
		event: text,
		...schemaOf(provider.item).properties,
		delivery: objectOf({
			id: text,
			receivedAt: time,
			test: yesOrNo,
			label: textOrNull,
			...(source === undefined ? {} : { eventSource: text }),
			...schemaOf(provider.deliveryFields ?? {}).properties,
			warning: textOrNull,
		}),
	});
}

/** The simplified output of an operation whose answer is read into a shape and says what was unreadable. */
const withWarning = (shape: Shape, more: ObjectSchema['properties'] = {}): ObjectSchema =>
	objectOf({ ...schemaOf(shape).properties, ...more, warning: textOrNull });

const genOrder: Shape = Object.fromEntries(
	Object.entries(gen.item).filter(([key]) => key !== 'payment'),
);

/**
 * The schemas by their files, under the names under which n8n looks for them: `v<version>.json` for a node without
 * resources, else `v<version>/<resource>/<operation>.json`. An operation whose answer no document shows has none.
 */
export const schemas: Readonly<Record<string, ObjectSchema>> = {
	// The webhook triggers all start at version 2.
	...Object.fromEntries(
		senders.map(({ folder, definition }) => [
			`nodes/${folder}/__schema__/v2.0.0.json`,
			triggerSchema(definition),
		]),
	),
	'nodes/GestaoOnline/__schema__/v1.0.0/order/get.json': withWarning(ORDER),
	'nodes/GestaoOnline/__schema__/v1.0.0/order/create.json': withWarning(CREATED_ORDER),
	'nodes/GestaoOnline/__schema__/v1.0.0/order/cancel.json': objectOf({
		id: text,
		canceled: yesOrNo,
		message: textOrNull,
		warning: textOrNull,
	}),
	// The Gen Event Log Trigger's: the Gen node, of the same version and folder, always has a resource.
	'nodes/Gen/__schema__/v1.0.0.json': triggerSchema(gen),
	'nodes/Gen/__schema__/v1.0.0/event/getAll.json': triggerSchema(gen),
	'nodes/Gen/__schema__/v1.0.0/order/create.json': withWarning(genOrder, {
		checkoutUrl: textOrNull,
	}),
	'nodes/Gen/__schema__/v1.0.0/payment/create.json': withWarning(gen.item),
	'nodes/Gen/__schema__/v1.0.0/payment/capture.json': withWarning(gen.item),
	'nodes/Gen/__schema__/v1.0.0/payment/refund.json': withWarning(gen.item),
	'nodes/Gen/__schema__/v1.0.0/webhook/delete.json': objectOf({ id: text, deleted: yesOrNo }),
};

/** As Prettier formats it. */
function fileText(schema: ObjectSchema): string {
	const json = JSON.stringify({ ...schema, version: 1 }, null, 2);
	return `${json.replace(/\[\s+"(\w+)",\s+"null"\s+\]/g, '["$1", "null"]')}\n`;
}

/** The content of every schema file, by its path from the repository's root. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
	new Map(Object.entries(schemas).map(([file, schema]) => [file, fileText(schema)]));
