// Sends good, unwanted, wrong and hostile deliveries for a long time, and watches n8n's memory and answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { liveTrigger, type LiveTrigger } from '../../testkit/live/liveTrigger.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { byWebhookNode } from '../contenders.mts';
import { openDatabaseFile } from '../../testkit/n8n/database.mts';
import { request, type HttpResponse } from '../../testkit/n8n/http.mts';
import { startN8n, type N8n } from '../../testkit/n8n/n8n.mts';
import { packPackage } from '../../testkit/n8n/package.mts';
import { describeSoak, failuresIn, measureMemory, type SoakLog } from './report.mts';
import { nextMessage, wantedEvent, type Message, type Outcome } from './traffic.mts';

const USAGE = `npm run soak [-- --minutes 30] [--clients 3] [--engine legacy]

  --minutes  how long
  --clients  how many deliveries are on their way at a time, to each of the two n8n
  --engine   n8n's expression engine: legacy, or default, which costs much time per delivery

Two n8n get the same mix at the same time: one with this package, one without it, whose Webhook node checks a header.
Ends with 0 when every request was answered as it should be and each accepted delivery was one execution.`;

const SAMPLE_EVERY_MS = 10_000;
const SETTLE_MS = 60_000;
const WRONG_TOKEN = 'wrong-token-0123456789';

const newLog = (name: string): SoakLog => ({
	name,
	seconds: 0,
	samples: [],
	sent: 0,
	answers: new Map(),
	accepted: 0,
	executions: 0,
	unsuccessful: 0,
	failures: [],
});

/** An answer's status, a part of its body, and whether an execution comes of it. */
type Expected = [status: number, body: string, isExecution?: true];

/** An n8n under test, what it should answer, and what it did. */
interface Subject {
	n8n: N8n;
	expected: Record<Outcome, Expected>;
	send(message: Message, body: string, isTokenRight: boolean): Promise<HttpResponse>;
	log: SoakLog;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '30' },
			clients: { type: 'string', default: '3' },
			engine: { type: 'string', default: 'legacy' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	const minutes = Number(values.minutes);
	const clients = Number(values.clients);
	if (!(minutes > 0) || !Number.isInteger(clients) || clients < 1) {
		throw new Error(`--minutes and --clients must be numbers above 0.\n\n${USAGE}`);
	}
	const folder = await mkdtemp(join(tmpdir(), 'soak-'));
	const subjects: Subject[] = [];
	try {
		const tarball = await packPackage(console.log);
		subjects.push(await withPackage(join(folder, 'with'), tarball, values.engine));
		subjects.push(await withoutPackage(join(folder, 'without'), values.engine));
		console.log(`Sending for ${minutes} minutes`);
		await soak(subjects, minutes, clients);
		const logs = subjects.map(({ log }) => log);
		console.log(`\n${describeSoak(logs)}\n`);
		const failures = failuresIn(logs);
		for (const failure of failures) console.log(failure);
		console.log(failures.length === 0 ? 'Everything was answered as it should be.' : 'Failed.');
		process.exitCode = failures.length === 0 ? 0 : 1;
	} finally {
		await Promise.all(subjects.map(async ({ n8n }) => await n8n.stop()));
		await rm(folder, { recursive: true, force: true });
	}
}

function environment(engine: string): Record<string, string> {
	return {
		...(engine === 'legacy' && { N8N_EXPRESSION_ENGINE: 'legacy' }),
		N8N_LOG_LEVEL: 'warn',
		N8N_METRICS: 'true',
		// Else the database grows with every execution. Those that fail are kept.
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	};
}

async function withPackage(userFolder: string, tarball: string, engine: string): Promise<Subject> {
	const n8n = await startN8n({
		userFolder,
		tarball,
		env: environment(engine),
		report: console.log,
	});
	const triggers = new Map<string, LiveTrigger>();
	for (const sender of senders) {
		const parameters = { events: [wantedEvent(sender)], options: { ignoreDuplicates: true } };
		triggers.set(sender.provider, await liveTrigger(n8n, sender, { parameters }));
	}
	return {
		n8n,
		log: newLog('with this package'),
		expected: {
			accepted: [200, '{"received":true}', true],
			unwanted: [200, '"ignored":"event"'],
			duplicate: [200, '"ignored":"duplicate"'],
			refused: [401, 'The token is missing or wrong.'],
			'not an object': [400, 'The body is not a JSON object.'],
			'broken JSON': [422, ''],
			'headers too large': [431, ''],
		},
		send: async ({ sender, event, headers }, body, isTokenRight) => {
			const trigger = triggers.get(sender.provider);
			if (!trigger) throw new Error(`There is no trigger of ${sender.provider}.`);
			const token = isTokenRight ? trigger.token : WRONG_TOKEN;
			const sent = sender.delivery(event, {}, trigger.url, token);
			return await request({ ...sent, headers: { ...sent.headers, ...headers }, body });
		},
	};
}

