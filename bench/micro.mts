// Measures the pipeline and its parts without n8n, against JSON.parse of the same payload.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench } from 'tinybench';
import { deliveryId } from '../nodes/core/duplicate';
import { itemOf } from '../nodes/core/item';
import type { Provider } from '../nodes/core/provider';
import { redactor } from '../nodes/core/redact';
import { select } from '../nodes/core/selection';
import { shapePayload } from '../nodes/core/shape';
import { createTokenVerifier, type TokenRequest } from '../nodes/core/token';
import { gen } from '../nodes/Gen/gen';
import { gestaoOnline } from '../nodes/GestaoOnline/gestaoOnline';
import { goatCom } from '../nodes/GoatCom/goatCom';
import { troqueDevolva } from '../nodes/TroqueDevolva/troqueDevolva';
import { senderOf, type JsonObject } from '../testkit/providers/senders.mts';
import { installN8n } from '../testkit/n8n/install.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import { grown } from './grown.mts';
import { median, replaceSection } from './report.mts';

const TOKEN = 'bench-token-0123456789abcdef';
const PROVIDERS: Array<[Provider, string]> = [
	[gestaoOnline, 'ORDER_CREATED'],
	[goatCom, 'ORDER_APPROVED'],
	[troqueDevolva, 'request.done'],
	[gen, 'PAYMENT.CREATED'],
];

/** What a trigger keeps of its credential between requests, and a request with the right token. */
function secretOf({ token }: Provider) {
	const name = typeof token.name === 'string' ? token.name : token.name.default;
	const request: TokenRequest = {
		query: { [name]: TOKEN },
		rawHeaders: [
			'Content-Type',
			'application/json',
			name,
			`${token.bearer === 'never' ? '' : 'Bearer '}${TOKEN}`,
		],
	};
	return {
		redact: redactor([TOKEN]),
		isAuthenticated: createTokenVerifier(token, { [token.field]: TOKEN }),
		request,
	};
}

/** The whole pipeline from the token to the item, as `receive` runs it on a body that n8n has parsed. */
function pipelineOf(provider: Provider, body: JsonObject, raw: Buffer): () => unknown {
	const { redact, isAuthenticated, request } = secretOf(provider);
	const selection = {
		chosen: provider.events.map(({ code }) => code),
		filters: {},
		isPerEvent: false,
		simplify: true,
		includePayload: false,
	};
	return () => {
		if (!isAuthenticated(request)) throw new Error('The token is not accepted.');
		// What is found out about a payload is remembered with it: each delivery has one of its own.
		const own = { ...body };
		const selected = select(provider, selection, { body: own, headers: {}, query: {} });
		if (selected.kind === 'ignored') {
			throw new Error(`The payload is ignored because of its ${selected.reason}.`);
		}
		const { event } = selected;
		const id = deliveryId(provider, own, event.name, raw);
		return itemOf(provider, event, own, { id, isTest: false, redact, ...selection });
	};
}

/** The time of each task in microseconds. */
async function microseconds(tasks: Record<string, () => unknown>): Promise<Map<string, number>> {
	const bench = new Bench({ time: 300, warmupTime: 100 });
	for (const [name, task] of Object.entries(tasks)) bench.add(name, () => void task());
	await bench.run();
	return new Map(
		bench.tasks.map(({ name, result }) => {
			if (!('latency' in result)) throw new Error(`${name} could not be measured.`);
			return [name, result.latency.p50 * 1000];
		}),
	);
}

async function providerLines(): Promise<string[]> {
	const lines: string[] = [];
	for (const [provider, event] of PROVIDERS) {
		const body = senderOf(provider.id as 'gen').sample(event);
		const raw = Buffer.from(JSON.stringify(body));
		const { isAuthenticated, request, redact } = secretOf(provider);
		const times = await microseconds({
			parse: () => JSON.parse(raw.toString()),
			pipeline: pipelineOf(provider, body, raw),
			token: () => isAuthenticated(request),
			id: () => deliveryId(provider, body, event, raw),
			redact: () => redact.payload(body),
			shape: () => shapePayload(provider.item, body, { timezone: provider.defaultTimezone }),
		});
		const parse = times.get('parse') ?? 1;
		const cells = ['pipeline', 'token', 'id', 'redact', 'shape'].map((name) => {
			const time = times.get(name) ?? 0;
			return `${time.toFixed(0)} (${(time / parse).toFixed(2)} ×)`;
		});
		lines.push(`| ${[provider.displayName, raw.length, parse.toFixed(0), ...cells].join(' | ')} |`);
	}
	return lines;
}

