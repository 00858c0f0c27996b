import type { WorkflowNode } from '../../testkit/n8n/api.mts';
import type { HttpResponse } from '../../testkit/n8n/http.mts';
import { packPackage } from '../../testkit/n8n/package.mts';
import type { N8nProcess } from '../../testkit/n8n/process.mts';
import { Postgres } from '../../testkit/services/postgres.mts';
import { QueueMode } from '../../testkit/services/queueMode.mts';
import { Redis, type Monitor } from '../../testkit/services/redis.mts';
import {
	deliver,
	eventually,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	outputsOf,
	RECEIVED,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { senderOf, senders } from '../../testkit/providers/senders.mts';
import { marked, removeDuplicates, several, type Marked } from '../../testkit/live/faults.mts';

const DELIVERIES = 1_000;
const CLIENTS = 16;
const DELIVERED_BEFORE_THE_KILL = 400;
const WORKER_CONCURRENCY = 10;
/** So many that they do not all end in the moment before the worker is killed. */
const IN_HAND_AT_THE_KILL = 3;
const COPIED = 12;
const WAITING = 40;
const ATTEMPTS = 5;

const ENVIRONMENT = {
	// One expression isolate costs some 80 ms: this is about the queue, not about n8n's expressions.
	N8N_EXPRESSION_ENGINE: 'legacy',
	// A dead worker's executions are noticed after this time; by default after a minute.
	QUEUE_WORKER_LOCK_DURATION: '20000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

const say = (line: string) => process.stdout.write(`  ${line}\n`);

let postgres: Postgres;
let redis: Redis;
let queue: QueueMode;
let monitor: Monitor;
let triggers: LiveTrigger[];
let waiting: Sent[];

beforeAll(async () => {
	const tarball = await packPackage(say);
	// One after the other: apt-get does not install two things at a time.
	postgres = await Postgres.start(say);
	redis = await Redis.start(say);
	monitor = await redis.monitor();
	queue = await QueueMode.start({ tarball, postgres, redis, env: ENVIRONMENT, report: say });
	await Promise.all([queue.startProcessor(), queue.startProcessor()]);
	// n8n replaces an execution's data when its worker dies, so what it was for is written down when it is made.
	await postgres.run(`
		CREATE TABLE made (execution integer, marker text);
		CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO made SELECT NEW."executionId", substring(NEW.data from 'marked:[0-9a-f-]{36}');
			RETURN NEW;
		END $$;
		CREATE TRIGGER write_down AFTER INSERT ON execution_data FOR EACH ROW EXECUTE FUNCTION write_down();`);
	const onError = await queue.main.createWorkflow({
		name: 'On error',
		nodes: [node('Error', 'errorTrigger', 1), node('Done', 'noOp', 1)],
		connections: { Error: { main: [[{ node: 'Done', type: 'main', index: 0 }]] } },
	});
	await queue.main.activate(onError.id);
	triggers = [];
	for (const sender of senders) {
		const trigger = await liveTrigger(queue.main, sender, {
			parameters: { options: { includePayload: true, ignoreDuplicates: true } },
			// Long enough for executions to be in the worker's hands when it dies.
			chain: [node('Wait', 'wait', 1.1, { amount: 0.5, unit: 'seconds' }), node('Done', 'noOp', 1)],
		});
		const settings = { errorWorkflow: onError.id };
		await queue.main.updateWorkflow(trigger.workflowId, { settings });
		await queue.main.activate(trigger.workflowId);
		triggers.push(trigger);
	}
	say('PostgreSQL, Redis, n8n and two webhook processors run');
});

afterAll(async () => {
	monitor?.stop();
	await queue?.stop();
	await Promise.all([postgres?.stop(), redis?.stop()]);
});

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown> = {},
): WorkflowNode => ({ name, type: `n8n-nodes-base.${type}`, typeVersion, parameters });

/** The triggers in turn. */
function triggerAt(index: number): LiveTrigger {
	const trigger = triggers[index % triggers.length];
	if (!trigger) throw new Error('There is no trigger.');
	return trigger;
}

/** A delivery that repeats the token, as careless providers do. */
const newDelivery = ({ sender, token }: LiveTrigger): Marked =>
	marked(sender, 0, { echo: `before ${token} after` });

/** Delivers to a webhook processor. */
const deliverTo = async (trigger: LiveTrigger, { event, payload }: Marked, { url }: N8nProcess) =>
	await deliver(trigger, event, { payload, url: `${url}${new URL(trigger.url).pathname}` });

/** One delivery of a provider, which tries until somebody answers. */
interface Sent {
	marker: string;
	/** How often it was sent and nobody listened. */
	refused: number;
	/** How often it was sent and the connection broke before an answer: the execution may be there. */
	broken: number;
	answer: HttpResponse;
}

/** Delivers to the first of the processors, and to the next one when there is no answer, as a balancer would. */
async function deliverToAny(
	trigger: LiveTrigger,
	processors: readonly N8nProcess[],
): Promise<Sent> {
	const delivery = newDelivery(trigger);
	const sent = { marker: delivery.marker, refused: 0, broken: 0 };
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const processor = processors[attempt % processors.length];
		if (!processor) break;
		try {
			return { ...sent, answer: await deliverTo(trigger, delivery, processor) };
		} catch (error) {
			const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
			sent[isRefused ? 'refused' : 'broken']++;
		}
	}
	throw new Error(`${sent.marker} got no answer from ${processors.length} processors.`);
}

