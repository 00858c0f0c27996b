import { isJsonObject, own, valueAt, without, type Json } from '../../nodes/core/json';

const parsed = (json: string) => JSON.parse(json) as Json;

it.each<[unknown, boolean]>([
	[{}, true],
	[[], false],
	[null, false],
	['{}', false],
	[7, false],
])('%j is a JSON object: %s', (value, is) => expect(isJsonObject(value)).toBe(is));

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
	'%s is there only where it was sent',
	(key) => {
		expect(own({}, key)).toBeUndefined();
		expect(valueAt({}, key)).toBeUndefined();
		expect(valueAt({}, `${key}.name`)).toBeUndefined();
		expect(valueAt(parsed(`{"${key}":{"a":1}}`), `${key}.a`)).toBe(1);
	},
);

it.each<[string, Json | undefined]>([
	['', { a: [{ b: 1 }], n: null, t: 'text' }],
	['a[0].b', 1],
	['a[1].b', undefined],
	['a.b', undefined],
	['a.length', undefined],
	['a[0].b.c', undefined],
	['a[0][0]', undefined],
	['t[0]', undefined],
	['t.length', undefined],
	['n', null],
	['n.x', undefined],
])('at the path %j stands %j', (path, value) => {
	expect(valueAt({ a: [{ b: 1 }], n: null, t: 'text' }, path)).toEqual(value);
});

it('a copy without some keys keeps the others, odd ones too, and leaves the original alone', () => {
	const original = { a: 1, b: 2, ['__proto__']: 3 };
	const copy = without(original, ['b', 'x']);
	expect(Object.entries(copy)).toEqual([
		['a', 1],
		['__proto__', 3],
	]);
	expect(original.b).toBe(2);
});
