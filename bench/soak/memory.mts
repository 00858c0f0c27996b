// The memory of an n8n over time, as n8n's own metrics say.
import { request } from '../../testkit/n8n/http.mts';

/** Megabytes at a time. */
export interface Sample {
	atMinute: number;
	resident: number;
	heap: number;
}

const METRICS = {
	resident: /^n8n_process_resident_memory_bytes(?:\{.*\})? (\S+)/m,
	heap: /^n8n_nodejs_heap_size_used_bytes(?:\{.*\})? (\S+)/m,
};

/** The memory of the main process of an n8n with N8N_METRICS on. */
export async function memoryOf(url: string, atMinute: number): Promise<Sample> {
	const { body } = await request({ url: `${url}/metrics`, method: 'GET' });
	const read = (metric: RegExp): number => {
		const bytes = Number(metric.exec(body)?.[1]);
		if (Number.isNaN(bytes)) throw new Error('n8n shows no memory in its metrics.');
		return bytes / 2 ** 20;
	};
	return { atMinute, resident: read(METRICS.resident), heap: read(METRICS.heap) };
}

/** A straight line through points by least squares: its slope per unit of x, and that slope's standard error. */
export function line(points: ReadonlyArray<[number, number]>): { slope: number; error: number } {
	const n = points.length;
	const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
	const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
	const xx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / xx;
	const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
	return { slope, error: Math.sqrt(rest / (n - 2) / xx) };
}

/** The least heap of each minute: what is left soon after a garbage collection. */
export function lowsPerMinute(samples: readonly Sample[]): Array<[number, number]> {
	const lows = new Map<number, number>();
	for (const { atMinute, heap } of samples) {
		const minute = Math.floor(atMinute);
		lows.set(minute, Math.min(heap, lows.get(minute) ?? Infinity));
	}
	return [...lows];
}
