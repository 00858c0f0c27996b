import fc from 'fast-check';
import { passesFilters } from '../../../nodes/core/filters';
import { troqueDevolva } from '../../../nodes/TroqueDevolva/troqueDevolva';
import {
	idOf,
	itemFrom,
	itemOfBody,
	received,
	testItems,
	TOKEN,
} from '../../../testkit/providers/clean.mts';
import { check } from '../../../testkit/hostile/fuzz.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/TroqueDevolva/sender.mts';

testItems('TroqueDevolva', troqueDevolva, sender);

const URL_OF_NODE = 'https://n8n.example.com/webhook/1/webhook';
const request = (changes: JsonObject = {}): JsonObject => ({
	...readFixture('TroqueDevolva', 'request.done'),
	...changes,
});

/** The documented request with other values in `process`. */
function requestWith(changes: JsonObject): JsonObject {
	const body = request();
	return { ...body, process: { ...objectAt(body, 'process'), ...changes } };
}

const firstOf = (value: JsonValue | undefined) => (Array.isArray(value) ? value[0] : undefined);

describe('the event', () => {
	const named = (body: JsonObject, query: object = {}, headers: object = {}) =>
		troqueDevolva.eventOf({ body, query: { ...query }, headers: { ...headers } });
	const query = { event: 'request.created' };
	const headers = { 'x-event': 'request.authorized' };
	const body = { event: 'request.posted', process: { status: 5 } };
	const rejected = { to: 0, to_translated: 'Solicitação REJEITADA' };
	const reopened = [rejected, { to: 98, to_translated: 'Reaberta' }];

	it.each<[JsonObject, object, object, string, string]>([
		[body, query, headers, 'request.created', 'query'],
		[body, {}, headers, 'request.authorized', 'header'],
		[body, {}, {}, 'request.posted', 'payload'],
		[{ ...body, event: '' }, { event: ' ' }, { 'x-event': '' }, 'request.done', 'status'],
		[{ webhooks: [{ event: 'request.posted' }] }, {}, {}, 'unknown', 'none'],
		[{ process: { status: 0, status_history: [rejected] } }, {}, {}, 'request.rejected', 'status'],
		[{ process: { status: 98, status_history: reopened } }, {}, {}, 'unknown', 'none'],
	])('of %j with the query %j and the headers %j is %s, from the %s', (...row) => {
		const [sent, inUrl, inHeaders, name, source] = row;
		expect(named(sent, inUrl, inHeaders)).toMatchObject({ name, source });
	});

	it.each<[JsonValue, string]>([
		[0, 'request.created'],
		['0', 'request.created'],
		[11, 'request.authorized'],
		[12, 'request.posted'],
		[13, 'request.delivered'],
		[5, 'request.done'],
		[34, 'unknown'],
		['', 'unknown'],
		[{ code: 5 }, 'unknown'],
	])('of the status %j is %s', (status, name) => {
		expect(named({ process: { status } }).name).toBe(name);
		expect(named({ process: { last_status: { to: status } } }).name).toBe(name);
		expect(named({ process: { status_history: [{ to: 7 }, { to: status }] } }).name).toBe(name);
	});
});

describe('a request', () => {
	const many = (values: JsonObject[]) => ({ request: { items: values } });
	const reason = (value: string) => ({ questions: [{ value }] });

	it('has the type and the reason that its items share, and none where they differ', () => {
		const same = many([
			{ type: 'exchange', ...reason('Tamanho') },
			{ type: 'exchange', ...reason('Cor') },
		]);
		expect(itemOfBody(troqueDevolva, same)).toMatchObject({
			request: { type: 'exchange', reason: null },
			items: [{ reason: 'Tamanho' }, { reason: 'Cor' }],
			delivery: { warning: null },
		});
	});

	const at = (day: number) => `2025-11-${day}T10:00:00-03:00`;
	const lastStatus = {
		statusLabel: null,
		statusChangedAt: '2025-12-15T10:30:45-03:00',
		request: { message: expect.stringMatching(/^Seu vale-trocas/) },
	};

	it.each<[string, JsonObject, object]>([
		[
			'the latest shipment authorization that is not canceled',
			{
				shippment_authorization: [
					{ created_at: at(24), carrier: 'first' },
					{ created_at: at(26), carrier: 'canceled', canceled: true },
					{ created_at: at(25), carrier: 'second', canceled: false },
					{ created_at: at(23), carrier: 'before' },
				],
			},
			{ returnShipment: { carrier: 'second' } },
		],
		[
			'the last shipment authorization where not all are dated',
			{ shippment_authorization: [{ created_at: at(24), carrier: 'a' }, { carrier: 'b' }] },
			{ returnShipment: { carrier: 'b' } },
		],
		[
			'the latest payment',
			{
				payments: [
					{ payment_date: at(25), payment_method: 'later', payment_amount: 2 },
					{ payment_date: at(24), payment_method: 'earlier', payment_amount: 1 },
				],
			},
			{ refund: { method: 'later', amount: 2 } },
		],
		[
			'the voucher of its payment where there are no voucher details',
			{ voucher_details: null },
			{ refund: { voucherCode: 'TEDEXEMPLO123', validUntil: '2031-06-15T23:59:59Z' } },
		],
		['the last status without a history', { status_history: null }, lastStatus],
		['the last status with an empty history', { status_history: [] }, lastStatus],
	])('has %s', (_what, changes, expected) => {
		expect(itemOfBody(troqueDevolva, requestWith(changes))).toMatchObject({
			...expected,
			delivery: { warning: null },
		});
	});

	it.each<[string, JsonObject, string]>([
		['the payments', requestWith({ payments: { is_paid: true } }), 'process.payments'],
		['a payment', requestWith({ payments: ['paid'] }), 'process.payments[0]'],
		[
			'the shipment authorizations',
			requestWith({ shippment_authorization: { carrier: 'Correios' } }),
			'process.shippment_authorization',
		],
		['the status history', requestWith({ status_history: { to: 5 } }), 'process.status_history'],
		['the last status', requestWith({ status_history: ['done'] }), 'process.status_history[0]'],
		['the status', requestWith({ status: { code: 5 } }), 'process.status'],
	])('is not lost when %s cannot be read', (_what, body, path) => {
		const item = itemOfBody(troqueDevolva, body);
		expect(item.delivery).toMatchObject({ warning: `Unreadable: ${path}.` });
		expect(item.payload).toBeDefined();
	});
});