async function withoutPackage(userFolder: string, engine: string): Promise<Subject> {
	const n8n = await startN8n({ userFolder, env: environment(engine), report: console.log });
	const webhook = await byWebhookNode(n8n, 'goatCom', { isBare: true });
	const started: Expected = [200, 'Workflow was started', true];
	return {
		n8n,
		log: newLog('Webhook node'),
		expected: {
			accepted: started,
			unwanted: started,
			duplicate: started,
			refused: [403, ''],
			'not an object': started,
			'broken JSON': [422, ''],
			'headers too large': [431, ''],
		},
		send: async ({ headers }, body, isTokenRight) => {
			const own = webhook.headers(body, isTokenRight);
			return await request({ url: webhook.url, headers: { ...own, ...headers }, body });
		},
	};
}

/** Sends to all subjects until the time is over or Ctrl-C, and lets them finish what they have begun. */
async function soak(subjects: readonly Subject[], minutes: number, clients: number): Promise<void> {
	const start = Date.now();
	const until = start + minutes * 60_000;
	let isOver = false;
	process.once('SIGINT', () => (isOver = true));
	const lasts = () => !isOver && Date.now() < until;

	const watch = async ({ n8n, log }: Subject): Promise<void> => {
		while (lasts()) {
			const sample = await measureMemory(n8n.url, (Date.now() - start) / 60_000);
			log.samples.push(sample);
			if (log.samples.length % 30 === 1) {
				console.log(
					`  ${sample.atMinute.toFixed(0)} min, ${log.name}: ${log.sent} sent, ${sample.resident.toFixed(0)} MB`,
				);
			}
			await sleep(SAMPLE_EVERY_MS);
		}
	};
	const client = async (subject: Subject): Promise<void> => {
		while (lasts()) await sendAll(subject, nextMessage());
	};
	await Promise.all(
		subjects.flatMap((subject) => [
			watch(subject),
			...Array.from({ length: clients }, async () => await client(subject)),
		]),
	);
	for (const { log, n8n } of subjects) {
		log.seconds = (Date.now() - start) / 1000;
		Object.assign(log, await executionsOf(n8n));
	}
}

/** Sends a message's parts one after the other, and notes the answers. */
async function sendAll({ send, expected, log }: Subject, message: Message): Promise<void> {
	for (const { body, outcome } of message.parts) {
		log.sent++;
		const [status, part, isExecution] = expected[outcome];
		let failure: string;
		try {
			const answer = await send(message, body, outcome !== 'refused');
			log.answers.set(answer.status, (log.answers.get(answer.status) ?? 0) + 1);
			if (answer.status === status && answer.body.includes(part)) {
				if (isExecution) log.accepted++;
				continue;
			}
			failure = `answered ${answer.status} ${answer.body.slice(0, 200)}`;
		} catch (error) {
			failure = String(error);
		}
		log.failures.push(`${message.kind}, ${message.sender.provider}: ${failure}`);
	}
}

/** How many executions an n8n has made, also those it has deleted, and how many did not succeed. */
async function executionsOf(n8n: N8n): Promise<Pick<SoakLog, 'executions' | 'unsuccessful'>> {
	const database = await openDatabaseFile(n8n.databaseFile);
	const read = async (query: string) => {
		const [row = {}] = await database.run(query);
		return Number(Object.values(row as Record<string, unknown>)[0] ?? 0);
	};
	const unsuccessful = async () =>
		await read(`SELECT count(*) FROM execution_entity WHERE status <> 'success'`);
	try {
		const deadline = Date.now() + SETTLE_MS;
		while ((await unsuccessful()) > 0 && Date.now() < deadline) await sleep(500);
		return {
			executions: await read(`SELECT seq FROM sqlite_sequence WHERE name = 'execution_entity'`),
			unsuccessful: await unsuccessful(),
		};
	} finally {
		database.close();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
