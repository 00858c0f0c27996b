import { checkDesired, eventsToRegister, isAsDesired } from '../../../nodes/core/desiredWebhooks';
import type { DesiredWebhook } from '../../../nodes/core/webhookApi';
import { genWebhooks, parseWebhooks } from '../../../nodes/Gen/registration';

it.each<[unknown, unknown, string[]]>([
	[['*', 'other'], '', ['PAYMENT.*', 'ORDER.*']],
	[['charge-in', '*'], '', ['charge-in', 'PAYMENT.*', 'ORDER.*']],
	[['PAYMENT.CREATED', 'ORDER.*'], '', ['PAYMENT.CREATED', 'ORDER.*']],
	[['PAYMENT.*', '*'], ' PAYMENT.PAID , ,PAYMENT.PAID', ['PAYMENT.*', 'ORDER.*', 'PAYMENT.PAID']],
	[['other'], '', []],
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

it.each<[object, RegExp]>([
	[
		{ target: 'http://localhost:5678/webhook' },
		/^Gen cannot reach localhost:5678\. Set WEBHOOK_URL/,
	],
	[{ target: 'https://10.0.0.7/webhook' }, /^Gen cannot reach 10\.0\.0\.7\. Set WEBHOOK_URL/],
	[{ token: '' }, /has no webhook token\. Enter/],
	[{ token: '  ' }, /has no webhook token\. Enter/],
	[{ token: 'x'.repeat(15) }, /is too short to be safe\. Use 16 characters or more/],
	[{ token: ' spaced-0123456789' }, /has spaces at its ends/],
	[{ token: 'acentuação-0123456789' }, /characters that cannot be sent/],
	[{ events: [] }, /Select events under Trigger On, or enter some under Custom Events/],
])('refuses to register %j', (changes, message) => {
	const check = ({ target, token, events }: DesiredWebhook) =>
		checkDesired(genWebhooks, {
			target,
			token,
			webhooks: events.length > 0 ? [{ target, token, events }] : [],
		});
	expect(() => check(desired)).not.toThrow();
	expect(() => check({ ...desired, ...changes })).toThrow(message);
});
