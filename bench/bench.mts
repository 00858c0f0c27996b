// Measures this package's triggers side by side with what people use instead, on a real n8n, in one run.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { senderOf, type JsonObject } from '../testkit/providers/senders.mts';
import type { N8nApi } from '../testkit/n8n/api.mts';
import { openDatabaseFile } from '../testkit/n8n/database.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import {
	byGithubTrigger,
	byPackage,
	byWebhookNode,
	PROVIDERS,
	type Contender,
	type Provider,
} from './contenders.mts';
import {
	CLIENTS,
	deliverTo,
	machine,
	median,
	medians,
	table,
	UNIQUE,
	withN8n,
	writeFigures,
} from './measure.mts';

const USAGE = `npm run bench [-- --rounds 3] [--seconds 4] [--engine default] [--only GoatCom] [--write]

  --rounds   how often each measurement is taken, in turn; the median counts
  --seconds  how long each takes
  --engine   only this expression engine: default, lazy or legacy
  --only     only what is sent whose name contains this, and neither settings nor what is stored
  --write    put the figures into docs/performance.md`;

const ENGINES: Record<string, Record<string, string>> = {
	default: {},
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
};

const PACKAGE = 'this package';
const MAPPED = 'Webhook → Switch → Edit Fields';
const BARE = 'Webhook alone';
const GITHUB = "n8n's GitHub Trigger";
const CONTENDERS = [PACKAGE, MAPPED, BARE, GITHUB];

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '3' },
		seconds: { type: 'string', default: '4' },
		engine: { type: 'string' },
		only: { type: 'string', default: '' },
		write: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const durationOf = (isWarmUp: boolean) => (isWarmUp ? 1 : seconds);

/** One thing that is sent, to each contender that takes part. */
interface Scenario {
	name: string;
	provider: Provider;
	contenders: string[];
	payload: JsonObject;
	/** In the URL, where the provider says it there. */
	event?: string;
	isTokenRight?: boolean;
}

const sale = (event: string): JsonObject => ({ ...senderOf('goatCom').sample(event), id: UNIQUE });

function scenarios(): Scenario[] {
	const { goatCom, troqueDevolva } = PROVIDERS;
	const event = troqueDevolva.wanted;
	const request: JsonObject = { ...senderOf('troqueDevolva').sample(event), _id: UNIQUE };
	const kilobytes = (payload: JsonObject) => Math.round(JSON.stringify(payload).length / 1000);
	return [
		{
			name: 'GoatCom, accepted',
			provider: 'goatCom',
			contenders: CONTENDERS,
			payload: sale(goatCom.wanted),
		},
		{
			name: 'GoatCom, unwanted event',
			provider: 'goatCom',
			contenders: [PACKAGE, MAPPED],
			payload: sale(goatCom.unwanted),
		},
		{
			name: 'GoatCom, wrong token',
			provider: 'goatCom',
			contenders: [PACKAGE, BARE, GITHUB],
			payload: sale(goatCom.wanted),
			isTokenRight: false,
		},
		...[request, enlarge(request, 1_000_000)].map(
			(payload): Scenario => ({
				name: `Troque & Devolva, ${kilobytes(payload)} KB, accepted`,
				provider: 'troqueDevolva',
				contenders: [PACKAGE, MAPPED, BARE],
				payload,
				event,
			}),
		),
	];
}

/** The payload with its largest list repeated until it has that many bytes. */
function enlarge(payload: JsonObject, bytes: number): JsonObject {
	const size = (value: unknown) => JSON.stringify(value).length;
	const lists = Object.entries(payload).filter(([, value]) => Array.isArray(value));
	const [key = '', list] = lists.sort(([, a], [, b]) => size(b) - size(a))[0] ?? [];
	const times = Math.round((bytes - size(payload)) / size(list));
	return { ...payload, [key]: Array.from({ length: times }, () => list).flat() as JsonObject[] };
}

/** Answers per second of each scenario and contender, as a Markdown table. */
async function measureSpeed(n8n: N8nApi): Promise<string> {
	const live: Record<Provider, Record<string, Contender>> = {
		goatCom: {
			[GITHUB]: await byGithubTrigger(n8n),
			...(await contendersOf(n8n, 'goatCom')),
		},
		troqueDevolva: await contendersOf(n8n, 'troqueDevolva'),
	};
	const rows: string[][] = [];
	for (const scenario of scenarios().filter(({ name }) => name.includes(values.only))) {
		const { name, provider, contenders, payload, event, isTokenRight } = scenario;
		const rates = await medians(
			rounds,
			Object.fromEntries(
				contenders.map((contender) => [
					contender,
					async (isWarmUp: boolean) => {
						const to = live[provider][contender];
						if (!to) throw new Error(`There is no "${contender}" of ${provider}.`);
						const url = `${to.url}${event === undefined ? '' : `?event=${event}`}`;
						return await deliverTo(to, payload, {
							url,
							duration: durationOf(isWarmUp),
							isTokenRight,
						});
					},
				]),
			),
		);
		const own = rates.get(PACKAGE) ?? 0;
		const cells = CONTENDERS.map((contender) => {
			const rate = rates.get(contender);
			if (rate === undefined) return '';
			return `${rate.toFixed(1)}${contender === PACKAGE ? '' : ` (${(own / rate).toFixed(2)} ×)`}`;
		});
		rows.push([name, ...cells]);
		console.log(`  ${rows.at(-1)?.join(' | ')}`);
	}
	const others = CONTENDERS.slice(1).map((name) => `${name} (ratio)`);
	return table(['per second', PACKAGE, ...others], ...rows);
}

