import type { IDataObject, INode, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { deliveryId } from '../../../nodes/core/duplicate';
import type { Json, JsonObject } from '../../../nodes/core/json';
import { EventLog, parseLog } from '../../../nodes/Gen/eventLog';
import { eventId, gen, timeOf } from '../../../nodes/Gen/gen';
import { guardPrototypes } from '../../../testkit/fakes/arrival.mts';
import { partly } from '../../../testkit/fakes/fakeContext.mts';
import { deepJson } from '../../../testkit/fakes/fakeProvider';
import { HOSTILE_VALUES } from '../../../testkit/hostile/hostile.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';

guardPrototypes();

const payment = objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
const event = (changes: JsonObject = {}): JsonObject => ({
	event: 'PAYMENT.CREATED',
	data: payment,
	...changes,
});
const keys = (answer: Json) => parseLog(answer)?.map(({ key }) => key);

it.each<[Json, number | undefined]>([
	[[event(), { id: 'evt-1' }], 2],
	[{ data: [event(), { id: 'evt-1' }] }, 2],
	[{ data: {} }, undefined],
	[null, undefined],
])('finds in %j the list of the log', (answer, length) => {
	expect(keys(answer)?.length).toBe(length);
});

it("keys an entry by the webhook's delivery id of the same event", () => {
	const body = event({ id: 'evt-1', inserted_at: '2026-11-20T10:00:00Z' });
	const bytes = Buffer.from(JSON.stringify(body));
	expect(keys([body])).toEqual([deliveryId(gen, body, 'PAYMENT.CREATED', bytes)]);
});

it('treats equal entries as different events, unless they have the same id of their own', () => {
	expect(new Set(keys([event(), event(), event()])).size).toBe(3);
	expect(keys([event({ id: 'evt-1' }), event({ id: 'evt-1' })])).toHaveLength(1);
});

it('keeps entries that are not objects, to be reported', () => {
	const entries = parseLog([event(), 'broken', null, ['list']]) ?? [];
	expect(entries.map(({ body }) => body === undefined)).toEqual([false, true, true, true]);
	expect(new Set(entries.map(({ key }) => key)).size).toBe(4);
});

it.each<[JsonObject, number | undefined]>([
	[event({ inserted_at: '2026-11-20T10:00:00-03:00' }), Date.UTC(2026, 10, 20, 13)],
	[event(), Date.parse(String(payment.updated_at))],
	[{ event: 'PAYMENT.CREATED' }, undefined],
])("reads the time of %j, its own or its payment's", (body, time) => {
	expect(parseLog([body])?.[0]?.time).toBe(time);
});

/** An event with this JSON in the places of its own time and id and of its payment's. */
function hostileEvent(json: string): JsonObject {
	const value: Json = JSON.parse(json);
	const places = { id: value, inserted_at: value };
	return event({ ...places, data: { ...payment, ...places, updated_at: value, status: value } });
}

it.each(HOSTILE_VALUES)('reads one entry with %s in it, and one that is nothing else', (json) => {
	const body = hostileEvent(json);
	const entry = { key: expect.any(String), id: expect.any(String), time: timeOf(body), body };
	expect(parseLog([body])).toEqual([entry]);
	expect(Number.isFinite(timeOf(body) ?? 0)).toBe(true);
	const value: Json = JSON.parse(json);
	expect(parseLog([value])).toHaveLength(1);
	expect(parseLog(value) === undefined || Array.isArray(value)).toBe(true);
});

it("reads an event's own id beside that of its payment", () => {
	expect(eventId({ ...hostileEvent('"x"'), id: 'evt-1' })).toBe('evt-1');
});

// String() throws on such objects and on lists as deep as that, JSON.stringify on such lists.
it.each(['{"toString":1,"valueOf":1}', deepJson(10_000)])(
	'reads entries that cannot be made text: %.30s',
	(json) => {
		const value: Json = JSON.parse(json);
		expect(timeOf(hostileEvent(json))).toBeUndefined();
		expect(new Set(keys([value, value, event({ data: { value } })])).size).toBe(3);
	},
);

it('reads a log of ten thousand equal entries in linear time', () => {
	const cpuTime = (length: number) => {
		const log: Json[] = new Array<Json>(length).fill(event());
		const start = process.cpuUsage();
		expect(keys(log)).toHaveLength(length);
		const { user, system } = process.cpuUsage(start);
		return user + system;
	};
	const fastest = (length: number) => Math.min(...[1, 2, 3, 4, 5].map(() => cpuTime(length)));
	// Ten times the length takes about ten times as long; comparing all pairs would take a hundred times.
	expect(fastest(10_000) / fastest(1_000)).toBeLessThan(50);
});

/** The trigger as n8n runs it, and n8n's saving of static data when it emits. */
function fakeTrigger(staticData: IDataObject = {}, { id = 'node-1', name = 'Log' } = {}) {
	const node: INode = {
		id,
		name,
		type: 'n8n-nodes-brazil-commerce.genEventLogTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const fake = {
		/** Gen's answer. */
		log: async (): Promise<Json> => [],
		/** The static data as n8n saves it. */
		saved: '',
		ran: [] as unknown[],
		poll: () => {},
	};
	const parameters = new Map<string, unknown>([
		['events', ['*']],
		['pollTimes', { item: [{ mode: 'everyMinute' }] }],
	]);
	const dataOf = (key: string) => (staticData[key] ??= {}) as IDataObject;
	const context = partly<ITriggerFunctions>({
		getMode: () => 'trigger',
		getActivationMode: () => 'update',
		getNode: () => node,
		getWorkflow: () => ({ id: 'workflow-1', active: true }),
		getWorkflowStaticData: (type) => dataOf(type === 'global' ? type : `node:${name}`),
		getNodeParameter: jest
			.fn()
			.mockImplementation(
				(parameter: string, fallback?: unknown) => parameters.get(parameter) ?? fallback,
			),
		getCredentials: async <T extends object>() =>
			({ baseUrl: 'https://gen.example.com', sellerId: 'shop' }) as T,
		emit: (data: INodeExecutionData[][]) => {
			fake.saved = JSON.stringify(staticData);
			fake.ran.push(...data.flat().map(({ json }) => json.id));
		},
		helpers: partly<ITriggerFunctions['helpers']>({
			httpRequestWithAuthentication: async () => await fake.log(),
			registerCron: (_cron, onTick) => void (fake.poll = () => onTick(new Date())),
		}),
	});
	return { fake, follow: async () => await new EventLog(context).follow() };
}

const created = (id: string): JsonObject => event({ id, data: { ...payment, id } });
const settled = async () => await new Promise((resolve) => setImmediate(resolve));

it('saves what it emits with the emit itself, under the id of the node', async () => {
	const { fake, follow } = fakeTrigger();
	await follow();
	fake.log = async () => [created('payment-1')];
	fake.poll();
	await settled();
	expect(fake.ran).toEqual(['payment-1']);

	// n8n is killed and starts again with the data of that save; the node was renamed.
	const next = fakeTrigger(JSON.parse(fake.saved), { name: 'Renamed' });
	next.fake.log = async () => [created('payment-1'), created('payment-2')];
	await next.follow();
	expect(next.fake.ran).toEqual(['payment-2']);
});

it('emits nothing when it was closed during the poll', async () => {
	const { fake, follow } = fakeTrigger();
	const { closeFunction } = await follow();
	let answer: (log: Json) => void = () => {};
	fake.log = async () => await new Promise((resolve) => (answer = resolve));
	fake.poll();
	await settled();
	await closeFunction?.();
	answer([created('payment-1')]);
	await settled();
	expect(fake.ran).toEqual([]);
});

it('hands its last state to the trigger that replaces it, which may get older static data', async () => {
	const { fake, follow } = fakeTrigger();
	const { closeFunction } = await follow();
	fake.log = async () => [created('payment-1')];
	fake.poll();
	await settled();
	const before = JSON.parse(fake.saved);
	fake.log = async () => [created('payment-1'), created('payment-2')];
	fake.poll();
	await settled();
	await closeFunction?.();
	expect(fake.ran).toEqual(['payment-1', 'payment-2']);

	const next = fakeTrigger(before);
	next.fake.log = async () => ['payment-1', 'payment-2', 'payment-3'].map(created);
	await next.follow();
	expect(next.fake.ran).toEqual(['payment-3']);
	expect(next.fake.saved).toContain(parseLog([created('payment-2')])?.[0]?.key);
});

it('is not activated with a log that cannot be read', async () => {
	const { fake, follow } = fakeTrigger();
	fake.log = async () => ({ results: [] });
	await expect(follow()).rejects.toThrow(/event log must be a list/);
});
