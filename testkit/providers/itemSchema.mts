import { z, type ZodTypeAny } from 'zod';
import type { ValueType } from '../../nodes/core/fields';
import type { Provider } from '../../nodes/core/provider';
import type { Shape } from '../../nodes/core/shape';

/** The keys that every item has, in this order, before the provider's own. */
const COMMON_KEYS = ['id', 'status', 'createdAt', 'updatedAt', 'customer'];
const CUSTOMER_KEYS = ['id', 'name', 'email', 'phone', 'landline', 'document', 'documentType'];

/** A day, or a time with its offset, that is one to other programs too. */
export const isoDate = z
	.union([z.string().date(), z.string().datetime({ offset: true })])
	.refine((text) => Number.isFinite(Date.parse(text)), 'must be a date');

export const values: Record<ValueType, ZodTypeAny> = {
	string: z.string(),
	number: z.number().finite(),
	boolean: z.boolean(),
};

const isObject = (value: unknown): value is object =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with exactly these keys in exactly this order: zod's own object looks at no order. */
export function exactly(fields: Record<string, ZodTypeAny>): ZodTypeAny {
	const keys = Object.keys(fields).join();
	return z
		.custom<object>((value) => isObject(value) && Object.keys(value).join() === keys, {
			message: `has not exactly the keys ${keys}`,
		})
		.pipe(z.object(fields).strict());
}

function partSchema(part: Shape[string] | undefined): ZodTypeAny {
	if (!part) return z.never();
	if (part.kind === 'group') return exactly(fieldsOf(part.fields));
	if (part.kind === 'list') return z.array(exactly(fieldsOf(part.entry)));
	if (part.kind === 'values') return z.array(values[part.reader.type]);
	const isNeverSent = Array.isArray(part.source) && part.source.length === 0;
	if (isNeverSent && !part.otherwise) return z.null();
	return (part.reader.format === 'date-time' ? isoDate : values[part.reader.type]).nullable();
}

/** The schemas of a shape's keys, in its order but for those that must come first. */
function fieldsOf(shape: Shape, first: readonly string[] = []): Record<string, ZodTypeAny> {
	const keys = new Set([...first, ...Object.keys(shape)]);
	return Object.fromEntries([...keys].map((key) => [key, partSchema(shape[key])]));
}

const headSchema = (provider: Provider) => ({
	provider: z.literal(provider.id),
	event: z.string().refine((text) => text !== '' && text === text.trim(), 'must be a trimmed text'),
});

function deliverySchema(provider: Provider): ZodTypeAny {
	const { source } = provider.eventOf({ body: {}, headers: {}, query: {} });
	return exactly({
		id: z.string().regex(/^[0-9a-f]{32}$/),
		receivedAt: z.string().datetime(),
		test: z.boolean(),
		label: z.string().min(1).nullable(),
		...(source === undefined ? {} : { eventSource: z.string().min(1) }),
		...fieldsOf(provider.deliveryFields ?? {}),
		warning: z.string().min(1).nullable(),
	});
}

const payload = z.custom<object>(isObject, 'must be an object');
const warned = z.object({ delivery: z.object({ warning: z.string() }) });

/**
 * What a provider's clean items look like, derived from the shape that it declares. With a warning the payload is
 * there; without one it may be.
 */
export function itemSchema(provider: Provider): ZodTypeAny {
	const schema = schemas.get(provider) ?? schemaOf(provider);
	schemas.set(provider, schema);
	return schema;
}

const schemas = new WeakMap<Provider, ZodTypeAny>();

function schemaOf(provider: Provider): ZodTypeAny {
	const { customer } = provider.item;
	const item = {
		...headSchema(provider),
		...fieldsOf(provider.item, COMMON_KEYS),
		customer:
			customer?.kind === 'group' ? exactly(fieldsOf(customer.fields, CUSTOMER_KEYS)) : z.never(),
		delivery: deliverySchema(provider),
	};
	const [clean, withPayload] = [exactly(item), exactly({ ...item, payload })];
	return z.custom<object>(isObject).superRefine((value, context) => {
		const hasPayload = 'payload' in value || warned.safeParse(value).success;
		const { error } = (hasPayload ? withPayload : clean).safeParse(value);
		for (const issue of error?.issues ?? []) context.addIssue(issue);
	});
}

/** What a provider's items look like without Simplify. */
export const rawItemSchema = (provider: Provider): ZodTypeAny =>
	exactly({ ...headSchema(provider), payload, delivery: deliverySchema(provider) });
