// Measures one n8n process against n8n's queue mode, in one run on one machine.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { senderOf } from '../testkit/providers/senders.mts';
import { byPackage, PROVIDERS, type Contender } from './contenders.mts';
import { CLIENTS, deliverTo, machine, medians, table, UNIQUE, writeFigures } from './measure.mts';
import { openDatabaseFile } from '../testkit/n8n/database.mts';
import { newUserFolder, startN8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { waitFor } from '../testkit/n8n/waitFor.mts';
import { Postgres } from '../testkit/services/postgres.mts';
import { QueueMode } from '../testkit/services/queueMode.mts';
import { Redis } from '../testkit/services/redis.mts';

const USAGE = `npm run bench:queue [-- --rounds 3] [--write]

  --rounds  how often each measurement is taken, in turn; the median counts
  --write   put the figures into docs/scaling.md`;

/** How long each measurement takes; the first round is shorter. */
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const UNFINISHED = `SELECT id FROM execution_entity WHERE status IN ('new', 'running') LIMIT 1`;
const ENGINE = { N8N_EXPRESSION_ENGINE: 'legacy', N8N_LOG_LEVEL: 'error' };

/** One way to run n8n: the addresses that take its deliveries, and any of its executions that has not ended. */
interface Setup {
	name: string;
	contender: Contender;
	urls: string[];
	unfinished(): Promise<unknown[]>;
}

/** What is to be stopped at the end, the last first. */
const running: Array<{ stop(): unknown }> = [];

function started<T extends { stop(): unknown }>(service: T): T {
	running.unshift(service);
	return service;
}

async function start(folder: string): Promise<Setup[]> {
	const tarball = await packPackage(console.log);
	// One after the other: apt-get does not install two things at a time.
	const postgres = started(await Postgres.start(console.log));
	const redis = started(await Redis.start(console.log));
	const unfinishedIn = (database: string) => async () => await postgres.rows(UNFINISHED, database);
	const single = async (name: string, env: Record<string, string>) =>
		started(await startN8n({ userFolder: join(folder, name), tarball, env }));

	const sqlite = await single('sqlite', ENGINE);
	const file = await openDatabaseFile(sqlite.databaseFile);
	started({ stop: file.close });
	const bySqlite = await byPackage(sqlite, 'goatCom');

	await postgres.createDatabase('single');
	const env = { ...ENGINE, ...postgres.environment('single') };
	const byPostgres = await byPackage(await single('postgres', env), 'goatCom');

	await postgres.createDatabase('queue');
	const queue = started(
		await QueueMode.start({ tarball, postgres, redis, database: 'queue', env: ENGINE }),
	);
	await Promise.all([queue.startProcessor(), queue.startProcessor(), queue.startWorker()]);
	const byQueue = await byPackage(queue.main, 'goatCom');
	const path = new URL(byQueue.url).pathname;
	const processors = queue.processors.map(({ url }) => `${url}${path}`);

	return [
		{
			name: 'one process, SQLite',
			contender: bySqlite,
			urls: [bySqlite.url],
			unfinished: async () => await file.run(UNFINISHED),
		},
		{
			name: 'one process, PostgreSQL',
			contender: byPostgres,
			urls: [byPostgres.url],
			unfinished: unfinishedIn('single'),
		},
		...[1, 2].map((processorCount) => ({
			name: `queue mode, ${processorCount} webhook processor${processorCount > 1 ? 's' : ''}`,
			contender: byQueue,
			urls: processors.slice(0, processorCount),
			unfinished: unfinishedIn('queue'),
		})),
	];
}

/** Deliveries of the event that are answered per second, spread over the addresses. */
async function rateOf({ contender, urls }: Setup, event: string, duration: number) {
	const payload = { ...senderOf('goatCom').sample(event), id: UNIQUE };
	const clients = CLIENTS / urls.length;
	const rates = await Promise.all(
		urls.map(async (url) => await deliverTo(contender, payload, { url, clients, duration })),
	);
	return rates.reduce((sum, rate) => sum + rate, 0);
}

const MEASURES = ['accepted, answered', 'accepted, run to the end', 'unwanted, answered'];

/** How each measure is taken of a set-up. */
function measurementsOf(setup: Setup): Array<(isWarmUp: boolean) => Promise<number>> {
	const { wanted, unwanted } = PROVIDERS.goatCom;
	const duration = (isWarmUp: boolean) => (isWarmUp ? WARM_UP_SECONDS : SECONDS);
	let ranPerSecond = 0;
	return [
		async (isWarmUp) => {
			const start = performance.now();
			const rate = await rateOf(setup, wanted, duration(isWarmUp));
			const haveEnded = async () => (await setup.unfinished()).length === 0;
			await waitFor(haveEnded, () => `${setup.name}: executions do not end.`);
			ranPerSecond = (rate * duration(isWarmUp) * 1000) / (performance.now() - start);
			return rate;
		},
		async () => ranPerSecond,
		async (isWarmUp) => await rateOf(setup, unwanted, duration(isWarmUp)),
	];
}

/** Every measure of every set-up, as a Markdown table. */
async function measure(setups: Setup[], rounds: number): Promise<string> {
	const key = (measured: string | undefined, setup?: Setup) => `${setup?.name}: ${measured}`;
	const rates = await medians(
		rounds,
		Object.fromEntries(
			setups.flatMap((setup) =>
				measurementsOf(setup).map((take, index) => [key(MEASURES[index], setup), take] as const),
			),
		),
	);
	const rows = MEASURES.map((measured) => {
		const first = rates.get(key(measured, setups[0])) ?? 0;
		const cells = setups.map((setup) => {
			const rate = rates.get(key(measured, setup)) ?? 0;
			return `${rate.toFixed(1)} (${(rate / first).toFixed(2)} ×)`;
		});
		return [measured, ...cells];
	});
	return table(['per second', ...setups.map(({ name }) => name)], ...rows);
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			rounds: { type: 'string', default: '3' },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	const folder = await newUserFolder();
	try {
		const figures = await measure(await start(folder), Number(values.rounds));
		const conditions = `Measured on ${machine()}, with \`N8N_EXPRESSION_ENGINE=legacy\`: GoatCom deliveries, ${CLIENTS} clients, ${values.rounds} rounds in turn, of ${SECONDS} s, medians; one worker in queue mode. PostgreSQL, Redis, every n8n process and the load generator shared the machine.`;
		console.log(`\n${conditions}\n\n${figures}`);
		if (values.write) writeFigures('scaling.md', `${conditions}\n\n${figures}`);
	} finally {
		for (const service of running) await service.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
