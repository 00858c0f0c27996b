// Measures one n8n process against n8n's queue mode, in one run on one machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { senderOf } from '../testkit/providers/senders.mts';
import { byPackage, PROVIDERS, type Contender } from './contenders.mts';
import { machine, median, replaceSection, today, UNIQUE } from './report.mts';
import type { N8n } from '../testkit/n8n/n8n.mts';
import { openDatabaseFile } from '../testkit/n8n/database.mts';
import { startN8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import { waitFor } from '../testkit/n8n/waitFor.mts';
import { Postgres } from '../testkit/services/postgres.mts';
import { QueueMode } from '../testkit/services/queueMode.mts';
import { Redis } from '../testkit/services/redis.mts';

const USAGE = `npm run bench:queue [-- --rounds 3] [--write]

  --rounds  how often each measurement is taken, in turn; the median counts
  --write   put the figures into docs/scaling.md`;

const CLIENTS = 8;
/** How long each measurement takes; the first round is shorter. */
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const UNFINISHED = `SELECT count(*) AS unfinished FROM execution_entity WHERE status IN ('new', 'running')`;
const FINISH_TIMEOUT_MS = 120_000;
const ENGINE = { N8N_EXPRESSION_ENGINE: 'legacy', N8N_LOG_LEVEL: 'error' };

/** One way to run n8n: the addresses that take its deliveries, and how many of its executions have not ended. */
interface Setup {
	name: string;
	contender: Contender;
	urls: string[];
	unfinished(): Promise<number>;
}

/** Things to undo at the end, the last one first. */
const cleanUps: Array<() => unknown> = [];

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			rounds: { type: 'string', default: '3' },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	try {
		const setups = await start();
		const text = `${heading(values.rounds)}\n\n${await measure(setups, Number(values.rounds))}`;
		console.log(`\n${text}`);
		if (!values.write) return;
		const file = join(repositoryRoot, 'docs', 'scaling.md');
		writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'figures', text));
	} finally {
		for (const cleanUp of cleanUps.reverse()) await cleanUp();
	}
}

async function start(): Promise<Setup[]> {
	const tarball = await packPackage(console.log);
	// One after the other: apt-get does not install two things at a time.
	const postgres = await Postgres.start(console.log);
	cleanUps.push(async () => await postgres.stop());
	const redis = await Redis.start(console.log);
	cleanUps.push(async () => await redis.stop());

	const single = async (env: Record<string, string>): Promise<N8n> => {
		const userFolder = await mkdtemp(join(tmpdir(), 'bench-queue-'));
		const n8n = await startN8n({ userFolder, tarball, env: { ...ENGINE, ...env } });
		cleanUps.push(async () => {
			await n8n.stop();
			await rm(userFolder, { recursive: true, force: true });
		});
		return n8n;
	};
	const countIn = (database: string) => async () => {
		const [row] = await postgres.rows<{ unfinished: number }>(UNFINISHED, database);
		return row?.unfinished ?? 0;
	};

	const sqlite = await single({});
	const file = await openDatabaseFile(sqlite.databaseFile);
	cleanUps.push(() => file.close());
	const countInFile = async () => {
		const [row] = await file.run(UNFINISHED);
		return Number((row as { unfinished?: number } | undefined)?.unfinished ?? 0);
	};

	await postgres.createDatabase('single');
	await postgres.createDatabase('queue');
	const onPostgres = await single(postgres.environment('single'));
	const queue = await QueueMode.start({
		tarball,
		postgres,
		redis,
		database: 'queue',
		env: ENGINE,
	});
	cleanUps.push(async () => await queue.stop());
	await Promise.all([queue.startProcessor(), queue.startProcessor(), queue.startWorker()]);

	const [bySqlite, byPostgres, byQueue] = await Promise.all(
		[sqlite, onPostgres, queue.main].map(async (n8n) => await byPackage(n8n, 'goatCom')),
	);
	if (!bySqlite || !byPostgres || !byQueue) throw new Error('A workflow is missing.');
	const path = new URL(byQueue.url).pathname;
	const processors = queue.processors.map(({ url }) => `${url}${path}`);
	return [
		{
			name: 'one process, SQLite',
			contender: bySqlite,
			urls: [bySqlite.url],
			unfinished: countInFile,
		},
		{
			name: 'one process, PostgreSQL',
			contender: byPostgres,
			urls: [byPostgres.url],
			unfinished: countIn('single'),
		},
		...[1, 2].map((count) => ({
			name: `queue mode, ${count} webhook processor${count > 1 ? 's' : ''}`,
			contender: byQueue,
			urls: processors.slice(0, count),
			unfinished: countIn('queue'),
		})),
	];
}

