import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import { rawItemSchema } from '../../testkit/providers/itemSchema.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';
import {
	arrive,
	distinct,
	documented,
	expectDelivered,
	expectNoJsonObject,
	expectRefused,
	guardPrototypes,
	targetOf,
	TOKEN,
	whilePolluted,
	withTokens,
	type Arrival,
	type Target,
} from '../../testkit/fakes/arrival.mts';
import { HOSTILE_VALUES, INHERITED_KEYS } from '../../testkit/hostile/hostile.mts';

guardPrototypes();

/** The documented payload of a provider that says most. */
const fullSampleOf = ({ sender }: Target) =>
	sender.events
		.map((event) => sender.sample(event))
		.reduce((a, b) => (JSON.stringify(a).length > JSON.stringify(b).length ? a : b));

/** Stands in a payload where JSON is put that cannot be written as a value, or not fast enough. */
const HERE = '\0here';
const filled = (value: JsonValue, json: string) =>
	JSON.stringify(value).replaceAll(JSON.stringify(HERE), () => json);

const isObject = (value: JsonValue): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy with other values, where `change` gives one. */
function changed(value: JsonValue, change: (value: JsonValue) => JsonValue | undefined): JsonValue {
	const other = change(value);
	if (other !== undefined) return other;
	if (Array.isArray(value)) return value.map((entry) => changed(entry, change));
	if (!isObject(value)) return value;
	const entries = Object.entries(value).map(([key, entry]) => [key, changed(entry, change)]);
	return Object.fromEntries(entries);
}

/** A payload with this JSON in the place of every value that is no list and no object. */
const leavesAs = (payload: JsonObject, json: string) =>
	filled(
		changed(payload, (value) => (Array.isArray(value) || isObject(value) ? undefined : HERE)),
		json,
	);

/** A payload with this JSON in the place of every value at its root. */
const rootAs = (payload: JsonObject, json: string) =>
	filled(Object.fromEntries(Object.keys(payload).map((key) => [key, HERE])), json);

/** A payload with this JSON in the place of every list under a key, or of all lists. */
function listsAs(payload: JsonObject, json: string, wanted?: string): string {
	const marked = JSON.stringify(payload, (key, value: unknown) =>
		Array.isArray(value) && (wanted === undefined || wanted === key) ? HERE : value,
	);
	return marked.replaceAll(JSON.stringify(HERE), () => json);
}

/** A payload's JSON, each entry of its objects written by `write`: JSON may say more than an object holds. */
function rewritten(value: JsonValue, write: (key: string, json: string) => string): string {
	if (Array.isArray(value)) return `[${value.map((entry) => rewritten(entry, write)).join()}]`;
	if (!isObject(value)) return JSON.stringify(value);
	const entries = Object.entries(value).map(([key, entry]) =>
		write(JSON.stringify(key), rewritten(entry, write)),
	);
	return `{${entries.join()}}`;
}

const withMore = (payload: JsonObject, json: string) =>
	`{${json},${JSON.stringify(payload).slice(1)}`;

const withContentType = (arrival: Arrival, ...type: string[]): Arrival => ({
	...arrival,
	rawHeaders: [
		...arrival.rawHeaders.filter((_, index, all) => all[index - (index % 2)] !== 'Content-Type'),
		...type.flatMap((value) => ['Content-Type', value]),
	],
});

/** The clean item of a body. */
const itemOf = async (target: Target, body: string | Buffer) =>
	expectDelivered(target, await arrive(target, { ...documented(target), body }));

/** What of the item comes from the payload. */
async function contentOf(target: Target, body: string | Buffer): Promise<IDataObject> {
	const { delivery: _, payload: __, ...content } = await itemOf(target, body);
	return content;
}

/**
 * Sends a body in every way: as JSON, as a text, for the clean item, for the raw one; without the right token and from
 * a wrong address it is not even looked at. Resolves with the clean item.
 */
async function expectHandled(target: Target, body: string | Buffer): Promise<IDataObject> {
	const arrival = { ...documented(target), body };
	expectDelivered(target, await arrive(target, withContentType(arrival)));
	await rawPayload(target, body);
	expectRefused(await arrive(target, { ...withTokens(target, `${TOKEN}x`), body }), 401);
	const elsewhere = { ip: '198.51.100.1', parameters: { options: { ipAllowlist: '203.0.113.7' } } };
	expectRefused(await arrive(target, arrival, elsewhere), 403);
	return await itemOf(target, body);
}

