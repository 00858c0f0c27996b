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
	it('has the outcome in its event, not in its status', () => {
		for (const event of ['checkout.refunded', 'transparent.disputed']) {
			expect(itemOfBody(abacatePay, fixture(event))).toMatchObject({ event, status: 'PAID' });
		}
	});

	it('keeps a masked document as it was sent, and guesses no type of it', () => {
		expect(itemOfBody(abacatePay, checkout())).toMatchObject({
			customer: { document: '456.***.***-**', documentType: null },
			payer: { document: '456.***.***-**' },
		});
	});

	it.each(['variation-customer-null', 'variation-customer-empty'])(
		'of %s has a customer of nulls',
		(name) => {
			const { customer, delivery } = itemOfBody(abacatePay, fixture(name));
			expect(new Set(Object.values(Object(customer)))).toEqual(new Set([null]));
			expect(delivery).toMatchObject({ warning: null });
		},
	);

	it('has the amounts in reais', () => {
		expect(itemOfBody(abacatePay, checkout())).toMatchObject({
			checkout: { total: 159.9, paid: 159.9, fee: 0.8 },
		});
	});

	it('is of the subscription where a checkout stands beside it, and of the first subject elsewhere', () => {
		const renewed = fixture('subscription.renewed');
		expect(itemOfBody(abacatePay, renewed)).toMatchObject({ id: 'subs_Lg7hZr5BnW0tXe3A' });
		expect(itemOfBody(abacatePay, { ...renewed, event: 'checkout.completed' })).toMatchObject({
			id: 'bill_Pf04oCi9Vz',
		});
	});

	it('has the payload too where no document shows the fields of the event', () => {
		const withPayload = [...sender.events, 'billing.paid'].filter(
			(event) => 'payload' in itemOfBody(abacatePay, checkout({ event })),
		);
		expect(withPayload).toEqual([
			'checkout.lost',
			'transparent.lost',
			'subscription.plan_changed',
			'billing.paid',
		]);
	});

	it.each<[JsonObject, string]>([
		[{ data: 'gone' }, 'data'],
		[{ data: { checkout: 'gone' } }, 'data.checkout'],
		[{ data: { checkout: { amount: 'R$ 10' } } }, 'data.checkout.amount'],
		[{ data: { checkout: { methods: 'PIX' } } }, 'data.checkout.methods'],
		[{ data: { checkout: { createdAt: '...' } } }, 'data.checkout.createdAt'],
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
		[{ devMode: ['true', 'false'] }, checkout(), true],
		[{ devMode: ['true'] }, { event: 'checkout.completed' }, true],
		[{ method: ['PIX'] }, checkout(), true],
		[{ method: ['CARD'] }, checkout(), false],
		[{ method: ['CARD'] }, fixture('variation-checkout-card'), true],
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
		[{ method: ['CARD'] }, fixture('variation-undocumented-event'), true],
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

	it.each<[JsonValue]>([[null], [' '], [7], [{}]])(
		'is known by its whole body where its id is %j',
		(id) => {
			const data = { checkout: { updatedAt: '2026-05-19T00:00:00.000Z' } };
			expect(ids([checkout({ id }), checkout({ id, data }), checkout({ id })])).toBe(2);
		},
	);

	it.each<[string, JsonObject, string[], object]>([
		['a documented event', checkout(), ['checkout.completed'], { received: true }],
		['an event of API v1', fixture('variation-v1'), ['other'], { received: true }],
		[
			'an event that is not selected',
			fixture('variation-undocumented-event'),
			['checkout.completed'],
			{ received: true, ignored: 'event' },
		],
	])('of %s is routed by its name alone', async (_what, payload, events, answer) => {
		const target = targetOf('abacatePay');
		const outcome = await arrive(target, documented(target, { payload }), {
			parameters: { events },
		});
		expect(outcome).toMatchObject({ status: 200, answer });
	});
});

describe('the sender', () => {
	const target = targetOf('abacatePay');
	const sent = documented(target);
	const secret = new URLSearchParams(sent.query).get('webhookSecret') ?? '';
	const OTHER_SECRET = 'Another-secret_0123456789.abcdef';

	/** Headers in turn: all but the secret's, and that with these values. */
	const headers = (...secrets: string[]) => {
		const at = sent.rawHeaders.indexOf('X-Webhook-Secret');
		return [
			...sent.rawHeaders.filter((_, index) => index !== at && index !== at + 1),
			...secrets.flatMap((value) => ['X-Webhook-Secret', value]),
		];
	};
	const query = (...secrets: string[]) =>
		secrets.map((value) => `webhookSecret=${encodeURIComponent(value)}`).join('&');

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
		['the right one twice in the URL', query(secret, secret), headers()],
		['the right one twice in the header', '', headers(secret, secret)],
		['an empty secret', query(''), headers('')],
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
