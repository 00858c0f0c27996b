// Sends good, unwanted, wrong and hostile deliveries for a long time, and watches n8n's memory and answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { liveTrigger, type LiveTrigger } from '../../testkit/live/liveTrigger.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { byWebhookNode, WRONG_TOKEN } from '../contenders.mts';
import { withN8n } from '../measure.mts';
import { openDatabaseFile } from '../../testkit/n8n/database.mts';
import { request, type HttpResponse } from '../../testkit/n8n/http.mts';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import { packPackage } from '../../testkit/n8n/package.mts';
import { waitFor } from '../../testkit/n8n/waitFor.mts';
import { describeSoak, measureMemory, type SoakLog } from './report.mts';
import { nextMessage, wantedEvent, type Message, type Outcome } from './traffic.mts';

const USAGE = `npm run soak [-- --minutes 30] [--clients 3] [--engine legacy]

  --minutes  how long
  --clients  how many deliveries are on their way at a time, to each of the two n8n
  --engine   n8n's expression engine: legacy, or default, which costs much time per delivery

Two n8n get the same mix at the same time: one with this package, one without it, whose Webhook node checks a header.
Ends with 0 when every request was answered as it should be and each accepted delivery was one execution.`;

const SAMPLE_EVERY_MS = 10_000;
const EXAMPLES = 5;

/** An answer's status, a part of its body, and whether an execution comes of it. */
type Expected = [status: number, body: string, isExecution?: true];

/** An n8n under test, what it should answer, and what it did. */
interface Subject extends SoakLog {
	n8n: N8n;
	expected: Record<Outcome, Expected>;
	send(message: Message, isTokenRight: boolean): Promise<HttpResponse>;
}

const newLog = (name: string): SoakLog => ({
	name,
	samples: [],
	answers: [],
	failures: [],
	sent: 0,
	accepted: 0,
	executions: 0,
	unsuccessful: 0,
});

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
	if (!(minutes > 0 && clients > 0)) throw new Error(USAGE);
	const env = {
		...(values.engine === 'legacy' && { N8N_EXPRESSION_ENGINE: 'legacy' }),
		N8N_METRICS: 'true',
		// Else the database grows with every execution. Those that fail are kept.
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	};
	const tarball = await packPackage(console.log);
	const logs = await withN8n(tarball, env, async (own) =>
		withN8n(undefined, env, async (other) => {
			const subjects = [await withPackage(own), await withoutPackage(other)];
			console.log(`Sending for ${minutes} minutes`);
			await soak(subjects, minutes, clients);
			return subjects;
		}),
	);
	for (const { name, failures } of logs) {
		for (const failure of failures.slice(0, EXAMPLES)) console.log(`${name}: ${failure}`);
	}
	const isGood = ({ failures, unsuccessful, accepted, executions }: SoakLog) =>
		failures.length + unsuccessful === 0 && accepted === executions;
	if (logs.every(isGood)) return console.log('Everything was answered as it should be.');
	console.log('Failed.');
	process.exitCode = 1;
}

async function withPackage(n8n: N8n): Promise<Subject> {
	const triggers = new Map<string, LiveTrigger>();
	for (const sender of senders) {
		const parameters = { events: [wantedEvent(sender)], options: { ignoreDuplicates: true } };
		triggers.set(sender.provider, await liveTrigger(n8n, sender, { parameters }));
	}
	return {
		...newLog('with this package'),
		n8n,
		expected: {
			accepted: [200, '{"received":true}', true],
			unwanted: [200, '"ignored":"event"'],
			duplicate: [200, '"ignored":"duplicate"'],
			refused: [401, 'The token is missing or wrong.'],
			'not an object': [400, 'The body is not a JSON object.'],
			'broken JSON': [422, ''],
			'headers too large': [431, ''],
		},
		send: async ({ sender, event, headers, body }, isTokenRight) => {
			const { url = '', token } = triggers.get(sender.provider) ?? {};
			const sent = sender.delivery(event, {}, url, isTokenRight ? token : WRONG_TOKEN);
			const own = { ...sent.headers, ...sender.signing?.headers(body) };
			return await request({ ...sent, headers: { ...own, ...headers }, body });
		},
	};
}

async function withoutPackage(n8n: N8n): Promise<Subject> {
	const webhook = await byWebhookNode(n8n, 'goatCom', { isBare: true });
	const started: Expected = [200, 'Workflow was started', true];
	return {
		...newLog('Webhook node'),
		n8n,
		expected: {
			accepted: started,
			unwanted: started,
			duplicate: started,
			refused: [403, ''],
			'not an object': started,
			'broken JSON': [422, ''],
			'headers too large': [431, ''],
		},
		send: async ({ headers, body }, isTokenRight) => {
			const own = webhook.headers(body, isTokenRight);
			return await request({ url: webhook.url, headers: { ...own, ...headers }, body });
		},
	};
}

/** Sends to all subjects until the time is over or Ctrl-C, lets them finish what they have begun, and prints the figures. */
async function soak(subjects: readonly Subject[], minutes: number, clients: number): Promise<void> {
	const start = Date.now();
	const minutesSoFar = () => (Date.now() - start) / 60_000;
	let isOver = false;
	process.once('SIGINT', () => (isOver = true));
	const lasts = () => !isOver && minutesSoFar() < minutes;

	const watch = async (subject: Subject): Promise<void> => {
		while (lasts()) {
			subject.samples.push(await measureMemory(subject.n8n.url, minutesSoFar()));
			await sleep(SAMPLE_EVERY_MS);
		}
	};
	const progress = () => {
		const sent = subjects.map((subject) => `${subject.name}: ${subject.sent} sent`);
		console.log(`  ${minutesSoFar().toFixed(0)} min, ${sent.join(', ')}`);
	};
	setInterval(progress, 300_000).unref();
	const client = async (subject: Subject): Promise<void> => {
		while (lasts()) await sendAll(subject, nextMessage());
	};
	await Promise.all(
		subjects.flatMap((subject) => [
			watch(subject),
			...Array.from({ length: clients }, async () => await client(subject)),
		]),
	);
	const lasted = minutesSoFar();
	for (const subject of subjects) Object.assign(subject, await executionsOf(subject.n8n));
	console.log(`\n${describeSoak(subjects, lasted)}\n`);
}

/** Sends a message and its copies one after the other, and notes the answers. */
async function sendAll(subject: Subject, message: Message): Promise<void> {
	const { expected, answers, failures } = subject;
	for (const outcome of message.outcomes) {
		subject.sent++;
		const [status, part, isExecution] = expected[outcome];
		try {
			const answer = await subject.send(message, outcome !== 'refused');
			answers.push(answer.status);
			if (answer.status !== status || !answer.body.includes(part)) {
				throw new Error(`answered ${answer.status} ${answer.body.slice(0, 200)}`);
			}
			if (isExecution) subject.accepted++;
		} catch (error) {
			failures.push(`${message.kind}, ${message.sender.provider}: ${String(error)}`);
		}
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
		// The last ones may still run.
		const haveSucceeded = async () => (await unsuccessful()) === 0;
		await waitFor(haveSucceeded, () => 'Some did not.').catch(() => undefined);
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