/** What the raw item holds of a body, as JSON. */
async function rawPayload(target: Target, body: string | Buffer): Promise<string> {
	const arrival = { ...documented(target), body };
	const { outputs } = await arrive(target, arrival, { parameters: { simplify: false } });
	const item = outputs.flat()[0] ?? {};
	expect(rawItemSchema(target.provider).safeParse(item).error?.issues ?? []).toEqual([]);
	return withoutLog(item.payload);
}

/** As JSON, without what Troque & Devolva's definition takes out of its log of deliveries. */
const withoutLog = (payload: unknown) =>
	JSON.stringify(payload, (key, value: unknown) => (key === 'webhooks' ? undefined : value));

/** The lists that providers' items are read from. */
const LISTS = [
	'products',
	'items',
	'status_history',
	'shippment_authorization',
	'payments',
	'webhooks',
];

describe.each(distinct)('$name', (target) => {
	const sample = fullSampleOf(target);
	const sampleJson = JSON.stringify(sample);

	it.each(HOSTILE_VALUES)(
		'takes %s for every value, and for everything at the root',
		async (json) => {
			await expectHandled(target, leavesAs(sample, json));
			await expectHandled(target, rootAs(sample, json));
		},
	);

	describe.each(INHERITED_KEYS)('the key %s', (key) => {
		it('beside every key changes nothing, and is passed on', async () => {
			const expected = await contentOf(target, sampleJson);
			const own = JSON.stringify(key);
			for (const value of ['1', 'null', '"x"', '{"polluted":1}', '[]', `{${own}:{${own}:1}}`]) {
				const body = rewritten(sample, (name, json) => `${own}:${value},${name}:${json}`);
				await expectHandled(target, body);
				expect(await contentOf(target, body)).toEqual(expected);
				expect(await rawPayload(target, body)).toBe(withoutLog(JSON.parse(body)));
			}
		});

		it('instead of every key leaves nothing to find, and is passed on', async () => {
			const body = rewritten(sample, (_, json) => `${JSON.stringify(key)}:${json}`);
			expect(await expectHandled(target, body)).toMatchObject({
				id: null,
				status: null,
				customer: { name: null },
				delivery: { warning: null },
			});
			expect(await rawPayload(target, body)).toBe(withoutLog(JSON.parse(body)));
		});
	});

	it('finds in a payload nothing that every object inherits', async () => {
		const id = 'polluted';
		const inherited = {
			_id: id,
			code: id,
			email: id,
			event_id: id,
			event_type: id,
			invoice: { key: id },
		};
		const body = '{"data":{"order_id":"1"},"order":{},"cart":{"products":[{}]}}';
		const expected = await contentOf(target, body);
		const outcome = await whilePolluted(inherited, () =>
			arrive(target, { ...documented(target), body }),
		);
		const { delivery: _, ...content } = expectDelivered(target, outcome);
		expect(content).toEqual(expected);
	});

	it.each([
		['lists', deepJson(10_000)],
		['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
		['both', `${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}`],
	])('takes %s ten thousand deep, and says that it cut them off', async (_what, deep) => {
		for (const body of [withMore(sample, `"deep":${deep}`), rootAs(sample, deep)]) {
			const item = await expectHandled(target, body);
			expect(item).toMatchObject({ delivery: { warning: expect.stringContaining('cut off') } });
			// n8n stores items as JSON, and nothing as deep as that becomes JSON.
			expect(() => JSON.stringify(item)).not.toThrow();
		}
	});

	it.each([
		['letters', 'x'],
		['capitals and dots', 'A.'],
		['digits', '7'],
		['spaces', ' '],
		['dates', '2026-01-01T'],
		['addresses', 'http://a@'],
		['phone numbers', '(+55) 11-'],
	])('takes texts of a million characters: %s', async (_what, part) => {
		const [event = ''] = target.sender.events;
		const long = part.repeat(1_000_000 / part.length);
		const texts = [long, `${long}!`, `${event}${long}`, `2026-01-01T10:00:00${long}`, ` ${long}\n`];
		// Where providers name their events; T&D's is in the URL, and comes last.
		for (const [index, key] of ['event', 'event_id', 'event_type', 'type', '_id'].entries()) {
			await itemOf(target, JSON.stringify({ ...sample, [key]: texts[index] }));
		}
		// In every value, as long as n8n lets through a few at once.
		const share = Math.floor(2_000_000 / sampleJson.split(':').length);
		const text = `${long.slice(-share)}!`;
		await itemOf(target, leavesAs(sample, JSON.stringify(text)));
	});

	describe('a hundred thousand', () => {
		const list = (entry: string) => `[${new Array(100_000).fill(entry).join()}]`;
		const keys = Array.from({ length: 100_000 }, (_, index) => `"key ${index}":${index}`).join();

		/** The item of a body; of its own long list the beginning stands for all. */
		async function expectTaken(body: string): Promise<void> {
			const outcome = await arrive(target, { ...documented(target), body });
			const outputs = outcome.outputs.map((items) =>
				items.map((item) => ({
					...item,
					...(Array.isArray(item.items) ? { items: item.items.slice(0, 100) } : {}),
				})),
			);
			const { delivery } = expectDelivered(target, { ...outcome, outputs });
			expect(JSON.stringify(delivery).length).toBeLessThan(10_000);
		}

		it.each([
			['entries of nothing in every list', listsAs(sample, list('null'))],
			['objects in a list instead of an object', rootAs({ data: {} }, list('{"a":"b"}'))],
			['keys at the root', withMore(sample, keys)],
			...LISTS.filter((key) => sampleJson.includes(`"${key}":[`)).map((key) => [
				`objects under ${key}`,
				listsAs(sample, list('{"created_at":"2026-01-01"}'), key),
			]),
		])('%s', async (_what, body = '') => await expectTaken(body));
	});

	it('passes on no id and no code that lost digits', async () => {
		const withDigits = (digits: string) => itemOf(target, leavesAs(sample, digits));
		expect(await withDigits('9007199254740991')).toMatchObject({ status: '9007199254740991' });
		expect(await withDigits('9007199254740993')).toMatchObject({
			id: null,
			status: null,
			delivery: { warning: expect.stringMatching(/^Unreadable: /) },
			payload: expect.anything(),
		});
	});

	it('passes on HTML as it is', async () => {
		const html = '<img src=x onerror="alert(1)"> &amp; \u202eevil\u202c';
		const item = await expectHandled(target, leavesAs(sample, JSON.stringify(html)));
		expect(item).toMatchObject({ status: html });
		expect(JSON.stringify(item).split(JSON.stringify(html)).length).toBeGreaterThan(3);
	});

	it('takes the last of two equal keys', async () => {
		for (const first of ['"first"', 'null', '{}', '1']) {
			const body = rewritten(sample, (key, json) => `${key}:${first},${key}:${json}`);
			await expectHandled(target, body);
			expect(await contentOf(target, body)).toEqual(await contentOf(target, sampleJson));
		}
	});

	it.each([
		[[0xff]],
		[[0xc0, 0x80]],
		[[0xed, 0xa0, 0x80]],
		[[0xf8, 0x88]],
		[[0xe2, 0x82]],
		[[0xfe, 0xff]],
	])('takes the bytes %j inside texts, which are no UTF-8', async (bytes) => {
		const text = leavesAs(sample, '"a-HERE-z"').replaceAll('HERE', String.fromCharCode(...bytes));
		const item = await expectHandled(target, Buffer.from(text, 'latin1'));
		expect(item).toMatchObject({ status: expect.stringMatching(/^a-\ufffd+-z$/) });
	});

	it.each<[string, string | Buffer]>([
		['nothing', ''],
		['spaces', ' \n'],
		['a list', '[{}]'],
		['an empty list', '[]'],
		['a text', JSON.stringify(sampleJson)],
		['a number', '7'],
		['a number that is none', 'NaN'],
		['null', 'null'],
		['true', 'true'],
		['a list, ten thousand deep', deepJson(10_000)],
		['lists that never end', '['.repeat(1_000_000)],
		['objects that never end', '{"a":'.repeat(200_000)],
		['half of it', sampleJson.slice(0, sampleJson.length / 2)],
		['it twice', sampleJson + sampleJson],
		['it with a comma at the end', sampleJson.replace(/}$/, ',}')],
		['it with a comment', `/* x */${sampleJson}`],
		['it in single quotes', sampleJson.replaceAll('"', "'")],
		['it in UTF-16', Buffer.from(sampleJson, 'utf16le')],
		['bytes that are no UTF-8 around it', Buffer.from(`\xff${sampleJson}`, 'latin1')],
		['null bytes', '\0'.repeat(100)],
		['a form', 'event_id=ORDER_CREATED&event_type=ORDER_CREATED'],
		['XML', '<?xml version="1.0"?><event_id>ORDER_CREATED</event_id>'],
	])('answers 400 to %s', async (_what, body) => {
		const arrival = { ...documented(target), body };
		for (const type of [
			[],
			['text/plain'],
			['text/plain; charset=utf-16'],
			['application/x+json'],
			['application/x-www-form-urlencoded'],
			['application/octet-stream'],
		]) {
			expectNoJsonObject(await arrive(target, withContentType(arrival, ...type)));
		}
	});

	it.each(['[{}]', '"x"', '7', 'null', 'true', deepJson(10_000)])(
		'answers 400 to other JSON: %#',
		async (body) => expectNoJsonObject(await arrive(target, { ...documented(target), body })),
	);
});

