import { itemOf, type ItemSettings } from '../../nodes/core/item';
import type { JsonObject } from '../../nodes/core/json';
import { redactor } from '../../nodes/core/redact';
import type { Provider } from '../../nodes/core/provider';
import { booleanField } from '../../nodes/core/shape';
import { deepJson, sale, shop } from '../../testkit/fakes/fakeProvider';

const TOKEN = 'example-token-0123456789';
const settings: ItemSettings = {
	id: 'delivery-1',
	isTest: false,
	redact: redactor([TOKEN]),
	simplify: true,
	includePayload: false,
};
const event = { name: 'SALE.NEW' };

const item = (body: JsonObject, changed: Partial<ItemSettings> = {}, provider: Provider = shop) =>
	itemOf(provider, event, body, { ...settings, ...changed });

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const delivery = (changed: object = {}) => ({
	...{ id: 'delivery-1', receivedAt: expect.stringMatching(ISO_TIME), test: false, label: null },
	...{ warning: null, ...changed },
});
const keysOf = (value: unknown) => Object.keys(Object(value)).join();

describe('the clean item', () => {
	it('says who sent what, then the common keys, then the own ones, then the delivery', () => {
		const made = item(sale());
		expect(made).toEqual({
			...{ provider: 'shop', event: 'SALE.NEW', id: '7', status: 'PAID' },
			...{ createdAt: '2026-07-01T10:00:00-03:00', updatedAt: null },
			customer: {
				...{ id: null, name: 'Ana', email: 'ana@example.com', phone: '+5511987654321' },
				...{ landline: null, document: null, documentType: null },
			},
			sale: { total: 395 },
			items: [{ sku: 'A-1' }],
			delivery: delivery(),
		});
		expect(keysOf(made)).toBe(
			'provider,event,id,status,createdAt,updatedAt,customer,sale,items,delivery',
		);
		expect(keysOf(made.delivery)).toBe('id,receivedAt,test,label,warning');
		expect(keysOf(item({}))).toBe(keysOf(made));
	});

	it.each<[Partial<ItemSettings>, Partial<Provider>, boolean]>([
		[{ includePayload: true }, {}, true],
		[{}, { needsPayload: (name) => name === 'SALE.NEW' }, true],
		[{}, { needsPayload: () => false }, false],
	])('carries the payload where it is wanted or needed: %j, %p', (changed, more, isThere) => {
		const made = item(sale(), changed, { ...shop, ...more });
		const without = { ...item(sale()), delivery: delivery() };
		expect(made).toEqual(isThere ? { ...without, payload: sale() } : without);
		expect(keysOf(made).endsWith(',delivery,payload')).toBe(isThere);
	});

	it('says that it is a test, and where the event was found', () => {
		const found = { name: 'REFUND', source: 'query' } as const;
		const made = itemOf(shop, found, {}, { ...settings, isTest: true });
		expect(made).toMatchObject({ event: 'REFUND', delivery: { test: true, eventSource: 'query' } });
	});
});

it('the item without Simplify is the payload as it was sent, with no warning about what is not cleaned', () => {
	const body = sale({ buyer: 'Ana' });
	const made = item(body, { simplify: false, includePayload: true });
	const head = { provider: 'shop', event: 'SALE.NEW' };
	expect(made).toEqual({ ...head, payload: body, delivery: delivery() });
	expect(keysOf(made)).toBe('provider,event,payload,delivery');
});

describe.each([true, false])('with simplify %s the delivery', (simplify) => {
	it('has the label of the trigger, without secrets', () => {
		const labelled = (label: string) => item(sale(), { label, simplify }).delivery;
		expect(labelled('Loja Centro')).toEqual(delivery({ label: 'Loja Centro' }));
		expect(labelled(`Loja ${TOKEN}`)).toEqual(delivery({ label: 'Loja [redacted]' }));
	});

	it('has the keys of delivery that the provider sends', () => {
		const provider = { ...shop, deliveryFields: { devMode: booleanField('devMode') } };
		const deliveryOf = (body: JsonObject) => item(body, { simplify }, provider).delivery;
		expect(deliveryOf({ devMode: true })).toEqual(delivery({ devMode: true }));
		expect(deliveryOf({})).toEqual(delivery({ devMode: null }));
		const warning = 'Unreadable: devMode.';
		expect(deliveryOf({ devMode: [] })).toEqual(delivery({ devMode: null, warning }));
		expect(keysOf(deliveryOf({}))).toMatch(/,devMode,warning$/);
	});

	it('says that the payload was nested too deeply and is cut off', () => {
		const made = item(sale({ extra: JSON.parse(deepJson(100_000)) }), { simplify });
		expect(made).toMatchObject({
			delivery: { warning: expect.stringContaining('nested too deeply') },
			payload: { id: 7 },
		});
		expect(JSON.stringify(made).length).toBeLessThan(3_000);
	});
});

describe('a payload that cannot be cleaned', () => {
	it('is not lost: every unreadable path is named, and the payload is there', () => {
		const body = sale({ buyer: 'Ana', sale: { total: '1.399,90' }, created: '31/02/2026' });
		expect(item(body)).toMatchObject({
			...{ createdAt: null, customer: { name: null }, sale: { total: null } },
			delivery: { warning: 'Unreadable: created, buyer, sale.total.' },
			payload: body,
		});
	});

	it.each([
		[100, /^Unreadable: items\[0\], .*items\[99\]\.$/],
		[250, /^Unreadable: items\[0\], .*items\[99\] and 150 more\.$/],
	])('of %i unreadable paths names a hundred', (length, warning) => {
		const { delivery: made } = item(sale({ items: Array.from({ length }, () => 1) }));
		expect(made).toMatchObject({ warning: expect.stringMatching(warning) });
	});

	it('says that the time zone in the options does not exist', () => {
		const zoned = { ...shop, defaultTimezone: 'America/Sao_Paulo' };
		const body = sale({ created: '2026-07-01T10:00:00' });
		for (const [timezone, createdAt] of [
			[undefined, '2026-07-01T10:00:00-03:00'],
			['', '2026-07-01T10:00:00-03:00'],
			['America/Manaus', '2026-07-01T10:00:00-04:00'],
		]) {
			const made = item(body, { timezone }, zoned);
			expect(made).toMatchObject({ createdAt, delivery: { warning: null } });
		}
		expect(item(body, { timezone: 'Mars/Olympus' }, zoned)).toMatchObject({
			createdAt: null,
			delivery: { warning: expect.stringMatching(/^Unreadable: created\. .*time zone/) },
			payload: body,
		});
	});
});

describe('secrets', () => {
	const echo = sale({
		id: TOKEN,
		items: [{ sku: encodeURIComponent(TOKEN) }],
		[TOKEN]: `https://x/?token=${TOKEN}`,
	});

	it.each([
		['the clean item', {}],
		['the clean item with its payload', { includePayload: true }],
		['the item without Simplify', { simplify: false }],
	])('are not in %s', (_what, changed) => {
		const made = itemOf(shop, { name: `SALE.${TOKEN}` }, echo, { ...settings, ...changed });
		expect(JSON.stringify(made)).not.toContain(TOKEN);
		expect(made.event).toBe('SALE.[redacted]');
	});

	it('of other integrations are removed by the provider before anything else', () => {
		const provider: Provider = { ...shop, withoutSecrets: (body) => ({ ...body, id: 'removed' }) };
		for (const simplify of [true, false]) {
			const made = item(sale({ id: 'their secret' }), { simplify, includePayload: true }, provider);
			expect(JSON.stringify(made)).not.toContain('their secret');
		}
	});
});