const contendersOf = async (n8n: N8nApi, provider: Provider) => ({
	[PACKAGE]: await byPackage(n8n, provider),
	[MAPPED]: await byWebhookNode(n8n, provider, { isBare: false }),
	[BARE]: await byWebhookNode(n8n, provider, { isBare: true }),
});

/** Settings of n8n that are said to matter, each against n8n as it is installed. */
const SETTINGS: Array<Record<string, string>> = [
	{},
	{ N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true' },
	{ N8N_EXPRESSION_ENGINE_POOL_SIZE: '4' },
	{ EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' },
	{ N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	{ N8N_EXPRESSION_ENGINE: 'legacy' },
	{ N8N_EXPRESSION_ENGINE: 'legacy', EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' },
];

/** Accepted deliveries per second under each setting, as a Markdown table. */
async function measureSettings(tarball: string): Promise<string> {
	const payload = sale(PROVIDERS.goatCom.wanted);
	const rows: string[][] = [];
	let first: number | undefined;
	for (const env of SETTINGS) {
		const rate = await withN8n(tarball, env, async (n8n) => {
			const contender = await byPackage(n8n, 'goatCom');
			const accepted = async (isWarmUp: boolean) =>
				await deliverTo(contender, payload, { duration: durationOf(isWarmUp) });
			return (await medians(rounds, { accepted })).get('accepted') ?? 0;
		});
		first ??= rate;
		const names = Object.entries(env).map(([name, value]) => `\`${name}=${value}\``);
		const ratio = `${(rate / first).toFixed(2)} ×`;
		rows.push([names.join(', ') || 'as installed', rate.toFixed(1), ratio]);
		console.log(`  ${rows.at(-1)?.join(' | ')}`);
	}
	return table(['setting', 'per second', 'against n8n as installed'], ...rows);
}

/** What 1,000 deliveries of which 100 are wanted leave in the database, as a row of a table. */
async function measureStored(
	tarball: string,
	name: string,
	activate: (n8n: N8nApi) => Promise<Contender>,
): Promise<string[]> {
	const { wanted, unwanted } = PROVIDERS.goatCom;
	return await withN8n(tarball, { N8N_EXPRESSION_ENGINE: 'legacy' }, async (n8n) => {
		const contender = await activate(n8n);
		await deliverTo(contender, sale(wanted), { amount: 100 });
		await deliverTo(contender, sale(unwanted), { amount: 900 });
		const executions = await n8n.countExecutions(contender.workflowId);
		await n8n.waitForExecutions(contender.workflowId, executions, { timeoutMs: 120_000 });
		const database = await openDatabaseFile(n8n.databaseFile);
		const rows = await database.run(
			'SELECT SUM(LENGTH(data) + LENGTH("workflowData")) AS bytes FROM execution_data',
		);
		database.close();
		const bytes = Number((rows[0] as { bytes: number }).bytes);
		return [name, String(executions), `${Math.round(bytes / 1000)} KB`];
	});
}

/** The memory of n8n's main process after its start, with and without the package. */
async function measureMemory(tarball: string): Promise<string> {
	const measured: string[] = [];
	for (const [name, installed] of [
		['without the package', undefined],
		['with it', tarball],
	] as const) {
		const megabytes: number[] = [];
		for (let round = 0; round < 3; round++) {
			megabytes.push(
				await withN8n(installed, {}, async ({ pid }) => {
					const status = readFileSync(`/proc/${pid}/status`, 'utf8');
					return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
				}),
			);
		}
		measured.push(
			`${median(megabytes)} MB ${name} (from ${Math.min(...megabytes)} to ${Math.max(...megabytes)} MB)`,
		);
	}
	return `n8n's main process after its start, Linux, resident, medians of three: ${measured.join(', ')}.`;
}

async function main(): Promise<void> {
	if (values.help) return console.log(USAGE);
	const tarball = await packPackage(console.log);
	const sections: string[] = [];
	const print = (...lines: string[]) => {
		sections.push(...lines);
		console.log(`\n${lines.join('\n\n')}`);
	};
	for (const [engine, env] of Object.entries(ENGINES)) {
		if (values.engine !== undefined && values.engine !== engine) continue;
		print(`### Expression engine: ${engine}`, await withN8n(tarball, env, measureSpeed));
	}
	if (values.only !== '') return;
	print(
		'### Settings of n8n',
		'Accepted GoatCom deliveries per second, this package:',
		await measureSettings(tarball),
	);
	print(
		'### What is stored',
		'1,000 GoatCom deliveries, of which 100 have the wanted event:',
		table(
			['', 'executions', 'execution data'],
			await measureStored(tarball, PACKAGE, async (n8n) => await byPackage(n8n, 'goatCom')),
			await measureStored(
				tarball,
				MAPPED,
				async (n8n) => await byWebhookNode(n8n, 'goatCom', { isBare: false }),
			),
		),
		await measureMemory(tarball),
	);
	const conditions = `Measured on ${machine()}: ${CLIENTS} clients, ${rounds} rounds of ${seconds} s in turn, medians. The load generator ran on the same machine.`;
	if (values.write) writeFigures('performance.md', [conditions, ...sections].join('\n\n'));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
