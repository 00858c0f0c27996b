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
	type Source,
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
			updatedAt: notSent,
		};
		const payload = {
			sale: { id: 7, total: '395.00', cents: 2290 },
			...{ counts: [1, 2], done: false, at: '2026-07-01', updatedAt: 'x' },
		};
		const values = { id: '7', total: 395, cents: 22.9, count: 2, done: false, at: '2026-07-01' };
		expect(shaped(shape, payload)).toEqual({
			values: { ...values, updatedAt: null },
			unreadable: [],
		});
	});

	it.each<[JsonObject, string[]]>([
		[{}, []],
		[{ a: null }, []],
		[{ a: {} }, []],
		[{ a: { b: '  ' } }, []],
		[{ a: '' }, []],
		[{ a: { b: { c: 1 } } }, ['a.b']],
		[{ a: { b: true } }, ['a.b']],
		[{ a: 'text' }, ['a']],
		[{ a: [{ b: 'x' }] }, ['a']],
	])(
		'is null where the payload is %j, and named if it is unreadable: %j',
		(payload, unreadable) => {
			// Of two fields that cannot be reached the place is named once.
			const shape = { x: textField('a.b'), y: textField('a.b') };
			expect(shaped(shape, payload)).toEqual({ values: { x: null, y: null }, unreadable });
		},
	);

	it('that stands in a list is named with its place, and so is a list that is none', () => {
		const shape = { x: textField('a[1].b') };
		expect(shaped(shape, { a: [{}, { b: {} }] }).unreadable).toEqual(['a[1].b']);
		expect(shaped(shape, { a: { 1: { b: 'x' } } }).unreadable).toEqual(['a']);
		expect(shaped(shape, { a: [{ b: 'x' }] })).toEqual({ values: { x: null }, unreadable: [] });
	});

	const byKind = (payload: JsonObject) => (payload.kind === 'cart' ? 'cart.id' : undefined);
	it.each<[Source, JsonObject, string | null]>([
		[['a', 'b'], { a: ' ', b: 'second' }, 'second'],
		[['a', 'b'], { a: 'first', b: 'second' }, 'first'],
		[['a', 'b'], {}, null],
		[byKind, { kind: 'cart', cart: { id: 1 } }, '1'],
		[byKind, { kind: 'sale', cart: { id: 1 } }, null],
	])('from %p of %j is %j', (source, payload, x) => {
		expect(shaped({ x: textField(source) }, payload).values).toEqual({ x });
	});
});

it.each<[JsonObject, object, string[]]>([
	[{}, { id: null, kind: null }, []],
	[{ data: null }, { id: null, kind: null }, []],
	[{ id: 2, kind: 'new', data: { sale: { id: 1, kind: 'x' } } }, { id: '1', kind: 'new' }, []],
	[{ data: { sale: 'text' } }, { id: null, kind: null }, ['data.sale']],
	[{ data: { sale: [] } }, { id: null, kind: null }, ['data.sale']],
	[{ data: 7 }, { id: null, kind: null }, ['data']],
])('a group has all its keys, from its place or from the root: %j', (payload, sale, unreadable) => {
	const shape = { sale: group({ id: textField('id'), kind: textField('/kind') }, 'data.sale') };
	expect(shaped(shape, payload)).toEqual({ values: { sale }, unreadable });
});

it.each<[JsonObject, object[], string[]]>([
	[
		{ items: [{ sku: 'A', price: 1 }, { price: '2.50' }] },
		[
			{ sku: 'A', price: 1 },
			{ sku: null, price: 2.5 },
		],
		[],
	],
	[{}, [], []],
	[{ items: null }, [], []],
	[{ items: [] }, [], []],
	[{ items: {} }, [], ['cart.items']],
	[{ items: 7 }, [], ['cart.items']],
	[
		{ items: ['A', { sku: 'B', price: 'free' }, null, []] },
		[{ sku: 'B', price: null }],
		['[0]', '[1].price', '[2]', '[3]'].map((place) => `cart.items${place}`),
	],
])('a list is read from %j', (cart, items, unreadable) => {
	const shape = {
		items: list('cart.items', { sku: textField('sku'), price: moneyField('price') }),
	};
	expect(shaped(shape, { cart })).toEqual({ values: { items }, unreadable });
});

it.each<[Json, string[], string[]]>([
	[['PIX', 7], ['PIX', '7'], []],
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
			...{ id: 'id', name: 'name', email: 'email', mobile: 'mobile', landline: 'phone' },
			...{ document: 'document', documentType: 'kind' },
		}),
	};
	const customerOf = (buyer: JsonObject) => shaped(shape, { buyer }).values.customer;

	it('has the same keys, whatever the provider sends', () => {
		const { values } = shaped({ customer: customer('x', { name: 'n', email: 'e' }) }, {});
		expect(Object.keys(Object(values.customer))).toEqual(Object.keys(Object(customerOf({}))));
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
