import type { ApiCall } from '../../../nodes/core/api';
import { eventsToRegister } from '../../../nodes/core/desiredWebhooks';
import { routeOf } from '../../../nodes/core/event';
import { passesFilters } from '../../../nodes/core/filters';
import type { Json } from '../../../nodes/core/json';
import { wooviWebhooks } from '../../../nodes/Woovi/registration';
import { woovi } from '../../../nodes/Woovi/woovi';
import {
	arrive,
	documented,
	expectDelivered,
	targetOf,
	type Arrival,
} from '../../../testkit/fakes/arrival.mts';
import { idOf, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/Woovi/sender.mts';
import { readDocumentedSignature } from '../../../testkit/providers/Woovi/signing.mts';

testItems('Woovi', woovi, sender);

const sample = (event: string) => readFixture('Woovi', event);
/** A sample with changes in the object under one of its keys. */
const changed = (event: string, key: string, changes: JsonObject): JsonObject => {
	const body = sample(event);
	return { ...body, [key]: { ...objectAt(body, key), ...changes } };
};

const PAID = 'OPENPIX:CHARGE_COMPLETED';
const EXPIRED = 'OPENPIX:CHARGE_EXPIRED';
const RECEIVED = 'OPENPIX:TRANSACTION_RECEIVED';
const OLD_REFUND = 'OPENPIX:TRANSACTION_REFUND_RECEIVED';
const REFUND_SENT = 'PIX_TRANSACTION_REFUND_SENT_CONFIRMED';
const DISPUTE = 'OPENPIX:DISPUTE_CREATED';
const COBR = 'PIX_AUTOMATIC_COBR_COMPLETED';
const BOLETO_PAID = 'variation-boleto-paid';

describe('the sender', () => {
	const { payload, signature, publicKey } = readDocumentedSignature();
	const target = targetOf('woovi');
	const token = documented(target).rawHeaders[3] ?? '';
	const publicKeys = {
		credential: { ...sender.credentialData(token), baseUrl: 'https://documented.example.com' },
		httpRequest: async () => ({ public_keys: [{ key: publicKey }] }),
	};
	const signed = (text: string) => ['x-webhook-signature', text];
	const authorized = ['Authorization', token];
	const proven = { rawHeaders: [...authorized, ...signed(signature)], query: '', body: payload };

	it('is proven by the documented signature and the token, wherever Woovi puts it', async () => {
		for (const [rawHeaders, query] of [
			[authorized, ''],
			[['x-openpix-authorization', token], ''],
			[[], `authorization=${token}`],
			[[...authorized, 'x-openpix-authorization', token], `authorization=${token}`],
		] as const) {
			const arrival = { ...proven, query, rawHeaders: [...rawHeaders, ...signed(signature)] };
			const outcome = await arrive(target, arrival, publicKeys);
			expect(expectDelivered(target, outcome)).toMatchObject({
				event: 'unknown',
				id: '417bae21-3d08-4cdb-9c2d-fee63c89e9e4',
				charge: { total: 10 },
			});
		}
	});

	it.each<[string, Partial<Arrival>]>([
		['one byte changed', { body: payload.replace('1000', '1001') }],
		['no signature', { rawHeaders: authorized }],
		['no token', { rawHeaders: signed(signature) }],
		['another token in the URL', { query: 'authorization=another' }],
	])('is refused with %s', async (_what, changes) => {
		const outcome = await arrive(target, { ...proven, ...changes }, publicKeys);
		expect(outcome).toMatchObject({ status: 401, outputs: [] });
	});

	it.each<[JsonObject]>([
		[{ data_criacao: '2024-01-23T20:32:14.429Z', event: 'OPENPIX:CHARGE_COMPLETED' }],
		[{ data_criacao: '2021-08-10T20:32:14.429Z', evento: 'teste_webhook' }],
	])('may test the URL with %j, which starts nothing', async (body) => {
		expect(await arrive(target, documented(target, { payload: body }))).toEqual({
			status: 200,
			answer: { received: true, ignored: 'test' },
			outputs: [],
		});
	});

	it('does not take an event for a test of the URL because of one more key', async () => {
		const body = JSON.stringify({ ...sample(PAID), data_criacao: '2026-08-03' });
		const outcome = await arrive(target, documented(target, { body }));
		expect(expectDelivered(target, outcome)).toMatchObject({ event: PAID });
	});
});

describe('the event', () => {
	it.each<[JsonValue, string]>([
		[PAID, PAID],
		['woovi:CHARGE_COMPLETED', PAID],
		['woovi:NEW_THING', 'OPENPIX:NEW_THING'],
		[{ name: PAID }, 'unknown'],
	])('of %j is %s', (event, name) => {
		expect(woovi.eventOf({ body: { event }, headers: {}, query: {} })).toMatchObject({ name });
	});

	it.each<[string, string[], number]>([
		['TED_IN_RECEIVED', [PAID, 'other'], 1],
		['STABLECOIN_DEPOSIT_FAILED', ['STABLECOIN_*', 'other'], 0],
		[EXPIRED, [PAID, 'other'], -1],
	])('%s with %j leaves by the output %i', (event, chosen, route) => {
		expect(routeOf(event, chosen, woovi.events)).toBe(route);
	});
});

describe('the item', () => {
	it('is the same for both prefixes of an event', () => {
		const other = { ...sample(DISPUTE), event: 'woovi:DISPUTE_CREATED' };
		expect(itemOfBody(woovi, other)).toMatchObject({ event: DISPUTE });
		expect(idOf(woovi, other)).toBe(idOf(woovi, sample(DISPUTE)));
		const oldRefund = { ...sample(OLD_REFUND), event: 'woovi:TRANSACTION_REFUND_RECEIVED' };
		expect(itemOfBody(woovi, oldRefund)).toMatchObject({ status: null, refund: { amount: 50 } });
	});

	it('has the ID of a dispute, where Woovi sends it', () => {
		const body = changed(DISPUTE, 'dispute', { id: 'dispute-1' });
		expect(itemOfBody(woovi, body)).toMatchObject({ id: 'dispute-1' });
	});

	it.each<[string, JsonObject, string]>([
		[
			'a customer that is only an ID',
			changed(PAID, 'charge', { customer: '604002035cce3b60132343cb' }),
			'charge.customer',
		],
		['attempts that are not a list', changed(COBR, 'cobr', { tries: 'none' }), 'cobr.tries'],
	])('names %s', (_what, body, path) => {
		expect(itemOfBody(woovi, body)).toMatchObject({
			customer: { name: null },
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

it.each<[Record<string, unknown>, JsonObject, boolean]>([
	[{ status: ['COMPLETED'] }, sample(PAID), true],
	[{ status: ['ACTIVE'] }, sample(PAID), false],
	[{ status: ['ACTIVE'] }, sample(OLD_REFUND), true],
	[{ method: ['pix'] }, sample(PAID), true],
	[{ method: ['boleto'] }, sample(PAID), false],
	[{ method: ['pix'] }, sample(BOLETO_PAID), false],
	[{ method: ['boleto'] }, sample('OPENPIX:CHARGE_CREATED'), false],
	[{ otherMethods: 'PIX' }, sample('OPENPIX:CHARGE_CREATED'), true],
	[{ method: ['boleto'] }, sample(REFUND_SENT), true],
	[{ minimumValue: 149.9 }, sample(PAID), true],
	[{ minimumValue: 149.91 }, sample(PAID), false],
	[{ minimumValue: 150.1 }, sample(BOLETO_PAID), true],
	[{ minimumValue: 50.01 }, sample(OLD_REFUND), false],
	[{ minimumValue: 50 }, sample(COBR), false],
	[{ minimumValue: 1000 }, sample('OPENPIX:MOVEMENT_REMOVED'), true],
])('the filters %j let a delivery pass: %#', (settings, body, passes) => {
	expect(passesFilters(woovi.filters, settings, body)).toBe(passes);
});

describe('a delivery', () => {
	const charge = objectAt(sample(PAID), 'charge');
	const attempt = { createdAt: '2026-08-20T03:01:58.543Z' };

	it.each<[string, boolean, string, string, JsonObject]>([
		['a charge changed since', true, PAID, 'charge', { updatedAt: '2026-08-04T00:00:00.000Z' }],
		['it is another charge', false, PAID, 'charge', { globalID: 'another' }],
		['a charge expires again', false, EXPIRED, 'charge', { expiresDate: '2026-09-01T00:00:00Z' }],
		['the account of a refund changed', true, REFUND_SENT, 'account', { status: 'CLOSED' }],
		['a dispute has another status', false, DISPUTE, 'dispute', { status: 'IN_REVIEW' }],
		['charging was tried again', false, COBR, 'cobr', { tries: [{ ...attempt, updatedAt: 'x' }] }],
		['a payment failed again', false, 'OPENPIX:MOVEMENT_FAILED', 'error', { code: 'ANOTHER' }],
	])('where %s counts as the same: %s', (_what, isSame, event, key, changes) => {
		expect(idOf(woovi, changed(event, key, changes)) === idOf(woovi, sample(event))).toBe(isSame);
	});

	it.each<[string, JsonObject, JsonObject, boolean]>([
		[
			'a charge without a global ID',
			{ event: PAID, charge: { ...charge, globalID: null } },
			{ event: PAID, charge: { ...charge, globalID: '', comment: 'changed' } },
			true,
		],
		['another event of it', sample(PAID), { ...sample(PAID), event: 'BOLETO_SETTLED' }, false],
		['a Pix in two events', sample(RECEIVED), { ...sample(RECEIVED), event: OLD_REFUND }, false],
		[
			'a recurring charge without attempts',
			changed(COBR, 'cobr', { tries: [] }),
			changed(COBR, 'cobr', { tries: [], status: 'ACTIVE' }),
			false,
		],
	])('is the same as another one with %s: %#', (_what, one, other, isSame) => {
		expect(idOf(woovi, one) === idOf(woovi, other)).toBe(isSame);
	});
});

describe('the registration', () => {
	const ALL_EVENTS = woovi.events.map(({ code }) => code).filter((code) => code !== 'other');

	it.each<[string[], string, string[]]>([
		[['*'], '', ALL_EVENTS.filter((code) => code !== 'BOLETO_SETTLED')],
		[['BOLETO_SETTLED', PAID], '', ['BOLETO_SETTLED', PAID]],
		[[PAID], 'woovi:CHARGE_COMPLETED, woovi:NEW_THING', [PAID, 'OPENPIX:NEW_THING']],
		[['other'], 'TED_OUT_CONFIRMED, TED_*', ['TED_OUT_CONFIRMED']],
		[[], 'STABLECOIN_SUB*', ['STABLECOIN_SUBACCOUNT_CONFIRMED', 'STABLECOIN_SUBACCOUNT_REJECTED']],
		[[], 'woovi:MOVEMENT_*', ALL_EVENTS.filter((code) => code.includes('MOVEMENT'))],
	])('of %j and %j has its events', (events, customEvents, codes) => {
		expect(eventsToRegister(wooviWebhooks, events, customEvents)).toEqual(codes);
	});

	it('belongs to the address of the API and to the AppID, which it does not reveal', () => {
		const account = (environment: string, appId = 'app-id', baseUrl = '') =>
			wooviWebhooks.getAccount({ environment, appId, baseUrl });
		expect(account('production')).toMatch(/^https:\/\/api\.woovi\.com [0-9a-f]{8}$/);
		expect(account('sandbox')).toMatch(/^https:\/\/api\.woovi-sandbox\.com /);
		expect(account('custom', 'app-id', 'https://api.openpix.com.br/')).toMatch(
			/^https:\/\/api\.openpix\.com\.br /,
		);
		expect(account('production', 'other')).not.toBe(account('production'));
		expect(() => account('custom')).toThrow('The base URL of the Woovi credential must be');
		expect(() => account('custom', 'x', 'http://example.com')).toThrow('begin with https');
	});

	it('asks for one event, with the token, and gives the ID of the answer', async () => {
		const calls: ApiCall[] = [];
		const create = async (answer: Json) =>
			await wooviWebhooks.create(
				async (call) => (calls.push(call), answer),
				{ target: 'https://n8n.example.com/hook', events: [PAID], token: 'secret' },
				'n8n workflow 7',
			);
		expect(await create({ webhook: { id: 'id-1' }, hmacSecretKey: 'key' })).toBe('id-1');
		expect(await create({})).toBe('');
		expect(calls[0]).toEqual({
			method: 'POST',
			path: '/api/v1/webhook',
			body: {
				webhook: {
					...{ name: 'n8n workflow 7', event: PAID, url: 'https://n8n.example.com/hook' },
					...{ authorization: 'secret', isActive: true },
				},
			},
		});
	});

	it.each<[Json, number | undefined]>([
		[{ webhooks: [{ id: '1', url: 7, event: null }] }, 1],
		[{ webhooks: [{ url: 'https://n8n.example.com/hook' }] }, undefined],
		['<html>', undefined],
	])('is found in a list such as %j', async (answer, count) => {
		expect((await wooviWebhooks.list(async () => answer))?.length).toBe(count);
	});
});