it.each(['/', '\\', ' ', ':', '@', 'a:', ': ', '\n/', '?', 'https://', 'a@'])(
	'the addresses in the log of Troque & Devolva may be a megabyte of %j',
	async (part) => {
		const target = targetOf('troqueDevolva');
		const long = part.repeat(1_000_000 / part.length);
		const webhooks = [long, `${long}x`, `https:${long}`, `https://${long}`].map((url) => ({ url }));
		const payload = { ...target.sender.sample('request.posted'), webhooks };
		await itemOf(target, JSON.stringify(payload));
	},
);

// luxon takes an offset of any two digits, and writes one that nobody reads; so it does with a year of five.
it.each([
	'2026-01-01T00:00:00+99:99',
	'2026-01-01T00:00:00-30',
	'2026-01-01T00:00:00+24:00',
	'9999-12-31T24:00:00Z',
])('the time %s, which does not exist, is unreadable', async (time) => {
	const target = targetOf('goatCom');
	const payload = { ...target.sender.sample('ORDER_UPDATE'), created_at: time };
	expect(await itemOf(target, JSON.stringify(payload))).toMatchObject({
		createdAt: null,
		delivery: { warning: 'Unreadable: created_at.' },
	});
});

it('a time in a zone that does not exist is unreadable', async () => {
	const target = targetOf('gestaoOnline');
	const date = { date: '2026-01-01 00:00:00.000000', timezone_type: 1, timezone: '+99:99' };
	expect(await itemOf(target, JSON.stringify({ event_id: 'X', data: { date } }))).toMatchObject({
		createdAt: null,
		delivery: { warning: 'Unreadable: data.date.' },
	});
});

