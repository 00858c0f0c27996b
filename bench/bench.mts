// Measures this package's triggers side by side with what people use instead, on a real n8n, in one run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { senderOf, type JsonObject } from '../testkit/providers/senders.mts';
import type { N8nApi } from '../testkit/n8n/api.mts';
import { openDatabaseFile } from '../testkit/n8n/database.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import {
	byGithubTrigger,
	byPackage,
	byWebhookNode,
	GithubHooks,
	PROVIDERS,
	type Contender,
	type Provider,
} from './contenders.mts';
import { grown } from './grown.mts';
import { machine, median, replaceSection, table, today, UNIQUE, type Row } from './report.mts';
import { withN8n } from './withN8n.mts';

const USAGE = `npm run bench [-- --rounds 3] [--seconds 4] [--engine default] [--only GoatCom] [--write]

  --rounds   how often each measurement is taken, in turn; the median counts
  --seconds  how long each takes
  --engine   only this expression engine: default, lazy or legacy
  --only     only what is sent whose name contains this, and neither settings nor what is stored
  --write    put the figures into docs/performance.md`;

const ENGINES = {
	default: {},
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
} satisfies Record<string, Record<string, string>>;
type Engine = keyof typeof ENGINES;

const CLIENTS = 8;
const PACKAGE = 'this package';
const BY_HAND = 'Webhook → Switch → Edit Fields';
const BARE = 'Webhook alone';
const GITHUB = "n8n's GitHub Trigger";

/** One thing that is sent, to each contender that takes part. */
interface Scenario {
	name: string;
	provider: Provider;
	contenders: readonly string[];
	isWanted: boolean;
	isTokenRight: boolean;
	payload: JsonObject;
}

async function main(): Promise<void> {
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
	if (values.help) return console.log(USAGE);
	const engines = (Object.keys(ENGINES) as Engine[]).filter(
		(engine) => values.engine === undefined || engine === values.engine,
	);
	const tarball = await packPackage(console.log);
	const sections: string[] = [];
	for (const engine of engines) {
		const rows = await withN8n(tarball, ENGINES[engine], async (n8n) =>
			measureSpeed(n8n, values.only, Number(values.rounds), Number(values.seconds)),
		);
		const section = `### Expression engine: ${engine}\n\n${table(rows)}`;
		console.log(`\n${section}`);
		sections.push(section);
	}
	if (values.only !== '') return;
	const settings = await measureSettings(tarball, Number(values.rounds), Number(values.seconds));
	const footprint = await measureFootprint(tarball);
	console.log(`\n${settings}\n\n${footprint}`);
	if (!values.write) return;
	const measured = `Measured on ${machine()}, n8n 2.41.1, ${today()}: ${CLIENTS} clients, ${values.rounds} rounds of ${values.seconds} s in turn, medians. The load generator ran on the same machine.`;
	const file = join(repositoryRoot, 'docs', 'performance.md');
	const text = replaceSection(
		readFileSync(file, 'utf8'),
		'figures',
		[measured, ...sections, settings, footprint].join('\n\n'),
	);
	writeFileSync(file, text);
}

function scenarios(): Scenario[] {
	const { goatCom, troqueDevolva } = PROVIDERS;
	const sale = (event: string): JsonObject => ({
		...senderOf('goatCom').sample(event),
		id: UNIQUE,
	});
	const request: JsonObject = {
		...senderOf('troqueDevolva').sample(troqueDevolva.wanted),
		_id: UNIQUE,
	};
	const huge = grown(request, 1_000_000);
	const small = { provider: 'goatCom' as const, isTokenRight: true };
	const large = { provider: 'troqueDevolva' as const, isWanted: true, isTokenRight: true };
	return [
		{
			...small,
			name: 'GoatCom, accepted',
			contenders: [PACKAGE, BY_HAND, BARE, GITHUB],
			isWanted: true,
			payload: sale(goatCom.wanted),
		},
		{
			...small,
			name: 'GoatCom, unwanted event',
			contenders: [PACKAGE, BY_HAND],
			isWanted: false,
			payload: sale(goatCom.unwanted),
		},
		{
			...small,
			name: 'GoatCom, wrong token',
			contenders: [PACKAGE, BARE, GITHUB],
			isWanted: true,
			isTokenRight: false,
			payload: sale(goatCom.wanted),
		},
		{
			...large,
			name: `Troque & Devolva, ${kilobytes(request)} KB, accepted`,
			contenders: [PACKAGE, BY_HAND, BARE],
			payload: request,
		},
		{
			...large,
			name: `Troque & Devolva, ${kilobytes(huge)} KB, accepted`,
			contenders: [PACKAGE, BY_HAND, BARE],
			payload: huge,
		},
	];
}

