import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { deepJson } from '../../testkit/fakes/fakeProvider';
import {
	arrive,
	distinct,
	documented,
	expectDelivered,
	expectNoJsonObject,
	guardPrototypes,
	whilePolluted,
	type Target,
} from '../../testkit/fakes/arrival.mts';
import {
	edit,
	fixture,
	isJsonObject,
	jsonValue,
	mutated,
	payload,
	reordered,
	type Edit,
} from '../../testkit/hostile/arbitraries.mts';
import { check } from '../../testkit/hostile/fuzz.mts';
import { HOSTILE_VALUES, INHERITED_KEYS } from '../../testkit/hostile/hostile.mts';
import { rawItemSchema } from '../../testkit/providers/itemSchema.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';

guardPrototypes();

/** A payload's JSON, written by `write` entry by entry: JSON may say more than an object can hold. */
function rewritten(value: JsonValue, write: (key: string, json: string) => string): string {
	if (Array.isArray(value)) return `[${value.map((entry) => rewritten(entry, write)).join()}]`;
	if (!isJsonObject(value)) return JSON.stringify(value);
	const entries = Object.entries(value).map(([key, entry]) =>
		write(JSON.stringify(key), rewritten(entry, write)),
	);
	return `{${entries.join()}}`;
}

/** The payload with this JSON in the place of every value that is neither a list nor an object. */
const leavesAs = (sample: JsonObject, json: string) =>
	rewritten(sample, (key, value) => `${key}:${/^[[{]/.test(value) ? value : json}`);

/** The payload with this JSON in the place of every value at its root. */
const rootAs = (sample: JsonObject, json: string) =>
	`{${Object.keys(sample)
		.map((key) => `${JSON.stringify(key)}:${json}`)
		.join()}}`;

/** The clean item of a body. */
const itemOf = async (target: Target, body: string | Buffer) =>
	expectDelivered(target, await arrive(target, documented(target, { body })));

/** What of the clean item comes from the payload. */
async function contentOf(target: Target, body: string): Promise<IDataObject> {
	const { delivery: _, payload: __, ...content } = await itemOf(target, body);
	return content;
}

/** Expects that a body leaves the trigger as it came, without Simplify. */
async function expectPassedOn(target: Target, body: string): Promise<void> {
	const arrival = documented(target, { body });
	const { outputs } = await arrive(target, arrival, { parameters: { simplify: false } });
	const [item = {}] = outputs.flat();
	expect(rawItemSchema(target.provider).safeParse(item).error?.issues ?? []).toEqual([]);
	// Troque & Devolva's log of deliveries loses its secrets; tests of its own say which.
	const json = (value: unknown) =>
		JSON.stringify(value, (key, part: unknown) => (key === 'webhooks' ? undefined : part));
	expect(json(item.payload)).toBe(json(JSON.parse(body)));
}

