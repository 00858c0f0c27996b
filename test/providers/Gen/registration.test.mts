import { eventsToRegister, isAsDesired } from '../../../nodes/core/desiredWebhooks';
import { genWebhooks, parseWebhooks } from '../../../nodes/Gen/registration';

it.each<[unknown, unknown, string[]]>([
	[['charge-in', '*', 'other'], '', ['charge-in', 'PAYMENT.*', 'ORDER.*']],
	[['PAYMENT.*', '*'], ' PAYMENT.PAID , ,PAYMENT.PAID', ['PAYMENT.*', 'ORDER.*', 'PAYMENT.PAID']],
	[[], 'SELLER.*', ['SELLER.*']],
	['PAYMENT.CREATED', undefined, ['PAYMENT.CREATED']],
	[undefined, 7, []],
])('%j with the custom events %j registers %j', (events, customEvents, expected) => {
	expect(eventsToRegister(genWebhooks, events, customEvents)).toEqual(expected);
});

const desired = {
	target: 'https://n8n.example.com/webhook/1/webhook',
	events: ['PAYMENT.*', 'ORDER.*'],
	token: 'a token-0123456789',
};
const registered = { id: '1', ...desired };
const { token, ...shown } = registered;
const listed = { ...shown, authorization: token };

it.each<[unknown, unknown]>([
	[[listed], [registered]],
	[{ data: [{ ...listed, more: {} }] }, [registered]],
	// All but the id may be missing or unreadable, and the id may be a number.
	[[{ id: 7, target: null, events: 'PAYMENT.*', authorization: 7 }], [{ id: '7' }]],
	[{ results: [listed] }, undefined],
	[[{ target: 'x' }], undefined],
	[['text'], undefined],
	[null, undefined],
])('reads the list %j', (answer, expected) => {
	expect(parseWebhooks(JSON.parse(JSON.stringify(answer)))).toEqual(expected);
});

it.each<[object, boolean]>([
	[{ events: ['ORDER.*', 'PAYMENT.*'] }, true],
	[{ target: 'https://other.example.com/webhook' }, false],
	[{ events: ['PAYMENT.*'] }, false],
	[{ events: undefined }, false],
	[{ token: 'another' }, false],
	[{ token: undefined }, false],
])('matches a registration with %j: %p', (changes, expected) => {
	expect(isAsDesired({ ...registered, ...changes }, desired)).toBe(expected);
});
