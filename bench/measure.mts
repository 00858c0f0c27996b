// What the benchmarks share: an n8n of their own, the load, and the figures as Markdown.
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { newUserFolder, startN8n, type N8n } from '../testkit/n8n/n8n.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import type { Contender } from './contenders.mts';

export const CLIENTS = 8;

/** Text that is replaced by another one in each delivery: no two are duplicates. */
export const UNIQUE = '[<id>]';

/**
 * Measures something on an n8n of its own, which is gone afterwards with all that it stored.
 *
 * @param tarball the packed package, or `undefined` for an n8n without it
 * @param env more variables for n8n
 */
export async function withN8n<T>(
	tarball: string | undefined,
	env: Record<string, string>,
	use: (n8n: N8n) => Promise<T>,
): Promise<T> {
	const userFolder = await newUserFolder();
	const n8n = await startN8n({ userFolder, tarball, env: { N8N_LOG_LEVEL: 'error', ...env } });
	try {
		return await use(n8n);
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}

export interface Load {
	/** For so many seconds, or … */
	duration?: number;
	/** … so many deliveries. */
	amount?: number;
	url?: string;
	clients?: number;
	isTokenRight?: boolean;
}

/** Delivers a payload again and again. Resolves with the answers per second; throws unless all are as expected. */
export async function deliverTo(
	contender: Contender,
	payload: object,
	{ url = contender.url, clients = CLIENTS, isTokenRight = true, ...limit }: Load,
): Promise<number> {
	const json = JSON.stringify(payload);
	const body = contender.isSigned ? json.replaceAll(UNIQUE, 'one') : json;
	const result = await autocannon({
		url,
		method: 'POST',
		headers: contender.headers(body, isTokenRight),
		body,
		connections: clients,
		idReplacement: !contender.isSigned,
		timeout: 30,
		...limit,
	});
	const answered = isTokenRight ? result['2xx'] : result['4xx'];
	// In a short warm-up a cold n8n may not have answered anything yet.
	const isSilent = answered === 0 && limit.duration !== 1;
	const others = result.non2xx + result['2xx'] - answered + result.errors;
	if (others > 0 || isSilent) {
		const statuses = JSON.stringify(result.statusCodeStats);
		throw new Error(`${url} did not answer as expected: ${statuses}, ${result.errors} errors.`);
	}
	return answered / result.duration;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The median of each measurement. All are taken in turn, several times; the first round only warms up. */
export async function medians(
	rounds: number,
	measurements: Record<string, (isWarmUp: boolean) => Promise<number>>,
): Promise<Map<string, number>> {
	const taken = new Map<string, number[]>();
	for (let round = 0; round <= rounds; round++) {
		for (const [name, measure] of Object.entries(measurements)) {
			const figure = await measure(round === 0);
			if (round > 0) taken.set(name, [...(taken.get(name) ?? []), figure]);
		}
	}
	return new Map([...taken].map(([name, figures]) => [name, median(figures)]));
}

/** A Markdown table. */
export const table = (...rows: string[][]): string =>
	rows
		.flatMap((cells, index) => [
			`| ${cells.join(' | ')} |`,
			...(index === 0 ? [`|${'---|'.repeat(cells.length)}`] : []),
		])
		.join('\n');

/** On what, and when, the figures below were measured. */
export function machine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, n8n 2.41.1, ${new Date().toISOString().slice(0, 10)}`;
}

/** Replaces the measured part of a page of the documentation. Throws where the page has none. */
export function writeFigures(page: string, figures: string): void {
	const file = join(repositoryRoot, 'docs', page);
	const text = readFileSync(file, 'utf8');
	const [start, end] = ['<!-- figures: measured -->', '<!-- end of figures -->'];
	const from = text.indexOf(start) + start.length;
	const to = text.indexOf(end);
	if (from < start.length || to < from) throw new Error(`${page} has no section "${start}".`);
	writeFileSync(file, `${text.slice(0, from)}\n\n${figures}\n\n${text.slice(to)}`);
}