// A pattern that repeats a group so often is too much for the stack of the regular expressions: it throws.
it('an event whose name has millions of parts is an event', async () => {
	const event = `A${'.A'.repeat(4_000_000)}`;
	expect(await itemOf(targetOf('gen'), JSON.stringify({ event }))).toMatchObject({ event });
});

// The event is trimmed before it is compared, and the first of a list; the id's place is chosen by the bare value.
it.each([[' CART_ABANDONED '], [['CART_ABANDONED']]])(
	'an abandoned cart has its id although its event is sent as %j',
	async (event_type) => {
		const target = targetOf('goatCom');
		const payload = { ...target.sender.sample('CART_ABANDONED'), event_type };
		const { id } = await itemOf(target, JSON.stringify(target.sender.sample('CART_ABANDONED')));
		expect(await itemOf(target, JSON.stringify(payload))).toMatchObject({
			event: 'CART_ABANDONED',
			id,
		});
	},
);

// luxon keeps every zone that it is asked for, by its name, also one that does not exist.
it('nothing is kept of the zones that payloads invent', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage: () => void = runInNewContext('gc');
	const used = () => {
		collectGarbage();
		return process.memoryUsage().heapUsed;
	};
	const send = async (number: number) => {
		const timezone = `${number}${'x'.repeat(200_000)}`;
		const date = { date: '2026-01-01 00:00:00.000000', timezone_type: 3, timezone };
		await itemOf(targetOf('gestaoOnline'), JSON.stringify({ event_id: 'X', data: { date } }));
	};
	await send(0);
	const before = used();
	for (let number = 1; number <= 200; number += 1) await send(number);
	expect(used() - before).toBeLessThan(10_000_000);
});
