import type { Reader } from '../../nodes/core/fields';
import type { Json, JsonObject } from '../../nodes/core/json';
import {
	booleanField,
	centsField,
	customer,
	dateField,
	fieldOf,
	group,
	list,
	moneyField,
	notSent,
	numberField,
	shapePayload,
	textField,
	textList,
	type Shape,
} from '../../nodes/core/shape';

const shaped = (shape: Shape, payload: JsonObject) => shapePayload(shape, payload, {});

describe('a value', () => {
	it('is read from where it stands', () => {
		const shape = {
			id: textField('sale.id'),
			total: moneyField('sale.total'),
			cents: centsField('sale.cents'),
			count: numberField('counts[1]'),
			done: booleanField('done'),
			at: dateField('at'),
		};
		const payload = {
			sale: { id: 7, total: '395.00', cents: 2290 },
			counts: [1, 2],
			done: false,
			at: '2026-07-01',
		};
		expect(shaped(shape, payload)).toEqual({
			values: { id: '7', total: 395, cents: 22.9, count: 2, done: false, at: '2026-07-01' },
			unreadable: [],
		});
	});

	it.each([[{}], [{ a: null }], [{ a: {} }], [{ a: { b: '  ' } }], [{ a: '' }]])(
		'that was not sent is null and no fault: %j',
		(payload) => {
			expect(shaped({ x: textField('a.b') }, payload)).toEqual({
				values: { x: null },
				unreadable: [],
			});
		},
	);

	it.each<[JsonObject, string]>([
		[{ a: { b: { c: 1 } } }, 'a.b'],
		[{ a: { b: true } }, 'a.b'],
		[{ a: 'text' }, 'a'],
		[{ a: [{ b: 'x' }] }, 'a'],
	])('that is unreadable is null and named: %j', (payload, path) => {
		expect(shaped({ x: textField('a.b') }, payload)).toEqual({
			values: { x: null },
			unreadable: [path],
		});
	});

	it('that stands in a list is named with its place, and so is a list that is none', () => {
		const shape = { x: textField('a[1].b') };
		expect(shaped(shape, { a: [{}, { b: {} }] }).unreadable).toEqual(['a[1].b']);
		expect(shaped(shape, { a: { 1: { b: 'x' } } }).unreadable).toEqual(['a']);
		expect(shaped(shape, { a: [{ b: 'x' }] })).toEqual({ values: { x: null }, unreadable: [] });
	});

	it('of several places is the first that is there', () => {
		const shape = { x: textField(['a', 'b']) };
		expect(shaped(shape, { a: ' ', b: 'second' }).values).toEqual({ x: 'second' });
		expect(shaped(shape, { a: 'first', b: 'second' }).values).toEqual({ x: 'first' });
		expect(shaped(shape, {}).values).toEqual({ x: null });
	});

	it('may stand where the payload says', () => {
		const shape = { x: textField((payload) => (payload.kind === 'cart' ? 'cart.id' : undefined)) };
		expect(shaped(shape, { kind: 'cart', cart: { id: 1 } }).values).toEqual({ x: '1' });
		expect(shaped(shape, { kind: 'sale', cart: { id: 1 } }).values).toEqual({ x: null });
	});

	it('that is unreadable in two fields is named once', () => {
		const shape = { x: textField('a.b'), y: textField('a.c') };
		expect(shaped(shape, { a: 7 }).unreadable).toEqual(['a']);
	});

	it.each(['constructor', '__proto__', 'toString'])(
		'named %s is not taken from every object',
		(key) => {
			const shape = {
				x: textField(key),
				y: textField(`${key}.name`),
				z: group({ w: textField('name') }, key),
			};
			expect(shaped(shape, {})).toEqual({
				values: { x: null, y: null, z: { w: null } },
				unreadable: [],
			});
			const sent = JSON.parse(`{"${key}":{"name":"sent"}}`) as JsonObject;
			expect(shaped(shape, sent)).toEqual({
				values: { x: null, y: 'sent', z: { w: 'sent' } },
				unreadable: [key],
			});
		},
	);
});

describe('a group', () => {
	const shape = { sale: group({ id: textField('id'), kind: textField('/kind') }, 'data.sale') };

	it.each<[JsonObject]>([[{}], [{ data: null }], [{ data: {} }]])(
		'is always there with all its keys: %j',
		(payload) => {
			expect(shaped(shape, payload)).toEqual({
				values: { sale: { id: null, kind: null } },
				unreadable: [],
			});
		},
	);

	it('takes its values from its place, and from the root where told so', () => {
		const payload = { id: 'other', kind: 'new', data: { sale: { id: 1, kind: 'old' } } };
		expect(shaped(shape, payload).values).toEqual({ sale: { id: '1', kind: 'new' } });
	});

	it.each<[JsonObject, string]>([
		[{ data: { sale: 'text' } }, 'data.sale'],
		[{ data: { sale: [] } }, 'data.sale'],
		[{ data: 7 }, 'data'],
	])('that is no object is named: %j', (payload, path) => {
		expect(shaped(shape, payload)).toEqual({
			values: { sale: { id: null, kind: null } },
			unreadable: [path],
		});
	});
});

