import type { IDataObject, INode, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { deliveryId } from '../../../nodes/core/duplicate';
import { EventLog, logEntriesOf } from '../../../nodes/Gen/eventLog';
import { gen } from '../../../nodes/Gen/gen';
import { partly } from '../../../testkit/fakes/fakeContext.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';

const payment = objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
const event = (changes: JsonObject = {}): JsonObject => ({
	event: 'PAYMENT.CREATED',
	data: payment,
	...changes,
});
const keys = (answer: Parameters<typeof logEntriesOf>[0]) =>
	logEntriesOf(answer)?.map(({ key }) => key);

it('reads a bare list and one in data, and nothing else', () => {
	const list = [event({ id: 'evt-1' }), event({ id: 'evt-2' })];
	expect(logEntriesOf(list)).toHaveLength(2);
	expect(logEntriesOf({ data: list })).toEqual(logEntriesOf(list));
	const others: JsonValue[] = [{ results: list }, { data: {} }, 'text', null, 7];
	for (const answer of others) {
		expect(logEntriesOf(answer)).toBeUndefined();
	}
});

it("keys an entry by the webhook's delivery id of the same event", () => {
	const body = event({ id: 'evt-1', inserted_at: '2026-11-20T10:00:00Z' });
	expect(keys([body])).toEqual([
		deliveryId(gen, body, 'PAYMENT.CREATED', Buffer.from(JSON.stringify(body))),
	]);
});

it('takes equal entries for different events, unless they have the same id of their own', () => {
	expect(new Set(keys([event(), event(), event()])).size).toBe(3);
	expect(keys([event({ id: 'evt-1' }), event({ id: 'evt-1' })])).toHaveLength(1);
});

it('keeps what is no event, to be reported', () => {
	const entries = logEntriesOf([event(), 'broken', null, ['list']]);
	expect(entries?.map(({ body }) => body === undefined)).toEqual([false, true, true, true]);
	expect(new Set(entries?.map(({ key }) => key)).size).toBe(4);
});

it('knows when an event happened, from its own time or from that of its payment', () => {
	const [own, ofPayment, none] =
		logEntriesOf([
			event({ inserted_at: '2026-11-20T10:00:00Z' }),
			event(),
			{ event: 'PAYMENT.CREATED' },
		]) ?? [];
	expect(own?.time).toBe(Date.UTC(2026, 10, 20, 10));
	expect(ofPayment?.time).toBe(Date.parse(String(payment.updated_at)));
	expect(none?.time).toBeUndefined();
});

/** The trigger as n8n runs it, and n8n's part of a hand-over. */
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
		/** What Gen answers with. */
		log: async (): Promise<JsonValue> => [],
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

it('remembers what it emits in the save that hands it over, under the id of the node', async () => {
	const { fake, follow } = fakeTrigger();
	await follow();
	fake.log = async () => [created('payment-1')];
	fake.poll();
	await settled();
	expect(fake.ran).toEqual(['payment-1']);

	// n8n is killed, and starts again with what it had saved when it was handed the event; the node has a new name.
	const next = fakeTrigger(JSON.parse(fake.saved), { name: 'Renamed' });
	next.fake.log = async () => [created('payment-1'), created('payment-2')];
	await next.follow();
	expect(next.fake.ran).toEqual(['payment-2']);
});

it('emits nothing of a poll during which it was closed', async () => {
	const { fake, follow } = fakeTrigger();
	const { closeFunction } = await follow();
	let answer: (log: JsonValue) => void = () => {};
	fake.log = async () => await new Promise((resolve) => (answer = resolve));
	fake.poll();
	await settled();
	await closeFunction?.();
	answer([created('payment-1')]);
	await settled();
	expect(fake.ran).toEqual([]);
});

it('leaves what it emitted last to its successor, which may get static data of before', async () => {
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
	expect(next.fake.saved).toContain(logEntriesOf([created('payment-2')])?.[0]?.key);
});

it('is not activated with a log that cannot be read', async () => {
	const { fake, follow } = fakeTrigger();
	fake.log = async () => ({ results: [] });
	await expect(follow()).rejects.toThrow(/event log is no list/);
});