/** How many executions there are of each marker, whatever became of them. */
async function executionsByMarker(): Promise<Map<string, number>> {
	const rows = await postgres.rows<{ marker: string; count: number }>(
		'SELECT marker, count(*) AS count FROM made GROUP BY marker',
	);
	return new Map(rows.map(({ marker, count }) => [marker, count]));
}

async function countByStatus(): Promise<Record<string, number>> {
	const rows = await postgres.rows<{ status: string; count: number }>(
		`SELECT status, count(*) AS count FROM execution_entity WHERE mode = 'webhook' GROUP BY status`,
	);
	return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Resolves with the counts when no execution is waiting or running. */
const untilAllEnded = async () =>
	await eventually(async () => {
		const counts = await countByStatus();
		expect(counts).toEqual({ ...counts, new: undefined, running: undefined });
		return counts;
	});

/** Resolves when no job waits or is in a worker's hands, as far as Redis knows. */
const untilIdle = async () =>
	await eventually(async () => {
		expect(await redis.length('bull:jobs:wait')).toBe(0);
		expect(await redis.length('bull:jobs:active')).toBe(0);
	});

/** How many executions a worker has begun and not ended, by its log. */
function inHand(worker: N8nProcess): number {
	const count = (line: RegExp) => worker.log().match(line)?.length ?? 0;
	return count(/Worker started execution/g) - count(/Worker finished execution/g);
}

/** Whether a job was ever made of an execution. */
const wasQueued = (commands: string, execution: number) =>
	commands.includes(`\\"executionId\\":\\"${execution}\\"`);

/** Fails when the part is not in the text, without printing that: it is long. */
function expectHolds(text: string | Buffer, part: string): void {
	expect({ part, isThere: text.includes(part) }).toEqual({ part, isThere: true });
}

/** Fails when a token is in the text, without printing either. */
function expectNoToken(text: string | Buffer): void {
	const found = triggers.filter(({ token }) => text.includes(token));
	expect(found.map(({ sender }) => sender.provider)).toEqual([]);
}

it('deliveries are accepted while no worker runs, and their jobs in Redis hold no token', async () => {
	waiting = await several(
		WAITING,
		CLIENTS,
		async (index) => await deliverToAny(triggerAt(index), turned(queue.processors, index)),
	);
	for (const { answer } of waiting) expectAnswer(answer, 200, RECEIVED);
	expect(await countByStatus()).toEqual({ new: WAITING });
	expect(await redis.length('bull:jobs:wait')).toBe(WAITING);

	const dump = await redis.dump();
	for (const { workflowId } of triggers) expectHolds(dump, workflowId);
	expectNoToken(dump);
	const stored = await postgres.dump();
	for (const { marker } of waiting) expectHolds(stored, marker);
	expectNoToken(stored);
});

it('a worker that starts later runs them', async () => {
	await Promise.all([queue.startWorker(WORKER_CONCURRENCY), queue.startWorker(WORKER_CONCURRENCY)]);
	expect(await untilAllEnded()).toEqual({ success: WAITING });
	const made = await executionsByMarker();
	for (const { marker } of waiting)
		expect({ marker, made: made.get(marker) }).toEqual({ marker, made: 1 });
});

it('copies of a delivery run once in each processor: duplicates are known per process', async () => {
	const markers = await several(COPIED, 4, async (index) => {
		const trigger = triggerAt(index);
		const delivery = newDelivery(trigger);
		const twice = [...queue.processors, ...queue.processors];
		const answers = await Promise.all(twice.map((one) => deliverTo(trigger, delivery, one)));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
		return delivery.marker;
	});
	const counts = await executionsByMarker();
	expect(markers.map((marker) => counts.get(marker))).toEqual(markers.map(() => 2));
});

it('with Remove Duplicates on delivery.id the rest runs once, when the first is done before its copy comes', async () => {
	const trigger = await liveTrigger(queue.main, senderOf('goatCom'), {
		parameters: { options: { includePayload: true } },
		chain: [removeDuplicates, node('Business', 'noOp', 1)],
	});
	for (let index = 0; index < COPIED; index++) {
		const delivery = newDelivery(trigger);
		for (const processor of queue.processors) {
			expectAnswer(await deliverTo(trigger, delivery, processor), 200, RECEIVED);
			await untilAllEnded();
		}
	}
	await expectExecutions(trigger, 2 * COPIED);
	expect((await outputsOf(trigger, 'Business')).flat()).toHaveLength(COPIED);
});

it('a processor and a worker die midway, and every acknowledged delivery is one execution', async () => {
	const before = await countByStatus();
	const [newest] = await postgres.rows<{ id: number }>(
		'SELECT max(id) AS id FROM execution_entity',
	);
	const start = Date.now();
	const [, dying] = queue.processors;
	const [, worker] = queue.workers;
	if (!dying || !worker) throw new Error('There is only one processor or worker.');
	let answered = 0;
	let killed: Promise<unknown> | undefined;
	const sent = await several(DELIVERIES, CLIENTS, async (index) => {
		const processors = turned(queue.processors, Math.floor(index / triggers.length));
		const one = await deliverToAny(triggerAt(index), processors);
		answered++;
		const isTime = answered >= DELIVERED_BEFORE_THE_KILL && inHand(worker) >= IN_HAND_AT_THE_KILL;
		if (isTime) killed ??= Promise.all([dying.kill(), worker.kill()]);
		return one;
	});
	await killed;
	for (const { answer } of sent) expectAnswer(answer, 200, RECEIVED);
	const refused = sent.filter(({ refused }) => refused > 0).length;
	const broken = sent.filter(({ broken }) => broken > 0);
	expect(refused).toBeGreaterThan(0);
	say(
		`${DELIVERIES} deliveries acknowledged in ${seconds(start)} s; ${refused} were refused by the dead processor and sent to the other, ${broken.length} were cut off`,
	);

	const made = await executionsByMarker();
	for (const { marker, broken } of sent) {
		const times = made.get(marker) ?? 0;
		// One that was cut off may have been taken, which its sender cannot know.
		const isRight = broken === 0 ? times === 1 : times >= 1 && times <= 1 + broken;
		expect({ marker, times, isRight }).toEqual({ marker, times, isRight: true });
	}
	const twice = broken.filter(({ marker }) => made.get(marker) === 2).length;
	say(`of those cut off, ${twice} had been taken and so ran twice`);

	// The worker that is left runs those that nobody had begun, and finds the jobs of the dead one: n8n gives them up.
	await untilIdle();
	say(`after ${seconds(start)} s: ${JSON.stringify(await countByStatus())}`);
	await queue.main.stop();
	for (const trigger of triggers) {
		const { answer } = await deliverToAny(trigger, queue.processors.slice(0, 1));
		expectAnswer(answer, 200, RECEIVED);
	}
	await untilIdle();
	// Those whose processor died too have nobody who waits for them: the next main process marks them.
	await queue.startMainAgain();
	const counts = await untilAllEnded();
	say(`after a restart of the main process: ${JSON.stringify(counts)}`);
	const { success = 0, error = 0, crashed = 0, ...rest } = counts;
	expect(rest).toEqual({});
	const unfinished = error + crashed - (before.error ?? 0);
	expect(success + unfinished).toBe((before.success ?? 0) + DELIVERIES + triggers.length + twice);

	const lost = await postgres.rows<{ id: number; status: string; has_data: boolean }>(`
		SELECT e.id, e.status, strpos(d.data, made.marker) > 0 AS has_data
		FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id JOIN made ON made.execution = e.id
		WHERE e.status IN ('error', 'crashed') AND made.marker IS NOT NULL AND e.id > ${newest?.id ?? 0}`);
	const commands = monitor.commands();
	const inDeadHands = lost.filter(({ id }) => wasQueued(commands, id));
	const neverQueued = lost.filter(({ id }) => !wasQueued(commands, id));
	const [told] = await postgres.rows<{ count: number }>(
		`SELECT count(*) AS count FROM execution_entity WHERE mode = 'error'`,
	);
	say(`the error workflow ran ${told?.count ?? 0} times`);
	for (const { id, status, has_data } of lost) {
		const where = wasQueued(commands, id) ? "in the dead worker's hands" : 'never queued';
		say(`${where}: ${status}, ${has_data ? 'its data is there' : 'its data is gone'}`);
	}
	expect(inDeadHands.length).toBeGreaterThan(0);
	expect(inDeadHands.length).toBeLessThanOrEqual(WORKER_CONCURRENCY);
	// The processor died between storing an execution and queueing it, and so before it could acknowledge it.
	expect(neverQueued.map(({ status }) => status)).toEqual(neverQueued.map(() => 'crashed'));
	expect(neverQueued.length).toBeLessThanOrEqual(broken.length);
});

it('no token was ever sent to Redis, or is in the database or a log', async () => {
	const commands = monitor.commands();
	expectHolds(commands, 'bull:jobs:');
	for (const { workflowId } of triggers) expectHolds(commands, workflowId);
	expectNoToken(commands);
	expectNoToken(await redis.dump());
	const stored = await postgres.dump();
	expectHolds(stored, 'marked:');
	expectHolds(stored, 'before [redacted] after');
	expectNoToken(stored);
	for (const process of [queue.main, ...queue.processors, ...queue.workers]) {
		expectNoToken(process.log());
	}
});

const seconds = (start: number) => Math.round((Date.now() - start) / 1000);

/** The list, beginning with another element each time. */
function turned<T>(list: readonly T[], by: number): T[] {
	const from = by % list.length;
	return [...list.slice(from), ...list.slice(0, from)];
}