describe('a list', () => {
	const shape = {
		items: list('cart.items', { sku: textField('sku'), price: moneyField('price') }),
	};

	it('has an entry for every entry', () => {
		const items: Json = [{ sku: 'A', price: 1 }, { price: '2.50' }];
		expect(shaped(shape, { cart: { items } })).toEqual({
			values: {
				items: [
					{ sku: 'A', price: 1 },
					{ sku: null, price: 2.5 },
				],
			},
			unreadable: [],
		});
	});

	it.each<[JsonObject, string[]]>([
		[{}, []],
		[{ cart: { items: null } }, []],
		[{ cart: { items: [] } }, []],
		[{ cart: { items: {} } }, ['cart.items']],
		[{ cart: { items: 7 } }, ['cart.items']],
		[{ cart: [] }, ['cart']],
	])('is empty where the payload is %j', (payload, unreadable) => {
		expect(shaped(shape, payload)).toEqual({ values: { items: [] }, unreadable });
	});

	it('leaves out and names entries that are none, and names what is unreadable inside', () => {
		const items = ['A', { sku: 'B', price: 'free' }, null, [], 7];
		expect(shaped(shape, { cart: { items } })).toEqual({
			values: { items: [{ sku: 'B', price: null }] },
			unreadable: [
				'cart.items[0]',
				'cart.items[1].price',
				'cart.items[2]',
				'cart.items[3]',
				'cart.items[4]',
			],
		});
	});
});

it.each<[Json, string[], string[]]>([
	[['PIX', 7], ['PIX', '7'], []],
	[[], [], []],
	[null, [], []],
	['PIX', [], ['sale.methods']],
	[['PIX', null, ['CARD'], ' '], ['PIX'], [1, 2, 3].map((index) => `sale.methods[${index}]`)],
])('a list of texts is read from %j', (methods, texts, unreadable) => {
	expect(shaped({ methods: textList('sale.methods') }, { sale: { methods } })).toEqual({
		values: { methods: texts },
		unreadable,
	});
});

describe('a customer', () => {
	const shape = {
		customer: customer('buyer', {
			id: 'id',
			name: 'name',
			email: 'email',
			mobile: 'mobile',
			landline: 'phone',
			document: 'document',
			documentType: 'kind',
		}),
	};
	const customerOf = (buyer: JsonObject) => shaped(shape, { buyer }).values.customer;

	it('has the same keys in the same order, whatever was sent', () => {
		const keys = ['id', 'name', 'email', 'phone', 'landline', 'document', 'documentType'];
		for (const made of [customerOf({}), customerOf({ name: 'Ana' })]) {
			expect(Object.keys(made ?? {})).toEqual(keys);
		}
		const { values } = shaped({ customer: customer('x', { name: 'n', email: 'e' }) }, {});
		expect(Object.keys(values.customer ?? {})).toEqual(keys);
	});

	it.each([
		['both', { mobile: '11987654321', phone: '1134567890' }, '+5511987654321', '+551134567890'],
		['a mobile', { mobile: '11987654321' }, '+5511987654321', null],
		['a landline', { phone: '1134567890' }, '+551134567890', null],
		['a blank mobile', { mobile: ' ', phone: '1134567890' }, '+551134567890', null],
		['no phone', {}, null, null],
	])('with %s has one phone, and a landline beside a mobile', (_what, buyer, phone, landline) => {
		expect(customerOf(buyer)).toMatchObject({ phone, landline });
	});

	it.each<[JsonObject, string | null, string | null]>([
		[{ document: '123.456.789-00' }, '12345678900', 'cpf'],
		[{ document: '12.345.678/0001-66' }, '12345678000166', 'cnpj'],
		[{ document: '12.ABC.345/01DE-35' }, '12ABC34501DE35', 'cnpj'],
		[{ document: '1234567890A' }, '1234567890A', null],
		[{ document: '123421341234' }, '123421341234', null],
		[{ document: '12345678900', kind: 'passport' }, '12345678900', 'passport'],
		[{ kind: 'cpf' }, null, 'cpf'],
		[{}, null, null],
	])('with %j has the document %j of the type %j', (buyer, document, documentType) => {
		expect(customerOf(buyer)).toMatchObject({ document, documentType });
	});
});

it('a customer may have a phone by several names, and a type of document with a reader of its own', () => {
	const lower: Reader = { type: 'string', read: (value) => String(value).toLowerCase() };
	const sources = { name: 'n', email: 'e', mobile: ['phone', 'cell'], document: 'doc' };
	const customerOf = (buyer: JsonObject) => {
		const documentType = fieldOf(lower, 'kind');
		return shaped({ customer: customer('buyer', { ...sources, documentType }) }, { buyer }).values;
	};
	expect(customerOf({ cell: '11987654321', kind: 'CPF' })).toMatchObject({
		customer: { phone: '+5511987654321', landline: null, documentType: 'cpf' },
	});
	expect(customerOf({ phone: '1', cell: '2', doc: '12345678900' })).toMatchObject({
		customer: { phone: '1', documentType: 'cpf' },
	});
});

it('what a provider does not send is null', () => {
	expect(shaped({ updatedAt: notSent }, { updatedAt: 'x' })).toEqual({
		values: { updatedAt: null },
		unreadable: [],
	});
});
