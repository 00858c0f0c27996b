import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from '../../nodes/core/fields';
import type { Field, Shape, Source } from '../../nodes/core/shape';
import { CREATED_ORDER } from '../../nodes/GestaoOnline/actions/order/create';
import { ORDER } from '../../nodes/GestaoOnline/actions/order/get';
import { expectedItem } from '../../testkit/providers/items.mts';
import {
	mainSamples,
	senders,
	type JsonObject,
	type Sender,
} from '../../testkit/providers/senders.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { basisOf, isAlwaysNull } from './schema.mts';

/** One of the places at which a value may be: the first that is there counts. */
interface Place {
	/** Several, where the payload decides. */
	paths: string[];
	/** Whether code looks for it in each payload; the paths are then those in the samples. */
	isFound: boolean;
}

type Row = [key: string, type: string, from: string];

const ROOT: Place = { paths: [''], isFound: false };

const code = (text: string) => `\`${text}\``;
const joined = (...parts: string[]) => parts.filter((part) => part !== '').join('.');

/** Where a source leads from the places around it. */
function placesOf(source: Source, around: Place[], samples: readonly JsonObject[]): Place[] {
	if (typeof source === 'function') {
		const found = samples.flatMap((payload) => source(payload) ?? []);
		const paths = [...new Set(found.map((path) => path.replace(/\[\d+\]/g, '[…]')))];
		return paths.length === 0 ? [] : [{ paths, isFound: true }];
	}
	if (typeof source !== 'string') return source.flatMap((path) => placesOf(path, around, samples));
	if (source.startsWith('/')) return [{ paths: [source.slice(1)], isFound: false }];
	return around.map(({ paths, isFound }) => ({
		paths: paths.map((path) => joined(path, source)),
		isFound,
	}));
}

const placesText = (places: Place[]) =>
	places
		.map(({ paths, isFound }) => `${isFound ? 'found: ' : ''}${paths.map(code).join(' or ')}`)
		.join(', otherwise ');

/** What a reader does to a value, told by what it makes of one: under tsx the readers themselves exist twice. */
const READER_NOTES = [
	{ sent: '100', read: 1, note: 'divided by 100' },
	{ sent: '123.456.789-09', read: '12345678909', note: 'without punctuation' },
	{
		sent: '(11) 98765-4321',
		read: '+5511987654321',
		note: '`+55…` for a valid Brazilian number',
	},
];

function typeOf({ type, format }: Reader): string {
	if (format === 'date-time') return 'date';
	return { string: 'text', number: 'number', boolean: 'true or false' }[type];
}

function rowOf(
	key: string,
	field: Field,
	{ group, around, samples }: { group: Shape; around: Place[]; samples: readonly JsonObject[] },
): Row {
	if (isAlwaysNull(field, group)) return [key, 'null', 'not sent'];
	const { source, beside, reader } = field;
	const beforeLast = key.slice(0, key.lastIndexOf('.') + 1);
	const basis = basisOf(field)
		.map((sibling) => code(`${beforeLast}${sibling}`))
		.join(', ');
	const value = [placesText(placesOf(source, around, samples)), basis && `derived from ${basis}`];
	const notes = [
		...READER_NOTES.filter(({ sent, read }) => reader.read(sent, {}) === read).map(
			({ note }) => note,
		),
		beside && `if ${placesText(placesOf(beside, around, samples))} was sent too`,
	];
	const from = [value.filter(Boolean).join(', otherwise '), ...notes].filter(Boolean).join('; ');
	return [key, typeOf(reader), from];
}

function rowsOf(
	shape: Shape,
	samples: readonly JsonObject[],
	around: Place[] = [ROOT],
	prefix = '',
): Row[] {
	return Object.entries(shape).flatMap(([key, part]): Row[] => {
		const path = `${prefix}${key}`;
		if (part.kind === 'field') return [rowOf(path, part, { group: shape, around, samples })];
		if (part.kind === 'group') {
			return rowsOf(part.fields, samples, placesOf(part.at, around, samples), `${path}.`);
		}
		const lists = placesOf(part.source, around, samples);
		if (part.kind === 'values') {
			return [[path, `list of ${typeOf(part.reader)}`, placesText(lists)]];
		}
		const entries = lists.map(({ paths, isFound }) => ({
			paths: paths.map((list) => `${list}[]`),
			isFound,
		}));
		return [
			[path, 'list', placesText(lists)],
			...rowsOf(part.entry, samples, entries, `${path}[].`),
		];
	});
}

