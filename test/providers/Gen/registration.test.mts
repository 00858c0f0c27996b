import { matchesDesired, parseRegistrations } from '../../../nodes/Gen/registration';
import { checkDesired, eventsToRegister } from '../../../nodes/Gen/desired';

describe('the events to register', () => {
	it.each<[unknown, unknown, string[]]>([
		[['*'], '', ['PAYMENT.*', 'ORDER.*']],
		[['*', 'other'], '', ['PAYMENT.*', 'ORDER.*']],
		[['charge-in', '*'], '', ['charge-in', 'PAYMENT.*', 'ORDER.*']],
		[['PAYMENT.CREATED', 'ORDER.*'], '', ['PAYMENT.CREATED', 'ORDER.*']],
		[['PAYMENT.*', '*'], ' PAYMENT.PAID , ,PAYMENT.PAID', ['PAYMENT.*', 'ORDER.*', 'PAYMENT.PAID']],
		[['other'], '', []],
		[[], 'SELLER.*', ['SELLER.*']],
		['PAYMENT.CREATED', undefined, ['PAYMENT.CREATED']],
		[undefined, 7, []],
	])('of %j and %j are %j', (events, customEvents, expected) => {
		expect(eventsToRegister(events, customEvents)).toEqual(expected);
	});
});

const registration = {
	id: '1',
	target: 'https://n8n.example.com/webhook',
	events: ['PAYMENT.*', 'ORDER.*'],
	authorization: 'a-token-of-the-shop',
};

describe('the list', () => {
	it.each([
		[[registration]],
		[{ data: [registration] }],
		[{ data: [{ ...registration, more: {} }] }],
	])('%j is understood', (answer) => {
		expect(parseRegistrations(answer)).toMatchObject([registration]);
	});

	it('may leave out all but the id, which may be a number', () => {
		expect(parseRegistrations([{ id: 7, target: null, events: 'PAYMENT.*' }])).toEqual([
			{ id: '7' },
		]);
	});

	it.each([[{ results: [registration] }], [[{ target: 'x' }]], ['text'], [null], [{}]])(
		'%j is not',
		(answer) => {
			expect(parseRegistrations(answer)).toBeUndefined();
		},
	);
});

describe('a registration', () => {
	const { target, events, authorization } = registration;
	const wanted = { target, events: [...events].reverse(), authorization };

	it('is as wanted, whatever the order of the events', () => {
		expect(matchesDesired(registration, wanted)).toBe(true);
	});

	it.each([
		{ target: 'https://other.example.com/webhook' },
		{ events: ['PAYMENT.*'] },
		{ events: undefined },
		{ authorization: 'another' },
		{ authorization: undefined },
	])('with %j is not', (changes) => {
		expect(matchesDesired({ ...registration, ...changes }, wanted)).toBe(false);
	});
});

describe('what is wanted', () => {
	const wanted = {
		events: ['PAYMENT.*'],
		target: 'https://n8n.example.com/webhook/1/webhook',
		authorization: 'a token-0123456789',
	};

	it('is registered where it can work', () => {
		expect(() => checkDesired(wanted)).not.toThrow();
	});

	it.each([
		[
			{ target: 'http://localhost:5678/webhook' },
			/^Gen cannot reach localhost:5678\. Set WEBHOOK_URL/,
		],
		[{ target: 'https://10.0.0.7/webhook' }, /^Gen cannot reach 10\.0\.0\.7\. Set WEBHOOK_URL/],
		[{ authorization: '' }, /has no webhook token\. Enter/],
		[{ authorization: '  ' }, /has no webhook token\. Enter/],
		[{ authorization: 'x' }, /is too short to be safe\. Use 16 characters or more/],
		[{ authorization: 'x'.repeat(15) }, /is too short to be safe/],
		[{ authorization: ' spaced-0123456789' }, /has spaces at its ends/],
		[{ authorization: 'acentuação-0123456789' }, /characters that cannot be sent/],
		[{ authorization: 'two\nlines-0123456789' }, /characters that cannot be sent/],
		[{ events: [] }, /Select events under Trigger On, or enter some under Custom Events/],
	])('with %j is refused', (changes, message) => {
		expect(() => checkDesired({ ...wanted, ...changes })).toThrow(message);
		// n8n never again tries an activation whose message has this word.
		expect(() => checkDesired({ ...wanted, ...changes })).not.toThrow(/authorization/i);
	});
});