describe.each(distinct)('$name', (target) => {
	const { sender } = target;
	const [sample = {}] = sender.events
		.map((event) => sender.sample(event))
		.sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
	const sampleJson = JSON.stringify(sample);

	it.each(HOSTILE_VALUES)('takes %s for every value, and at the root', async (json) => {
		for (const body of [leavesAs(sample, json), rootAs(sample, json)]) {
			await itemOf(target, body);
			await expectPassedOn(target, body);
		}
	});

	it.each(INHERITED_KEYS)('takes the key %s for one like every other', async (key) => {
		const own = JSON.stringify(key);
		for (const value of ['null', '{"polluted":1}', `{${own}:{${own}:1}}`]) {
			const body = rewritten(sample, (name, json) => `${own}:${value},${name}:${json}`);
			expect(await contentOf(target, body)).toEqual(await contentOf(target, sampleJson));
			await expectPassedOn(target, body);
		}
		const body = rewritten(sample, (_, json) => `${own}:${json}`);
		expect(await itemOf(target, body)).toMatchObject({
			id: null,
			status: null,
			customer: { name: null },
			delivery: { warning: null },
		});
		await expectPassedOn(target, body);
	});

	it('finds nothing that every object inherits', async () => {
		const id = 'polluted';
		const common = { _id: id, code: id, email: id, event_id: id, event_type: id };
		const body = '{"data":{"order_id":"1"},"order":{},"cart":{"products":[{}]}}';
		const expected = await contentOf(target, body);
		const content = await whilePolluted({ ...common, invoice: { key: id } }, () =>
			contentOf(target, body),
		);
		expect(content).toEqual(expected);
	});

	it.each([
		['lists', deepJson(10_000)],
		['both', `${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}`],
	])('takes %s ten thousand deep, and says that it cut them off', async (_what, deep) => {
		for (const body of [`{"deep":${deep},${sampleJson.slice(1)}`, rootAs(sample, deep)]) {
			const item = await itemOf(target, body);
			expect(item).toMatchObject({ delivery: { warning: expect.stringContaining('cut off') } });
			// n8n stores items as JSON.
			expect(() => JSON.stringify(item)).not.toThrow();
		}
	});

	it.each(['x', 'A.', '7', ' ', '2026-01-01T', 'http://a@', '(+55) 11-'])(
		'takes texts of many %j',
		async (part) => {
			const long = part.repeat(1_000_000 / part.length);
			for (const event of [`${long}!`, `${sender.events[0]}${long}`]) {
				await itemOf(target, JSON.stringify({ ...sample, ...sender.naming(event) }));
			}
			const share = Math.floor(2_000_000 / sampleJson.split(':').length);
			await itemOf(target, leavesAs(sample, JSON.stringify(`${long.slice(-share)}!`)));
		},
	);

	it.each([
		['nothing', 'null'],
		['objects', '{"created_at":"2026-01-01"}'],
	])('takes a list of a hundred thousand: %s', async (_what, entry) => {
		const list = `[${new Array(100_000).fill(entry).join()}]`;
		const keys = [...sampleJson.matchAll(/"(\w+)":\[/g)].map(([, key]) => `"${key}"`);
		for (const key of new Set(keys)) {
			const body = rewritten(sample, (name, json) => `${name}:${name === key ? list : json}`);
			const outcome = await arrive(target, documented(target, { body }));
			// Of a long list in the item the beginning stands for all.
			const outputs = outcome.outputs.map((items) =>
				items.map((item) =>
					Array.isArray(item.items) ? { ...item, items: item.items.slice(0, 100) } : item,
				),
			);
			const { delivery } = expectDelivered(target, { ...outcome, outputs });
			expect(JSON.stringify(delivery).length).toBeLessThan(10_000);
		}
		await itemOf(target, rootAs({ data: {} }, list));
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

	it('takes bytes inside texts that are not UTF-8', async () => {
		const text = leavesAs(sample, '"a-\xff\xc0\x80\xed\xa0\x80-z"');
		expect(await itemOf(target, Buffer.from(text, 'latin1'))).toMatchObject({
			status: expect.stringMatching(/^a-\ufffd+-z$/),
		});
	});

	it('makes a valid item of any JSON object, and answers 400 to any other JSON', async () => {
		await check(
			fc.asyncProperty(jsonValue, async (value) => {
				const body = JSON.stringify(value);
				const outcome = await arrive(target, documented(target, { body }));
				if (isJsonObject(value)) expectDelivered(target, outcome);
				else expectNoJsonObject(outcome);
			}),
		);
	});

	it('makes a valid item of any payload like the documented ones, and can pass it on', async () => {
		await check(
			fc.asyncProperty(payload(sender), async (sent) => {
				const body = JSON.stringify(sent);
				const { delivery, ...content } = await itemOf(target, body);
				const { warning } = Object(delivery);
				const needsIt = target.provider.needsPayload?.(String(content.event)) === true;
				expect('payload' in content).toBe(needsIt || warning !== null);
				await expectPassedOn(target, body);
			}),
		);
	});

	it('makes the same item whatever the order of the keys', async () => {
		await check(
			fc.asyncProperty(payload(sender), fc.nat(1_000), async (sent, order) => {
				const other = JSON.stringify(reordered(sent, order));
				expect(await contentOf(target, other)).toEqual(
					await contentOf(target, JSON.stringify(sent)),
				);
			}),
		);
	});

	it('names nothing as unreadable where something is missing, null or blank', async () => {
		const nothing = fc.constantFrom<JsonValue>(null, '', ' ');
		const missing = fc
			.tuple(fc.constantFrom<Edit['kind']>('delete', 'replace'), edit, nothing)
			.map(([kind, change, value]): Edit => ({ ...change, kind, value }));
		await check(
			fc.asyncProperty(
				mutated(fixture(sender), fc.array(missing, { maxLength: 10 })),
				async (sent) => {
					const { delivery } = await itemOf(target, JSON.stringify(sent));
					const warning = String(Object(delivery).warning ?? '');
					const named = warning.replace(/^Unreadable: |\.$/g, '').split(', ');
					// An entry that is nothing, and half a date, are there and cannot be read.
					const isThere = (path: string) => path.endsWith(']') || path === 'data.date';
					expect(named.filter((path) => path !== '' && !isThere(path))).toEqual([]);
				},
			),
		);
	});
});