const tableOf = (rows: Row[]) =>
	[
		'| key | type | from |',
		'|---|---|---|',
		...rows.map(([key, type, from]) => `| ${code(key)} | ${type} | ${from} |`),
	].join('\n');

const warning = (key: string): Row => [key, 'text', 'generated: names what could not be read'];

function itemTable({ definition, samples }: Sender): string {
	const { source } = definition.eventOf({ body: {}, headers: {}, query: {} });
	const payloads = samples.map(({ payload }) => payload);
	const more = definition.needsPayload
		? 'with a warning, or for an event whose fields no document shows'
		: 'or with a warning';
	const eventSource: Row = [
		'delivery.eventSource',
		'text',
		'generated: where the name of the event was found',
	];
	return tableOf([
		['provider', 'text', `always ${code(definition.id)}`],
		['event', 'text', 'the name of the event, see Events'],
		...rowsOf(definition.item, payloads),
		['delivery.id', 'text', 'generated: the same for every retry of a delivery'],
		['delivery.receivedAt', 'date', 'generated: when n8n received it'],
		['delivery.test', 'true or false', 'generated: whether it arrived at the test URL'],
		['delivery.label', 'text', 'the text under **Options > Label**'],
		...(source === undefined ? [] : [eventSource]),
		...rowsOf(definition.deliveryFields ?? {}, payloads, [ROOT], 'delivery.'),
		warning('delivery.warning'),
		[
			'payload',
			'object',
			`the original payload, without secrets; only with **Include Payload**, ${more}`,
		],
	]);
}

/** The clean item of each sample, as an execution of the trigger has it. */
function items(sender: Sender): string {
	return mainSamples(sender)
		.map(({ event, file, assumed }) => {
			const item = expectedItem(sender.folder, file);
			Object.assign(item.delivery ?? {}, { receivedAt: '2026-01-31T12:00:00.000Z' });
			const note = assumed ? ' (an assumed name)' : '';
			return `<details>
<summary><code>${event}</code>${note}</summary>

\`\`\`json
${JSON.stringify([item], null, 2)}
\`\`\`

</details>`;
		})
		.join('\n\n');
}

/** What is generated of a page, by the names in its markers. */
type Blocks = Readonly<Record<string, string>>;

/** What a page has besides its trigger's parts. */
const moreBlocks: Readonly<Record<string, Blocks>> = {
	gestaoOnline: {
		'order reference': tableOf([
			...rowsOf(ORDER, [], [{ paths: ['data'], isFound: false }]),
			warning('warning'),
		]),
		'created order reference': tableOf([...rowsOf(CREATED_ORDER, []), warning('warning')]),
	},
};

/** The content of every page with generated parts, by its path from the repository's root. */
export const referenceFiles = (): ReadonlyMap<string, string> =>
	new Map(
		senders.map((sender) => {
			const file = `docs/${sender.page}.md`;
			const page = readFileSync(join(repositoryRoot, file), 'utf8');
			const blocks = { 'item reference': itemTable(sender), items: items(sender) };
			return [file, withBlocks(file, page, { ...blocks, ...moreBlocks[sender.provider] })];
		}),
	);

/** The page with each block between its markers. Throws where a marker is missing or unknown. */
function withBlocks(file: string, page: string, blocks: Blocks): string {
	const missing = new Set(Object.keys(blocks));
	const filled = page.replace(
		/(<!-- ([\w ]+): generated -->\n).*?(<!-- end -->)/gs,
		(_, start: string, name: string, end: string) => {
			const { [name]: block } = blocks;
			if (block === undefined) throw new Error(`${file} has a marker "${name}": remove it.`);
			missing.delete(name);
			return `${start}\n${block}\n\n${end}`;
		},
	);
	const [name] = missing;
	if (name === undefined) return filled;
	throw new Error(`${file} lacks <!-- ${name}: generated --> and <!-- end -->: add them.`);
}
