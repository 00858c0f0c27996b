import fc from 'fast-check';
import {
	arrive,
	distinct,
	documented,
	expectDelivered,
	expectNoJsonObject,
	expectRefused,
	guardPrototypes,
	withoutToken,
} from '../../testkit/fakes/arrival.mts';
import {
	depthOf,
	edit,
	edited,
	fixture,
	isJsonObject,
	jsonValue,
	mutated,
	nested,
	payload,
	reordered,
	type Edit,
} from '../../testkit/hostile/arbitraries.mts';
import type { JsonValue } from '../../testkit/providers/senders.mts';
import { check } from '../../testkit/hostile/fuzz.mts';
import { rawItemSchema } from '../../testkit/providers/itemSchema.mts';

guardPrototypes();

describe.each(distinct)('$name', (target) => {
	it('makes a valid item of any JSON object, and answers 400 to any other JSON', async () => {
		await check(
			fc.asyncProperty(jsonValue, async (value) => {
				const outcome = await arrive(target, {
					...documented(target),
					body: JSON.stringify(value),
				});
				if (isJsonObject(value)) expectDelivered(target, outcome);
				else expectNoJsonObject(outcome);
			}),
		);
	});

	it('makes a valid item of any payload like the documented ones', async () => {
		await check(
			fc.asyncProperty(payload(target.sender), fc.boolean(), async (body, eventInUrl) => {
				const arrival = documented(target, { payload: body, eventInUrl });
				const item = expectDelivered(target, await arrive(target, arrival));
				const { warning } = Object(item.delivery);
				expect('payload' in item).toBe(warning !== null);
			}),
		);
	});

	it('makes a valid item of any payload that is nested however deep', async () => {
		const deep = fc.tuple(fixture(target.sender), edit, nested(400));
		await check(
			fc.asyncProperty(deep, fc.boolean(), async ([start, change, value], eventInUrl) => {
				const body = edited(start, { ...change, kind: 'replace', value });
				const arrival = documented(target, { payload: body, eventInUrl });
				const item = expectDelivered(target, await arrive(target, arrival));
				const { warning } = Object(item.delivery);
				const depth = depthOf(target.provider.withoutSecrets?.(body) ?? body);
				if (depth <= 200) expect(String(warning)).not.toContain('cut off');
				if (depth > 202) expect(warning).toContain('cut off');
			}),
		);
	});

	it('passes any payload on as it was sent, without Simplify', async () => {
		await check(
			fc.asyncProperty(payload(target.sender), async (sent) => {
				const arrival = documented(target, { payload: sent });
				const { outputs } = await arrive(target, arrival, { parameters: { simplify: false } });
				const [item = {}] = outputs.flat();
				expect(rawItemSchema(target.provider).safeParse(item).error?.issues ?? []).toEqual([]);
				const { payload: passed } = item;
				// Troque & Devolva's log of deliveries loses its secrets; tests of its own say which.
				const isLog = (key: string) => target.provider.withoutSecrets && key === 'webhooks';
				const json = (value: unknown) =>
					JSON.stringify(value, (key, part: unknown) => (isLog(key) ? undefined : part));
				expect(json(passed)).toBe(json(sent));
			}),
		);
	});

	it('makes the same item of the same payload, whatever the order of its keys', async () => {
		await check(
			fc.asyncProperty(payload(target.sender), fc.nat(1_000), async (sent, order) => {
				const contents = [sent, reordered(sent, order)].map(async (body) => {
					const arrival = { ...documented(target), body: JSON.stringify(body) };
					const {
						delivery,
						payload: _,
						...content
					} = expectDelivered(target, await arrive(target, arrival));
					const { warning } = Object(delivery);
					return { ...content, warning };
				});
				const [one, other] = await Promise.all(contents);
				expect(other).toEqual(one);
			}),
		);
	});

	it('names nothing as unreadable where something is missing, null or blank', async () => {
		const nothing = fc.constantFrom<JsonValue>(null, '', ' ');
		const missing = fc
			.tuple(fc.constantFrom<Edit['kind']>('delete', 'replace'), edit, nothing)
			.map(([kind, change, value]): Edit => ({ ...change, kind, value }));
		const sent = mutated(fixture(target.sender), fc.array(missing, { maxLength: 10 }));
		await check(
			fc.asyncProperty(sent, async (body) => {
				const arrival = documented(target, { payload: body });
				const { delivery } = expectDelivered(target, await arrive(target, arrival));
				const { warning } = Object(delivery);
				const named = String(warning ?? '')
					.replace(/^Unreadable: |\.$/g, '')
					.split(', ');
				// An entry that is nothing, and half a date, are there and cannot be read.
				const isThere = (path: string) => path.endsWith(']') || path === 'data.date';
				expect(named.filter((path) => path !== '' && !isThere(path))).toEqual([]);
			}),
		);
	});

	it('looks at no payload without the token', async () => {
		await check(
			fc.asyncProperty(jsonValue, async (value) => {
				const arrival = { ...withoutToken(target), body: JSON.stringify(value) };
				expectRefused(await arrive(target, arrival), 401);
			}),
		);
	});
});