describe('the log of other deliveries', () => {
	const body = readFixture('TroqueDevolva', 'variation-secrets-in-webhooks');
	const delivery = received(sender.delivery('request.done', body, URL_OF_NODE, TOKEN));

	it.each([
		['the clean item with its payload', { includePayload: true }],
		['the item without Simplify', { simplify: false }],
	])('keeps no secret in %s, and says what was delivered', (_what, settings) => {
		const item = itemFrom(troqueDevolva, delivery, settings);
		for (const secret of [TOKEN, '__OTHER_SECRET__', '"headers"', 'responseBody']) {
			expect(JSON.stringify(item)).not.toContain(secret);
		}
		expect(item.payload).toMatchObject({
			webhooks: [
				{
					url: 'https://webhook.exemplo.com.br/troca-devolucao',
					responseCode: 200,
					event: 'request.posted',
				},
				{ url: 'https://erp.example.com/webhooks/returns', responseCode: 401 },
			],
		});
	});

	it.each<[JsonValue, JsonValue]>([
		['https://user:secret@x.example/a?b=secret#secret', 'https://x.example/a'],
		['http:\\\\user:secret@x.example:81/a', 'http://x.example:81/a'],
		['user:secret@x.example/a', null],
		['ftp://user:secret@x.example/a', null],
		['x.example/a?secret', null],
		[{ href: 'https://user:secret@x.example' }, null],
	])('has of the URL %j only %j', (url, left) => {
		const webhooks = [{ url, attempt: 2, headers: {}, responseBody: '' }];
		expect(troqueDevolva.withoutSecrets?.({ webhooks })).toEqual({
			webhooks: [{ url: left, attempt: 2 }],
		});
	});

	it.each<[JsonValue]>([['secret'], [{ headers: 'secret' }], [['secret', ['secret'], 7]]])(
		'keeps no secret when it is %j',
		(webhooks) => {
			const { webhooks: left } = troqueDevolva.withoutSecrets?.({ webhooks }) ?? {};
			expect(JSON.stringify(left)).not.toContain('secret');
		},
	);

	it('keeps no user, query or fragment of any address, and its host and path', () => {
		const secret = 'secret-of-another-integration';
		const name = fc.stringMatching(/^[\w.~-]*$/);
		const users = name.map((user) => [`${user}:${secret}@`, `${secret}@`, `${secret}:${user}@`]);
		const separators = fc.constantFrom('://', ':/', ':', ':///', ':/\\\\', ':/\t/', ':\n//');
		check(
			fc.property(
				fc.webUrl(),
				users,
				separators,
				name,
				(address, [...prefixes], separator, key) => {
					const { protocol, host, pathname } = new URL(address);
					for (const user of prefixes) {
						const scheme = protocol.slice(0, -1);
						const url = `${scheme}${separator}${user}${host}${pathname}?${key}=${secret}#${secret}`;
						expect(new URL(url).href).toContain(secret);
						expect(troqueDevolva.withoutSecrets?.({ webhooks: [{ url }] })).toEqual({
							webhooks: [{ url: `${protocol}//${host}${pathname}` }],
						});
					}
				},
			),
		);
	});
});

describe('the filters', () => {
	const passes = (settings: Record<string, unknown>, body: JsonObject) =>
		passesFilters(troqueDevolva.filters, settings, body);

	it.each<[Record<string, unknown>, JsonObject, boolean]>([
		[{ status: ['5'] }, request(), true],
		[{ status: ['0', '11'] }, request(), false],
		[{ status: ['0'] }, { process: { status: 0 } }, true],
		[{ requestType: 'Exchange' }, request(), true],
		[{ requestType: 'return' }, request(), false],
		[{ requestType: 'return' }, { request: { items: [{ type: 'a' }, { type: 'return' }] } }, true],
		[{ requestType: 'return' }, { request: {} }, true],
	])('%j', (settings, body, passed) => {
		expect(passes(settings, body)).toBe(passed);
	});
});

describe('a delivery', () => {
	const EVENT = { name: 'request.done' };
	const id = (body: JsonObject, event = EVENT) => idOf(troqueDevolva, body, event);

	it('has the same id when it is sent again with a longer log of its own attempts', () => {
		const webhooks: JsonValue = [{ attempt: 2, success: false, event: 'request.done' }];
		const retry = request({ webhooks, updatedAt: '2025-12-15T10:45:20-03:00', __v: 6 });
		expect(id(retry)).toBe(id(request()));
	});

	it('has another id for another event, and for any other content', () => {
		const { shippment_authorization } = objectAt(request(), 'process');
		const authorization = firstOf(shippment_authorization) ?? null;
		const others = [
			id(request(), { name: 'request.posted' }),
			id(request(), { name: 'unknown' }),
			id(request({ _id: 'another' })),
			id(request({ comments: [] })),
			id(requestWith({ status_history: [] })),
			// Of the same event and the same last status.
			id(requestWith({ shippment_authorization: [authorization, authorization] })),
		];
		expect(new Set([id(request()), ...others]).size).toBe(7);
	});
});