const MEASURES = ['accepted, answered', 'accepted, run to the end', 'unwanted, answered'] as const;
type Rates = { [measure in (typeof MEASURES)[number]]: number };

/** Each set-up in turn, several times; a Markdown table of the medians. */
async function measure(setups: readonly Setup[], rounds: number): Promise<string> {
	const taken = new Map<string, Rates[]>();
	for (let round = 0; round <= rounds; round++) {
		for (const setup of setups) {
			const rates = await ratesOf(setup, round === 0);
			// The first round warms up.
			if (round > 0) taken.set(setup.name, [...(taken.get(setup.name) ?? []), rates]);
		}
		console.log(`  round ${round} of ${rounds}`);
	}
	const rateOf = (name: string, measured: keyof Rates) =>
		median((taken.get(name) ?? []).map((rates) => rates[measured]));
	const [first] = setups;
	const lines = MEASURES.map((measured) => {
		const own = rateOf(first?.name ?? '', measured);
		const cells = setups.map(({ name }) => {
			const rate = rateOf(name, measured);
			return `${rate.toFixed(1)} (${(rate / own).toFixed(2)} ×)`;
		});
		return `| ${[measured, ...cells].join(' | ')} |`;
	});
	const head = ['per second', ...setups.map(({ name }) => name)];
	return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

async function ratesOf(setup: Setup, isWarmUp: boolean): Promise<Rates> {
	const { wanted, unwanted } = PROVIDERS.goatCom;
	const seconds = isWarmUp ? WARM_UP_SECONDS : SECONDS;
	const start = performance.now();
	const accepted = await send(setup, wanted, seconds);
	await waitFor(
		async () => (await setup.unfinished()) === 0,
		() => `${setup.name}: executions do not end.`,
		{ timeoutMs: FINISH_TIMEOUT_MS },
	);
	const ended = (performance.now() - start) / 1000;
	return {
		'accepted, answered': accepted / seconds,
		'accepted, run to the end': accepted / ended,
		'unwanted, answered': (await send(setup, unwanted, seconds)) / seconds,
	};
}

/** Sends deliveries of the event, spread over the addresses. Resolves with how many were answered; throws unless each was with 2xx. */
async function send(
	{ name, contender, urls }: Setup,
	event: string,
	seconds: number,
): Promise<number> {
	const body = JSON.stringify({ ...senderOf('goatCom').sample(event), id: UNIQUE });
	const results = await Promise.all(
		urls.map(
			async (url) =>
				await autocannon({
					url,
					method: 'POST',
					headers: contender.headers(body, true),
					body,
					connections: CLIENTS / urls.length,
					// A number of requests would be rounded up to whole seconds.
					duration: seconds,
					idReplacement: true,
					timeout: 30,
				}),
		),
	);
	const count = (of: (result: autocannon.Result) => number) =>
		results.reduce((sum, result) => sum + of(result), 0);
	const failed = count(({ errors, non2xx }) => errors + non2xx);
	if (failed > 0) throw new Error(`${name} did not answer ${failed} deliveries as expected.`);
	return count((result) => result['2xx']);
}

const heading = (rounds: string): string =>
	`Measured on ${machine()}, n8n 2.41.1 with \`N8N_EXPRESSION_ENGINE=legacy\`, ${today()}: GoatCom deliveries, ${CLIENTS} clients, ${rounds} rounds in turn, of ${SECONDS} s, medians; one worker in queue mode. PostgreSQL, Redis, every n8n process and the load generator shared the machine.`;

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