const kilobytes = (payload: JsonObject) => Math.round(JSON.stringify(payload).length / 1000);

async function contendersOf(n8n: N8nApi, hooks: GithubHooks, provider: Provider) {
	return {
		[PACKAGE]: await byPackage(n8n, provider),
		[BY_HAND]: await byWebhookNode(n8n, provider, { isBare: false }),
		[BARE]: await byWebhookNode(n8n, provider, { isBare: true }),
		...(provider === 'goatCom' && { [GITHUB]: await byGithubTrigger(n8n, hooks) }),
	};
}

/** Requests per second of each scenario and contender, taken in turn. */
async function measureSpeed(
	n8n: N8nApi,
	only: string,
	rounds: number,
	seconds: number,
): Promise<Row[]> {
	const hooks = await GithubHooks.start();
	try {
		const live: Record<Provider, Record<string, Contender>> = {
			goatCom: await contendersOf(n8n, hooks, 'goatCom'),
			troqueDevolva: await contendersOf(n8n, hooks, 'troqueDevolva'),
		};
		const rows: Row[] = [];
		for (const scenario of scenarios().filter(({ name }) => name.includes(only))) {
			const figures = new Map<string, number[]>();
			for (let round = 0; round <= rounds; round++) {
				for (const name of scenario.contenders) {
					const contender = live[scenario.provider][name];
					if (!contender) throw new Error(`There is no "${name}" of ${scenario.provider}.`);
					// The first round warms up.
					const rate = await rateOf(contender, scenario, name, round === 0 ? 1 : seconds);
					if (round > 0) figures.set(name, [...(figures.get(name) ?? []), rate]);
				}
			}
			rows.push({
				name: scenario.name,
				figures: new Map([...figures].map(([name, rates]) => [name, median(rates)])),
			});
			console.log(
				`  ${scenario.name}: ${[...figures].map(([name, rates]) => `${name} ${median(rates).toFixed(1)}/s`).join(', ')}`,
			);
		}
		return rows;
	} finally {
		hooks.stop();
	}
}

async function rateOf(
	contender: Contender,
	{ provider, payload, isTokenRight, isWanted }: Scenario,
	name: string,
	seconds: number,
): Promise<number> {
	// A signature holds for one body only.
	const isSigned = name === GITHUB;
	const text = JSON.stringify(payload);
	const body = isSigned ? text.replaceAll(UNIQUE, 'one') : text;
	const url = new URL(contender.url);
	const { wanted, unwanted } = PROVIDERS[provider];
	if (provider === 'troqueDevolva') url.searchParams.set('event', isWanted ? wanted : unwanted);
	const result = await autocannon({
		url: url.href,
		method: 'POST',
		headers: contender.headers(body, isTokenRight),
		body,
		connections: CLIENTS,
		duration: seconds,
		idReplacement: !isSigned,
		timeout: 30,
	});
	const answered = isTokenRight ? result['2xx'] : result['4xx'];
	// In a short warm-up a cold n8n may not have answered anything yet.
	if (
		(answered === 0 && seconds > 1) ||
		result.errors > 0 ||
		result.non2xx > (isTokenRight ? 0 : result.non2xx)
	) {
		throw new Error(
			`${name} did not answer as expected: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors.`,
		);
	}
	return answered / result.duration;
}

