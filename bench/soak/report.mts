import { request } from '../../testkit/n8n/http.mts';
import { median, table } from '../measure.mts';

/** The memory of an n8n at a time, in megabytes. */
export interface Sample {
	atMinute: number;
	resident: number;
	heap: number;
}

/** What came of a soak of one n8n. */
export interface SoakLog {
	name: string;
	seconds: number;
	samples: Sample[];
	sent: number;
	/** How many answers had that status. */
	answers: Map<number, number>;
	/** Deliveries of which an execution should have come. */
	accepted: number;
	executions: number;
	unsuccessful: number;
	/** One line for each request that got no answer, or another one than expected. */
	failures: string[];
}

const EXAMPLES = 5;

/** The memory of the main process of an n8n with N8N_METRICS on. */
export async function measureMemory(url: string, atMinute: number): Promise<Sample> {
	const { body } = await request({ url: `${url}/metrics`, method: 'GET' });
	const read = (metric: string): number => {
		const bytes = Number(new RegExp(`^n8n_${metric}(?:\\{.*\\})? (\\S+)`, 'm').exec(body)?.[1]);
		if (Number.isNaN(bytes)) throw new Error(`n8n's metrics lack ${metric}.`);
		return bytes / 2 ** 20;
	};
	return {
		atMinute,
		resident: read('process_resident_memory_bytes'),
		heap: read('nodejs_heap_size_used_bytes'),
	};
}

/** The figures as a Markdown table, one column for each n8n. */
export function describeSoak(logs: readonly SoakLog[]): string {
	const statuses = [...new Set(logs.flatMap(({ answers }) => [...answers.keys()]))].sort();
	const rows: Array<[string, (log: SoakLog) => string | number]> = [
		['minutes', ({ seconds }) => (seconds / 60).toFixed(1)],
		['requests', ({ sent }) => sent],
		['requests per second', ({ sent, seconds }) => (sent / seconds).toFixed(1)],
		...statuses.map((status): (typeof rows)[number] => [
			`answered ${status}`,
			({ answers }) => answers.get(status) ?? 0,
		]),
		['not answered, or otherwise than expected', ({ failures }) => failures.length],
		['deliveries accepted', ({ accepted }) => accepted],
		['executions made', ({ executions }) => executions],
		['executions that did not succeed', ({ unsuccessful }) => unsuccessful],
		['resident memory: at the beginning', ({ samples }) => megabytes(samples[0]?.resident)],
		[
			'median of the second half',
			(log) => megabytes(median(secondHalf(log).map(({ resident }) => resident))),
		],
		['largest', ({ samples }) => megabytes(Math.max(...samples.map(({ resident }) => resident)))],
		[
			'line through the second half, MB per hour',
			(log) => slope(secondHalf(log).map(({ atMinute, resident }) => [atMinute, resident])),
		],
		[
			'heap in use, least of each minute: median of the second half',
			(log) => megabytes(median(lowsPerMinute(secondHalf(log)).map(([, heap]) => heap))),
		],
		['line through the second half, MB per hour', (log) => slope(lowsPerMinute(secondHalf(log)))],
	];
	return table(
		['', ...logs.map(({ name }) => name)],
		...rows.map(([label, figure]) => [label, ...logs.map((log) => String(figure(log)))]),
	);
}

/** What was not as it should be, one line each; a few answers at most. */
export function failuresIn(logs: readonly SoakLog[]): string[] {
	return logs.flatMap(({ name, failures, accepted, executions, unsuccessful }) => [
		...failures.slice(0, EXAMPLES).map((text) => `${name}: ${text}`),
		...(accepted === executions
			? []
			: [`${name}: ${accepted} deliveries were accepted and ${executions} executions made.`]),
		...(unsuccessful === 0 ? [] : [`${name}: ${unsuccessful} executions did not succeed.`]),
	]);
}

const megabytes = (value = 0) => `${value.toFixed(0)} MB`;
const secondHalf = ({ samples }: SoakLog) => samples.slice(Math.floor(samples.length / 2));

/** The least heap of each minute: what is left soon after a garbage collection. */
function lowsPerMinute(samples: readonly Sample[]): Array<[number, number]> {
	const lows = new Map<number, number>();
	for (const { atMinute, heap } of samples) {
		const minute = Math.floor(atMinute);
		lows.set(minute, Math.min(heap, lows.get(minute) ?? Infinity));
	}
	return [...lows];
}

/** The slope per hour of a straight line through points by least squares, and its standard error. */
function slope(points: Array<[minute: number, value: number]>): string {
	const n = points.length;
	if (n < 3) return 'too short';
	const sum = (term: (x: number, y: number) => number) =>
		points.reduce((total, [x, y]) => total + term(x, y), 0);
	const meanX = sum((x) => x) / n;
	const meanY = sum((_, y) => y) / n;
	const xx = sum((x) => (x - meanX) ** 2);
	const perMinute = sum((x, y) => (x - meanX) * (y - meanY)) / xx;
	const rest = sum((x, y) => (y - meanY - perMinute * (x - meanX)) ** 2);
	const error = Math.sqrt(rest / (n - 2) / xx);
	return `${(perMinute * 60).toFixed(0)} ± ${(error * 60).toFixed(0)}`;
}
