import { gestaoOnline } from '../../../nodes/GestaoOnline/gestaoOnline';
import { idOf, itemOfBody, testItems } from '../../../testkit/providers/clean.mts';
import { objectAt, readFixture } from '../../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/GestaoOnline/sender.mts';

testItems('GestaoOnline', gestaoOnline, sender);

const order = () => readFixture('GestaoOnline', 'ORDER_CREATED');

/** The documented order with other values in `data`. */
function orderWith(changes: JsonObject): JsonObject {
	const body = order();
	return { ...body, data: { ...objectAt(body, 'data'), ...changes } };
}

describe('the event', () => {
	it.each<[JsonObject, string]>([
		[{ event_id: 'ORDER_CANCEL' }, 'ORDER_CANCEL'],
		[{ event_id: '' }, 'unknown'],
		[{ event: 'ORDER_CANCEL' }, 'unknown'],
		[{}, 'unknown'],
	])('of %j is %s', (body, name) => {
		expect(gestaoOnline.eventOf({ body, headers: {}, query: {} })).toMatchObject({ name });
	});
});

describe('the date of an order', () => {
	const dated = (date: JsonValue) => itemOfBody(gestaoOnline, orderWith({ date }));

	it.each([
		[3, 'UTC', '2021-03-02T21:02:53Z'],
		[3, 'America/Sao_Paulo', '2021-03-02T21:02:53-03:00'],
		[1, '-03:00', '2021-03-02T21:02:53-03:00'],
		[2, 'UTC', '2021-03-02T21:02:53Z'],
	])('of type %i in the zone %s is %s', (timezone_type, timezone, createdAt) => {
		const date = { date: '2021-03-02 21:02:53.000000', timezone_type, timezone };
		expect(dated(date)).toMatchObject({ createdAt, delivery: { warning: null } });
	});

	it('keeps milliseconds that say something', () => {
		const date = { date: '2021-03-02 21:02:53.250000', timezone_type: 3, timezone: 'UTC' };
		expect(dated(date)).toMatchObject({ createdAt: '2021-03-02T21:02:53.250Z' });
	});

	it.each<[JsonValue]>([
		[{ date: '2021-03-02 21:02:53.000000', timezone_type: 3 }],
		[{ date: '2021-03-02 21:02:53.000000', timezone_type: 2, timezone: 'BRT' }],
		[{ date: '2021-02-30 21:02:53.000000', timezone_type: 3, timezone: 'UTC' }],
		[{ date: '02/03/2021', timezone_type: 3, timezone: 'UTC' }],
		[{ date: '2021-03-02 21:02:53.000000', timezone_type: 1, timezone: '+99:99' }],
		[{}],
		['2021-03-02 21:02:53'],
	])('is named as unreadable when it is %j', (date) => {
		expect(dated(date)).toMatchObject({
			createdAt: null,
			delivery: { warning: 'Unreadable: data.date.' },
			payload: { data: { date } },
		});
	});

	it('is null and no fault when it was not sent', () => {
		expect(dated(null)).toMatchObject({ createdAt: null, delivery: { warning: null } });
	});
});

describe('an order', () => {
	it('has the same id, whether it is sent as a text or as a number', () => {
		for (const id of ['100', 100]) {
			const item = itemOfBody(gestaoOnline, orderWith({ id }));
			expect(item).toMatchObject({ id: '100', order: { id: '100' } });
		}
	});

	it('has the cellphone as its phone, and the phone as the landline beside it', () => {
		const user = { phone: '1134567890', cellphone: '(11) 98765-4321', document: '123.456.789-00' };
		expect(itemOfBody(gestaoOnline, orderWith({ user }))).toMatchObject({
			customer: {
				phone: '+5511987654321',
				landline: '+551134567890',
				document: '12345678900',
				documentType: 'cpf',
			},
		});
	});

	it.each<[string, JsonObject, string]>([
		['data', { event_id: 'ORDER_CREATED', data: 'gone' }, 'data'],
		['data.user', orderWith({ user: 'teste' }), 'data.user'],
		['data.status', orderWith({ status: { code: 1 } }), 'data.status'],
	])('is not lost when %s is something else', (_where, body, path) => {
		expect(itemOfBody(gestaoOnline, body)).toMatchObject({
			event: 'ORDER_CREATED',
			delivery: { warning: `Unreadable: ${path}.` },
			payload: body,
		});
	});
});

describe('a delivery', () => {
	it('has an id of its own for every event of an order', () => {
		const ids = sender.samples.map(({ payload }) => idOf(gestaoOnline, payload));
		expect(new Set(ids).size).toBe(6);
	});

	it('is never taken for a duplicate by default: two changes of an order can be equal bodies', () => {
		expect(gestaoOnline.ignoresDuplicatesByDefault).toBe(false);
	});
});
