import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOutputSchema, resolveOutputSchemaPath } from 'n8n-core';
import { z, type ZodTypeAny } from 'zod';
import { Gen } from '../../nodes/Gen/Gen.node';
import { GestaoOnline } from '../../nodes/GestaoOnline/GestaoOnline.node';
import { referenceFiles } from '../../scripts/schemas/reference.mts';
import { schemaFiles, type ObjectSchema, type Schema } from '../../scripts/schemas/schema.mts';
import { operationRunner } from '../../testkit/fakes/fakeExecute.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { fixtureNames, TOKEN } from '../../testkit/providers/clean.mts';
import { exactly, isoDate, values } from '../../testkit/providers/itemSchema.mts';
import { expectedItem } from '../../testkit/providers/items.mts';
import { copyOf, objectAt, readFixture } from '../../testkit/providers/samples.mts';
import { senders, type JsonObject, type JsonValue } from '../../testkit/providers/senders.mts';

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

/** The file that n8n takes for a node's output, from `nodes/` on; undefined where it finds none. */
function fileFor(folder: string, version: number, resource?: string, operation?: string) {
	const nodeDir = inRoot('nodes', folder);
	// As the workflow builder asks; the editor asks for the exact version only.
	const ref = { nodeDir, version, resource, operation, versionFallback: true };
	const path = resolveOutputSchemaPath(ref);
	const exact = resolveOutputSchemaPath({ ...ref, versionFallback: false });
	expect(exact !== undefined && existsSync(exact) ? exact : undefined).toBe(path);
	expect(loadOutputSchema(ref) === undefined).toBe(path === undefined);
	return path?.slice(inRoot('nodes').length + 1);
}

/** What a schema promises, exactly: all of its keys in its order, and nothing else. */
function strictly(schema: Schema): ZodTypeAny {
	if ('properties' in schema) {
		const parts = Object.entries(schema.properties).map(([key, part]) => [key, strictly(part)]);
		return exactly(Object.fromEntries(parts));
	}
	if ('items' in schema) return z.array(strictly(schema.items));
	if (schema.const !== undefined) return z.literal(schema.const);
	const types = [schema.type].flat().map((type) => {
		if (type === 'null') return z.null();
		return schema.format === 'date-time' ? isoDate : values[type];
	});
	return types.reduce((one, other) => one.or(other));
}

/** Expects an item to be as the schema says that n8n finds. */
function expectAsIn(file: string | undefined, item: JsonObject): void {
	const text = readFileSync(inRoot('nodes', String(file)), 'utf8');
	const schema = JSON.parse(text) as ObjectSchema;
	const problems = strictly(schema).safeParse(item).error?.issues ?? [];
	expect({ item, problems }).toEqual({ item, problems: [] });
}

it.each([...schemaFiles(), ...referenceFiles()])('npm run schemas writes %s', (file, text) => {
	expect(readFileSync(inRoot(file), 'utf8')).toBe(text);
});

const triggers = [
	...senders.map(({ folder }): [string, number] => [folder, 2]),
	// The Gen Event Log Trigger.
	['Gen', 1] as const,
];

it.each(triggers)(
	'the trigger of %s, version %i, makes of each fixture what its schema says',
	(folder, version) => {
		for (const name of fixtureNames(folder)) {
			// No schema describes the payload, which some items carry.
			const { payload: _, ...item } = expectedItem(folder, name);
			Object.assign(objectAt(item, 'delivery'), { receivedAt: '2026-01-31T12:00:00.000Z' });
			expectAsIn(fileFor(folder, version), item);
		}
	},
);

const ACTIONS = {
	GestaoOnline: {
		node: new GestaoOnline(),
		credential: { apiKey: 'key-0123456789' },
	},
	Gen: {
		node: new Gen(),
		credential: { environment: 'sandbox', sellerId: '1', webhookToken: TOKEN },
	},
};

const order = JSON.parse(
	readFileSync(inRoot('testkit', 'mockApis', 'gestaoOnlineOrder.json'), 'utf8'),
) as JsonObject;
const pix = readFixture('Gen', 'PAYMENT.CREATED');
const payment = { data: objectAt(pix, 'data') };
const newPayment = {
	...{ method: 'PIX', pixExpiration: '2027-01-01T00:00:00', customerSource: 'order' },
	...{ orderId: '1', sessionId: '1' },
};

/** The operations that have a schema: parameters, and what the provider's documents have it answer. */
const RUNS: Array<
	[folder: keyof typeof ACTIONS, operation: string, parameters: object, answer: JsonValue]
> = [
	['GestaoOnline', 'order.get', { orderId: '593' }, { data: order }],
	[
		'GestaoOnline',
		'order.create',
		{
			customerName: 'Ana Souza',
			customerEmail: 'ana@example.com',
			customerDocument: '12345678909',
			items: { item: [{ product: 'CERT-A1', quantity: 1 }] },
		},
		{ data: { publicToken: 'OMzMyMQ_MTY4', orderCode: 'SALE-1', orderId: 593 } },
	],
	['GestaoOnline', 'order.cancel', { orderId: '593' }, { detail: 'Order successfully canceled' }],
	[
		'Gen',
		'order.create',
		{
			customerSource: 'none',
			items: { item: [{ description: 'Produto 1', quantity: 2, unitPrice: 22.9 }] },
		},
		{ data: objectAt(readFixture('Gen', 'variation-order-event'), 'data') },
	],
	['Gen', 'payment.create', newPayment, payment],
	['Gen', 'payment.capture', { paymentId: '1' }, payment],
	['Gen', 'payment.refund', { paymentId: '1', amount: 22.9 }, ''],
	['Gen', 'event.getAll', { returnAll: true }, { data: [pix] }],
	['Gen', 'webhook.delete', { webhookId: '7' }, ''],
];

function operationFile(folder: string, name: string) {
	const [resource, operation] = name.split('.');
	return fileFor(folder, 1, resource, operation);
}

it.each(RUNS)('%s makes of an answer to %s what its schema says', async (folder, ...run) => {
	const [name, parameters, answer] = run;
	const { node, credential } = ACTIONS[folder];
	const { items } = await operationRunner(node, credential).run(name, parameters, answer);
	expect(items).toHaveLength(1);
	for (const item of items) expectAsIn(operationFile(folder, name), copyOf(item as JsonObject));
});

it('every other operation has an answer that no document shows, and no schema', () => {
	const operations = Object.entries(ACTIONS).flatMap(([folder, { node }]) =>
		node.description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options = [] }) =>
				options.map((option) => {
					const operation = 'value' in option ? option.value : '';
					return [folder, `${displayOptions?.show?.resource?.[0]}.${operation}`] as const;
				}),
			),
	);
	const others = operations.filter(([folder, name]) => operationFile(folder, name) === undefined);
	expect(others.map(([, name]) => name).sort()).toEqual([
		'notification.getAll',
		'webhook.create',
		'webhook.getAll',
	]);
	expect(operations).toHaveLength(others.length + RUNS.length);
});

it('n8n finds every schema, and the package has it beside the compiled nodes', () => {
	const found = [
		...triggers.map(([folder, version]) => fileFor(folder, version)),
		...RUNS.map(([folder, name]) => operationFile(folder, name)),
	];
	const files = readdirSync(inRoot('nodes'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.includes('__schema__') && file.endsWith('.json'))
		.sort();
	expect([...new Set(found)].sort()).toEqual(files);
	for (const file of files) {
		const [source, copy] = ['nodes', join('dist', 'nodes')].map((folder) =>
			readFileSync(inRoot(folder, file), 'utf8'),
		);
		expect([file, copy]).toEqual([file, source]);
	}
});