async function growthLines(): Promise<string[]> {
	const sample = senderOf('troqueDevolva').sample('request.done');
	const lines: string[] = [];
	for (const bytes of [20_000, 100_000, 300_000, 1_000_000]) {
		const body = grown(sample, bytes);
		const raw = Buffer.from(JSON.stringify(body));
		const times = await microseconds({
			parse: () => JSON.parse(raw.toString()),
			pipeline: pipelineOf(troqueDevolva, body, raw),
		});
		const [parse = 1, all = 0] = [...times.values()];
		lines.push(
			`| ${raw.length} | ${parse.toFixed(0)} | ${all.toFixed(0)} | ${(all / parse).toFixed(2)} × | ${((all * 1000) / raw.length).toFixed(1)} |`,
		);
	}
	return lines;
}

/** The nodes and credentials as n8n loads them at its start: after n8n-workflow and luxon, which it has loaded already. */
function loadLine(): string {
	const script = `
		const time = (load) => {
			const start = process.hrtime.bigint();
			load();
			return Number(process.hrtime.bigint() - start) / 1e6;
		};
		const before = time(() => { require('n8n-workflow'); require('luxon'); });
		const own = time(() => {
			const { nodes, credentials } = require('./index.js');
			for (const Type of Object.values({ ...nodes, ...credentials })) new Type();
		});
		console.log(JSON.stringify({ before, own }));`;
	const times = Array.from({ length: 15 }, (): { before: number; own: number } =>
		JSON.parse(
			execFileSync(process.execPath, ['-e', script], { cwd: repositoryRoot, encoding: 'utf8' }),
		),
	);
	const own = median(times.map((time) => time.own));
	const before = median(times.map((time) => time.before));
	return `All nodes and credentials load in ${own.toFixed(0)} ms, n8n-workflow and luxon before them in ${before.toFixed(0)} ms (medians of ${times.length} processes).`;
}

/** What n8n reads of the package at its start, in thousands of bytes. */
function sizes(tarball: string): string {
	const folder = join(repositoryRoot, 'dist');
	const read = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
		(file) => file.endsWith('.js') || /^nodes\/[^/]+\/[^/]+\.node\.json$/.test(file),
	);
	const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
	const bytes = read.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
	return `The packed tarball has ${kilobytes(statSync(tarball).size)} KB. At its start n8n reads ${kilobytes(bytes)} KB of it (${read.length} files).`;
}

async function main(): Promise<void> {
	const { node } = await installN8n(console.log);
	if (process.execPath !== node) {
		// What counts is the Node.js that n8n runs on.
		const args = ['--import', 'tsx', ...process.argv.slice(1)];
		process.exitCode = spawnSync(node, args, { stdio: 'inherit' }).status ?? 1;
		return;
	}
	const tarball = await packPackage(console.log);
	const text = [
		`Microseconds (median) on Node.js ${process.version}, and how many times as long as \`JSON.parse\` of the same bytes, which n8n does before.`,
		[
			'| provider | bytes | JSON.parse | pipeline | token | delivery id | redaction | shape |',
			'|---|---|---|---|---|---|---|---|',
			...(await providerLines()),
		].join('\n'),
		'A Troque & Devolva payload grown:',
		[
			'| bytes | JSON.parse | pipeline | ratio | ns per byte |',
			'|---|---|---|---|---|',
			...(await growthLines()),
		].join('\n'),
		`${loadLine()} ${sizes(tarball)}`,
	].join('\n\n');
	console.log(`\n${text}`);
	if (!process.argv.includes('--write')) return;
	const file = join(repositoryRoot, 'docs', 'performance.md');
	writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'pipeline', text));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
