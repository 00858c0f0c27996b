import { median } from '../report.mts';
import { line, lowsPerMinute, type Sample } from './memory.mts';

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
	/** One line for each answer that was not the expected one. */
	wrong: string[];
	/** One line for each request that got no answer. */
	unanswered: string[];
}

const EXAMPLES = 5;

export const newLog = (name: string): SoakLog => ({
	name,
	seconds: 0,
	samples: [],
	sent: 0,
	answers: new Map(),
	accepted: 0,
	executions: 0,
	unsuccessful: 0,
	wrong: [],
	unanswered: [],
});

/** The figures as a Markdown table, one column for each n8n. */
export function reportOf(logs: readonly SoakLog[]): string {
	const statuses = [...new Set(logs.flatMap(({ answers }) => [...answers.keys()]))].sort();
	const rows: Array<[string, (log: SoakLog) => string]> = [
		['minutes', ({ seconds }) => (seconds / 60).toFixed(1)],
		['requests', ({ sent }) => String(sent)],
		['requests per second', ({ sent, seconds }) => (sent / seconds).toFixed(1)],
		...statuses.map((status): [string, (log: SoakLog) => string] => [
			`answered ${status}`,
			({ answers }) => String(answers.get(status) ?? 0),
		]),
		['not answered', ({ unanswered }) => String(unanswered.length)],
		['answered otherwise than expected', ({ wrong }) => String(wrong.length)],
		['deliveries accepted', ({ accepted }) => String(accepted)],
		['executions made', ({ executions }) => String(executions)],
		['executions that did not succeed', ({ unsuccessful }) => String(unsuccessful)],
		['resident memory: at the beginning', ({ samples }) => megabytes(samples[0]?.resident)],
		['median of the second half', (log) => megabytes(median(secondHalf(log).map(resident)))],
		['largest', ({ samples }) => megabytes(Math.max(...samples.map(resident)))],
		[
			'line through the second half, MB per hour',
			(log) => slope(secondHalf(log).map((sample) => [sample.atMinute, sample.resident])),
		],
		[
			'heap in use, least of each minute: median of the second half',
			(log) => megabytes(median(lowsPerMinute(secondHalf(log)).map(([, heap]) => heap))),
		],
		['line through the second half, MB per hour', (log) => slope(lowsPerMinute(secondHalf(log)))],
	];
	const cells = (label: string, of: (log: SoakLog) => string) =>
		`| ${[label, ...logs.map(of)].join(' | ')} |`;
	return [
		cells('', ({ name }) => name),
		`|${'---|'.repeat(logs.length + 1)}`,
		...rows.map(([label, of]) => cells(label, of)),
	].join('\n');
}

/** What was not as it should be, one line each; the same kind of failure a few times at most. */
export function failuresOf(logs: readonly SoakLog[]): string[] {
	return logs.flatMap(({ name, wrong, unanswered, accepted, executions, unsuccessful }) => [
		...wrong.slice(0, EXAMPLES).map((text) => `${name}, wrong answer: ${text}`),
		...unanswered.slice(0, EXAMPLES).map((text) => `${name}, no answer: ${text}`),
		...(accepted === executions
			? []
			: [`${name}: ${accepted} deliveries were accepted and ${executions} executions made.`]),
		...(unsuccessful === 0 ? [] : [`${name}: ${unsuccessful} executions did not succeed.`]),
	]);
}

const resident = (sample: Sample) => sample.resident;
const megabytes = (value = 0) => `${value.toFixed(0)} MB`;
const secondHalf = ({ samples }: SoakLog) => samples.slice(Math.floor(samples.length / 2));

function slope(points: Array<[number, number]>): string {
	if (points.length < 3) return 'too short';
	const perMinute = line(points);
	return `${(perMinute.slope * 60).toFixed(0)} ± ${(perMinute.error * 60).toFixed(0)}`;
}
