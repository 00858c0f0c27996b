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
	samples: Sample[];
	sent: number;
	/** The status of each answer. */
	answers: number[];
	/** Deliveries of which an execution should have come. */
	accepted: number;
	executions: number;
	unsuccessful: number;
	/** One line for each request that got no answer, or another one than expected. */
	failures: string[];
}

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
export function describeSoak(logs: readonly SoakLog[], minutes: number): string {
	const statuses = [...new Set(logs.flatMap(({ answers }) => answers))].sort();
	const columns = logs.map((log) => figuresOf(log, minutes, statuses));
	const labels = [...(columns[0]?.keys() ?? [])];
	return table(
		['', ...logs.map(({ name }) => name)],
		...labels.map((label) => [label, ...columns.map((column) => String(column.get(label)))]),
	);
}

function figuresOf(log: SoakLog, minutes: number, statuses: number[]): Map<string, unknown> {
	const secondHalf = log.samples.slice(Math.floor(log.samples.length / 2));
	const resident = secondHalf.map(({ atMinute, resident: size }): Point => [atMinute, size]);
	const heap = lowsPerMinute(secondHalf);
	const half = 'over the second half, MB per hour';
	return new Map<string, unknown>([
		['minutes', minutes.toFixed(1)],
		['requests', log.sent],
		['requests per second', (log.sent / minutes / 60).toFixed(1)],
		...statuses.map((status): [string, number] => [
			`answered ${status}`,
			log.answers.filter((answer) => answer === status).length,
		]),
		['not answered, or otherwise than expected', log.failures.length],
		['deliveries accepted', log.accepted],
		['executions made', log.executions],
		['executions that did not succeed', log.unsuccessful],
		['resident memory: at the beginning', megabytes(log.samples[0]?.resident)],
		['resident memory: median of the second half', medianOf(resident)],
		['resident memory: largest', megabytes(Math.max(...log.samples.map((each) => each.resident)))],
		[`resident memory: slope ${half}`, slope(resident)],
		['heap in use, minimum of each minute: median of the second half', medianOf(heap)],
		[`heap in use, minimum of each minute: slope ${half}`, slope(heap)],
	]);
}

type Point = [minute: number, value: number];

const megabytes = (value = 0) => `${value.toFixed(0)} MB`;
const medianOf = (points: Point[]) => megabytes(median(points.map(([, value]) => value)));

/** The least heap of each minute: what is left soon after a garbage collection. */
function lowsPerMinute(samples: readonly Sample[]): Point[] {
	const lows = new Map<number, number>();
	for (const { atMinute, heap } of samples) {
		const minute = Math.floor(atMinute);
		lows.set(minute, Math.min(heap, lows.get(minute) ?? Infinity));
	}
	return [...lows];
}

/** The slope per hour of a straight line through points by least squares, and its standard error. */
function slope(points: Point[]): string {
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
