import { cpus, totalmem } from 'node:os';

/** Text that the load generator replaces by another one in each delivery: no two are duplicates. */
export const UNIQUE = '[<id>]';

/** Requests per second of one scenario, by contender; the first one is compared with the others. */
export interface Row {
	name: string;
	figures: Map<string, number>;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** A Markdown table: the rates, and how many times the first contender is as fast as the others. */
export function table(rows: readonly Row[]): string {
	const [own = '', ...others] = [...new Set(rows.flatMap(({ figures }) => [...figures.keys()]))];
	const lines = rows.map(({ name, figures }) => {
		const first = figures.get(own) ?? 0;
		const cells = others.map((other) => {
			const rate = figures.get(other);
			return rate === undefined ? '' : `${rate.toFixed(1)} (${(first / rate).toFixed(2)} ×)`;
		});
		return `| ${[name, first.toFixed(1), ...cells].join(' | ')} |`;
	});
	const head = ['per second', own, ...others.map((other) => `${other} (ratio)`)];
	return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** A text in which the part between the markers of a section is replaced. Throws where there are none. */
export function replaceSection(text: string, name: string, content: string): string {
	const [start, end] = [`<!-- ${name}: measured -->`, `<!-- end of ${name} -->`];
	const from = text.indexOf(start);
	const to = text.indexOf(end);
	if (from < 0 || to < from) throw new Error(`The page has no section "${start}".`);
	return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** The processors and the memory of this machine, for the line above a table. */
export function machine(): string {
	const [cpu] = cpus();
	return `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

/** The day as YYYY-MM-DD. */
export const today = () => new Date().toISOString().slice(0, 10);
