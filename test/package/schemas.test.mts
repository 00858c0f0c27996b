import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOutputSchema, resolveOutputSchemaPath } from 'n8n-core';
import type { INodeType } from 'n8n-workflow';
import { z, type ZodTypeAny } from 'zod';
import { Gen } from '../../nodes/Gen/Gen.node';
import { GestaoOnline } from '../../nodes/GestaoOnline/GestaoOnline.node';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import type { ObjectSchema, Schema } from '../../scripts/schemas/schema.mts';
import { fakeExecute, type Run } from '../../testkit/fakes/fakeExecute.mts';
import { fixtureNames, TOKEN } from '../../testkit/providers/clean.mts';
import { copyOf, objectAt, readFixture } from '../../testkit/providers/samples.mts';
import { exactly, isoDate, values } from '../../testkit/providers/itemSchema.mts';
import { expectedItem } from '../../testkit/providers/items.mts';
import { senders, type JsonObject, type JsonValue } from '../../testkit/providers/senders.mts';

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

/** Every schema file of the sources, from `nodes/` on. */
const files = readdirSync(inRoot('nodes'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.includes('__schema__') && file.endsWith('.json'))
	.sort();

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

function schemaIn(file: string | undefined): ObjectSchema {
	if (file === undefined) throw new Error('n8n finds no schema.');
	return JSON.parse(readFileSync(inRoot('nodes', file), 'utf8')) as ObjectSchema;
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

/** What in an item is not as its schema says. */
const problemsIn = (item: JsonValue, file: string | undefined) =>
	strictly(schemaIn(file)).safeParse(item).error?.issues ?? [];

it('every generated file is as the generator makes it', () => {
	const generator = inRoot('scripts', 'schemas', 'generate.mts');
	const check = () =>
		execFileSync(process.execPath, ['--import', 'tsx', generator, '--check'], {
			cwd: repositoryRoot,
			stdio: 'pipe',
			encoding: 'utf8',
		});
	expect(check).not.toThrow();
});

it('every schema has the form of the ones that n8n ships', () => {
	for (const file of files) {
		const schema = schemaIn(file);
		expect([file, Object.keys(schema)]).toEqual([file, ['type', 'properties', 'version']]);
		expect(schema).toMatchObject({ type: 'object', version: 1 });
	}
});

describe.each([
	...senders.map(({ folder, nodeType, definition }) => ({
		folder,
		nodeType,
		version: 2,
		needsPayload: definition.needsPayload,
	})),
	{
		folder: 'Gen',
		nodeType: 'n8n-nodes-brazil-commerce.genEventLogTrigger',
		version: 1,
	},
])('$nodeType', ({ folder, version }) => {
	const names = fixtureNames(folder).map((name): [string] => [name]);

	it('has its schema where n8n looks for it', () => {
		expect(fileFor(folder, version)).toBe(join(folder, '__schema__', `v${version}.0.0.json`));
	});

	it.each(names)('makes of %s what its schema says', (name) => {
		// No schema describes the payload, which some items carry.
		const { payload: _, ...item } = expectedItem(folder, name);
		expect(item.delivery).toMatchObject({ receivedAt: '<time>' });
		Object.assign(objectAt(item, 'delivery'), { receivedAt: '2026-01-31T12:00:00.000Z' });
		expect(problemsIn(item, fileFor(folder, version))).toEqual([]);
	});
});

/** One run of each operation that has a schema, with what the provider's documents have it answer. */
const ORDER_ID = '6c48f2e3-722a-8198-fffc-73b458502665';
const pix = readFixture('Gen', 'PAYMENT.CREATED');
const payment = { data: objectAt(pix, 'data') };
const paymentParameters = {
	resource: 'payment',
	paymentId: '1',
	orderId: ORDER_ID,
	sessionId: '1',
};
const gestaoOnlineOrder = JSON.parse(
	readFileSync(inRoot('testkit', 'mockApis', 'gestaoOnlineOrder.json'), 'utf8'),
) as JsonObject;

interface OperationRun {
	resource: string;
	operation: string;
	parameters?: Record<string, unknown>;
	answers: JsonValue[];
}

const ACTIONS: Array<{
	folder: string;
	node: INodeType;
	runs: OperationRun[];
	/** Operations whose answer no document shows. */
	without: string[];
}> = [
	{
		folder: 'GestaoOnline',
		node: new GestaoOnline(),
		runs: [
			{
				resource: 'order',
				operation: 'get',
				parameters: { orderId: '593' },
				answers: [{ data: gestaoOnlineOrder }, { data: {} }],
			},
			{
				resource: 'order',
				operation: 'create',
				parameters: {
					customerName: 'Ana Souza',
					customerEmail: 'ana@example.com',
					customerDocument: '12345678909',
					items: { item: [{ product: 'CERT-A1', quantity: 1 }] },
				},
				answers: [{ data: { publicToken: 'OMzMyMQ_MTY4', orderCode: 'SALE-1', orderId: 593 } }],
			},
			{
				resource: 'order',
				operation: 'cancel',
				parameters: { orderId: '593' },
				answers: [{ status: 200, detail: 'Order successfully canceled' }, ''],
			},
		],
		without: [],
	},
	{
		folder: 'Gen',
		node: new Gen(),
		runs: [
			{
				resource: 'order',
				operation: 'create',
				parameters: {
					customerSource: 'none',
					items: { item: [{ description: 'Produto 1', quantity: 2, unitPrice: 22.9 }] },
				},
				answers: [{ data: objectAt(readFixture('Gen', 'variation-order-event'), 'data') }, {}],
			},
			...['variation-payment-credit', 'variation-payment-bank-slip', 'PAYMENT.CREATED'].map(
				(fixture) => ({
					resource: 'payment',
					operation: 'create',
					parameters: {
						...paymentParameters,
						method: 'PIX',
						pixExpiration: '2027-01-01T00:00:00',
						customerSource: 'order',
					},
					answers: [{ data: objectAt(readFixture('Gen', fixture), 'data') }],
				}),
			),
			{
				resource: 'payment',
				operation: 'capture',
				parameters: paymentParameters,
				answers: [payment, ''],
			},
			{
				resource: 'payment',
				operation: 'refund',
				parameters: { ...paymentParameters, amount: 22.9 },
				answers: [payment, ''],
			},
			{
				resource: 'event',
				operation: 'getAll',
				parameters: { returnAll: true },
				answers: [{ data: [pix, readFixture('Gen', 'variation-order-event')] }],
			},
			{
				resource: 'webhook',
				operation: 'delete',
				parameters: { webhookId: '7' },
				answers: [''],
			},
		],
		without: ['notification/getAll', 'webhook/create', 'webhook/getAll'],
	},
];

async function outputOf(node: INodeType, run: Run): Promise<JsonObject[]> {
	const output = await node.execute?.call(fakeExecute(run).context);
	const [items = []] = Array.isArray(output) ? output : [];
	return items.map(({ json }) => copyOf(json as JsonObject));
}

describe.each(ACTIONS)('$node.description.displayName', ({ folder, node, runs, without }) => {
	const version = Number(node.description.version);
	const operations = node.description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			options.map((option) => [
				String(displayOptions?.show?.resource?.[0]),
				'value' in option ? String(option.value) : '',
			]),
		);

	it('has a schema where n8n looks for it, for every operation with a known output', () => {
		const [known, unknown] = [true, false].map((isKnown) =>
			operations
				.filter(([resource, operation]) => {
					return (fileFor(folder, version, resource, operation) !== undefined) === isKnown;
				})
				.map((parts) => parts.join('/'))
				.sort(),
		);
		expect(unknown).toEqual(without);
		const run = new Set(runs.map(({ resource, operation }) => `${resource}/${operation}`));
		expect(known).toEqual([...run].sort());
	});

	it.each(runs.flatMap(({ answers, ...run }) => answers.map((answer) => ({ ...run, answer }))))(
		'makes of an answer to $resource/$operation what its schema says',
		async ({ resource, operation, parameters, answer }) => {
			const items = await outputOf(node, {
				items: [{ resource, operation, ...parameters }],
				credential: {
					environment: 'sandbox',
					sellerId: '1',
					apiKey: 'key-0123456789',
					webhookToken: TOKEN,
				},
				answer,
			});
			expect(items.length).toBeGreaterThan(0);
			const file = fileFor(folder, version, resource, operation);
			for (const item of items) expect(problemsIn(item, file)).toEqual([]);
		},
	);
});

describe('a folder with several nodes', () => {
	it('has no schema that n8n would not look for', () => {
		const triggers = senders.map(({ folder }) => join(folder, '__schema__', 'v2.0.0.json'));
		const actions = ACTIONS.flatMap(({ folder, runs }) =>
			runs.map(({ resource, operation }) => fileFor(folder, 1, resource, operation)),
		);
		const log = join('Gen', '__schema__', 'v1.0.0.json');
		expect([...new Set([...triggers, ...actions, log])].sort()).toEqual(files);
	});

	it('has all of them in the package, beside the compiled nodes', () => {
		for (const file of files) {
			const [source, copy] = ['nodes', join('dist', 'nodes')].map((folder) =>
				readFileSync(inRoot(folder, file), 'utf8'),
			);
			expect([file, copy]).toEqual([file, source]);
		}
	});
});
