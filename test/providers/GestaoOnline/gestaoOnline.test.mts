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
	])('of %j is %s', (body, name) => {
		expect(gestaoOnline.eventOf({ body, headers: {}, query: {} })).toMatchObject({ name });
	});
});

describe('the date of an order', () => {
	const dated = (date: JsonValue) => itemOfBody(gestaoOnline, orderWith({ date }));

	it('is in its zone', () => {
		const date = {
			date: '2021-03-02 21:02:53.000000',
			timezone_type: 3,
			timezone: 'America/Sao_Paulo',
		};
		const createdAt = '2021-03-02T21:02:53-03:00';
		expect(dated(date)).toMatchObject({ createdAt, delivery: { warning: null } });
	});

	it.each<[JsonValue]>([
		[{ date: '2021-03-02 21:02:53.000000', timezone_type: 3 }],
		[{ date: '2021-03-02 21:02:53.000000', timezone_type: 2, timezone: 'BRT' }],
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

	it('is not lost when it is not an object', () => {
		const body = { event_id: 'ORDER_CREATED', data: 'gone' };
		expect(itemOfBody(gestaoOnline, body)).toMatchObject({
			event: 'ORDER_CREATED',
			delivery: { warning: 'Unreadable: data.' },
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