/** Settings of n8n that are said to matter, each against n8n as it is installed. */
const SETTINGS: Array<Record<string, string>> = [
	{},
	{ N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true' },
	{ N8N_EXPRESSION_ENGINE_POOL_SIZE: '4' },
	{ EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' },
	ENGINES.lazy,
	ENGINES.legacy,
	{ ...ENGINES.legacy, EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' },
];

/** Accepted deliveries per second under each setting. */
async function measureSettings(tarball: string, rounds: number, seconds: number): Promise<string> {
	const [scenario] = scenarios();
	if (!scenario) throw new Error('There is nothing to send.');
	const lines: string[] = [];
	let first: number | undefined;
	for (const env of SETTINGS) {
		const rate = await withN8n(tarball, env, async (n8n) => {
			const contender = await byPackage(n8n, scenario.provider);
			const rates: number[] = [];
			await rateOf(contender, scenario, PACKAGE, 1);
			for (let round = 0; round < rounds; round++) {
				rates.push(await rateOf(contender, scenario, PACKAGE, seconds));
			}
			return median(rates);
		});
		first ??= rate;
		const names = Object.entries(env).map(([name, value]) => `\`${name}=${value}\``);
		lines.push(
			`| ${names.join(', ') || 'as installed'} | ${rate.toFixed(1)} | ${(rate / first).toFixed(2)} × |`,
		);
		console.log(`  ${lines.at(-1)}`);
	}
	return [
		'### Settings of n8n',
		'Accepted GoatCom deliveries per second, this package:',
		`| setting | per second | against n8n as installed |\n|---|---|---|\n${lines.join('\n')}`,
	].join('\n\n');
}

/** What 1,000 deliveries of which 100 are wanted leave in the database, and what n8n needs in memory. */
async function measureFootprint(tarball: string): Promise<string> {
	const stored: string[] = [];
	for (const name of [PACKAGE, BY_HAND]) {
		stored.push(
			await withN8n(tarball, ENGINES.legacy, async (n8n) => {
				const contender =
					name === PACKAGE
						? await byPackage(n8n, 'goatCom')
						: await byWebhookNode(n8n, 'goatCom', { isBare: false });
				const sale = (event: string) =>
					JSON.stringify({ ...senderOf('goatCom').sample(event), id: UNIQUE });
				const { wanted, unwanted } = PROVIDERS.goatCom;
				for (const [event, amount] of [
					[wanted, 100],
					[unwanted, 900],
				] as const) {
					const body = sale(event);
					await autocannon({
						url: contender.url,
						method: 'POST',
						headers: contender.headers(body, true),
						body,
						connections: CLIENTS,
						amount,
						idReplacement: true,
						timeout: 30,
					});
				}
				const executions = await n8n.countExecutions(contender.workflowId);
				await n8n.waitForExecutions(contender.workflowId, executions, { timeoutMs: 120_000 });
				const database = await openDatabaseFile(n8n.databaseFile);
				const rows = await database.run(
					'SELECT SUM(LENGTH(data) + LENGTH("workflowData")) AS bytes FROM execution_data',
				);
				database.close();
				const bytes = Number(Object.values(rows[0] ?? {})[0] ?? 0);
				return `| ${name} | ${executions} | ${Math.round(bytes / 1000)} KB |`;
			}),
		);
	}
	const memory: Record<'with' | 'without', number[]> = { with: [], without: [] };
	for (let round = 0; round < 3; round++) {
		memory.without.push(await withN8n(undefined, {}, async ({ pid }) => residentMegabytes(pid)));
		memory.with.push(await withN8n(tarball, {}, async ({ pid }) => residentMegabytes(pid)));
	}
	return [
		'### What is stored',
		'1,000 GoatCom deliveries, of which 100 have the wanted event:',
		`| | executions | execution data |\n|---|---|---|\n${stored.join('\n')}`,
		`n8n's main process after its start: ${median(memory.without)} MB without the package, ${median(memory.with)} MB with it (Linux, resident, medians of three; from ${Math.min(...memory.without)} to ${Math.max(...memory.without)} MB without, from ${Math.min(...memory.with)} to ${Math.max(...memory.with)} MB with it).`,
	].join('\n\n');
}

function residentMegabytes(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
