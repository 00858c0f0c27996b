import { passesFilters } from '../../../nodes/core/filters';
import { abacatePay, abacatePayManual } from '../../../nodes/AbacatePay/abacatePay';
import { arrive, documented, targetOf } from '../../../testkit/fakes/arrival.mts';
import { idOf, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';
import { sender, signatureOf } from '../../../testkit/providers/AbacatePay/sender.mts';

testItems('AbacatePay', abacatePayManual, sender);

const checkout = (changes: JsonObject = {}): JsonObject => ({
	...readFixture('AbacatePay', 'checkout.completed'),
	...changes,
});
const fixture = (name: string) => readFixture('AbacatePay', name);

it('offers the 18 documented events in the documented order, then Other', () => {
	expect(abacatePay.events.map(({ code }) => code)).toEqual([...sender.events, 'other']);
});

describe('the item', () => {
	it('is of the first subject, unless the event is of a subscription', () => {
		const body = { ...fixture('subscription.renewed'), event: 'checkout.completed' };
		expect(itemOfBody(abacatePay, body)).toMatchObject({ id: 'bill_Pf04oCi9Vz' });
	});

	it.each<[JsonObject, string]>([
		[{ data: 'gone' }, 'data'],
		[{ data: { checkout: { methods: 'PIX' } } }, 'data.checkout.methods'],
	])('is not lost with %j', (changes, path) => {
		const body = checkout(changes);
		expect(itemOfBody(abacatePay, body)).toMatchObject({
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

describe('the filters', () => {
	const withoutPayer = (name: string, key: string, changes: JsonObject): JsonObject => {
		const { payerInformation: _, ...data } = objectAt(fixture(name), 'data');
		return { ...fixture(name), data: { ...data, [key]: { ...objectAt(data, key), ...changes } } };
	};

	it.each<[Record<string, unknown>, JsonObject, boolean]>([
		[{ devMode: ['true'] }, checkout(), false],
		[{ devMode: ['true'] }, fixture('variation-dev-mode'), true],
		[{ devMode: ['false'] }, checkout(), true],
		[{ devMode: ['false'] }, fixture('variation-dev-mode'), false],
		[{ devMode: ['true'] }, { event: 'checkout.completed' }, true],
		[{ method: ['PIX'] }, checkout(), true],
		[{ method: ['CARD'] }, checkout(), false],
		[{ method: ['CARD'] }, fixture('subscription.payment_failed'), true],
		[{ method: ['CARD'] }, fixture('payout.completed'), false],
		[
			{ otherMethods: 'WALLET' },
			withoutPayer('payout.failed', 'withdraw', { method: 'WALLET' }),
			true,
		],
		[
			{ method: ['CARD'] },
			withoutPayer('checkout.lost', 'checkout', { methods: ['PIX', 'CARD'] }),
			true,
		],
		[{ method: ['CARD'] }, withoutPayer('checkout.lost', 'checkout', { methods: ['PIX'] }), false],
	])('%j', (settings, body, passed) => {
		expect(passesFilters(abacatePay.filters, settings, body)).toBe(passed);
	});
});

describe('a delivery', () => {
	const ids = (bodies: JsonObject[]) => new Set(bodies.map((body) => idOf(abacatePay, body))).size;

	it('is known by its id, whatever else a retry changes', () => {
		const id = 'log_1';
		expect(ids([checkout({ id }), checkout({ id, data: {} })])).toBe(1);
		expect(ids([checkout({ id }), checkout({ id: 'log_2' })])).toBe(2);
		expect(ids([checkout({ id }), checkout({ id, event: 'checkout.refunded' })])).toBe(2);
	});

	it.each<[JsonValue]>([[null], [7]])('is known by its whole body where its id is %j', (id) => {
		const data = { checkout: { updatedAt: '2026-05-19T00:00:00.000Z' } };
		expect(ids([checkout({ id }), checkout({ id, data }), checkout({ id })])).toBe(2);
	});
});

describe('the sender', () => {
	const target = targetOf('abacatePay');
	const sent = documented(target);
	const secret = new URLSearchParams(sent.query).get('webhookSecret') ?? '';
	const OTHER_SECRET = 'Another-secret_0123456789.abcdef';

	/** All headers but the secret's, and that one with this value. */
	const headers = (value?: string) => {
		const at = sent.rawHeaders.indexOf('X-Webhook-Secret');
		const others = sent.rawHeaders.filter((_, index) => index !== at && index !== at + 1);
		return value === undefined ? others : [...others, 'X-Webhook-Secret', value];
	};
	const query = (value: string) => `webhookSecret=${encodeURIComponent(value)}`;

	it.each([
		['in the URL', query(secret), headers()],
		['in the header', '', headers(secret)],
		['in both', query(secret), headers(secret)],
	])('is proven by the secret %s', async (_where, sentQuery, rawHeaders) => {
		expect(await arrive(target, { ...sent, query: sentQuery, rawHeaders })).toMatchObject({
			status: 200,
			answer: { received: true },
		});
	});

	it.each([
		['no secret, signed with the public key', '', headers()],
		['a wrong secret in the URL', query(OTHER_SECRET), headers()],
		['a wrong secret in the header', '', headers(OTHER_SECRET)],
		['the right one in the URL and another in the header', query(secret), headers(OTHER_SECRET)],
		['the right one in the header and another in the URL', query(OTHER_SECRET), headers(secret)],
	])('is refused with %s', async (_what, sentQuery, rawHeaders) => {
		const outcome = await arrive(target, { ...sent, query: sentQuery, rawHeaders });
		expect(outcome).toMatchObject({ status: 401, outputs: [] });
	});

	// The key is public and may change: a delivery that is refused for it would be lost.
	it('is not judged by the signature', async () => {
		const rawHeaders = [...headers(secret), 'X-Webhook-Signature', 'nonsense'];
		expect(await arrive(target, { ...sent, rawHeaders })).toMatchObject({ status: 200 });
	});
});

it('the sample requests are signed as the command-line tool of AbacatePay expects it', () => {
	expect(signatureOf('{"event":"billing.paid","data":{"id":"test"}}')).toBe(
		'+2VQ4f40+Ffmkpzlb4WFb0rcp3PDG2kSUWdEmWOVzDU=',
	);
});
