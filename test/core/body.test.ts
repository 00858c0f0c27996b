import { jsonBodyOf, type BodyRequest } from '../../nodes/core/body';

const request = (type: string | undefined, raw: string, parsed?: unknown): BodyRequest => ({
	headers: type === undefined ? {} : { 'content-type': type },
	body: parsed,
	rawBody: Buffer.from(raw),
	readRawBody: async () => {},
});

it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
	'is what n8n has parsed of %s',
	async (type) => expect(await jsonBodyOf(request(type, '{"a":1}', { a: 1 }))).toEqual({ a: 1 }),
);

it.each([undefined, '', 'text/plain', 'text/plain; charset=utf-8', 'application/vnd.shop+json'])(
	'is read as JSON when the content type is %j',
	async (type) => expect(await jsonBodyOf(request(type, ' {"a":1}\n'))).toEqual({ a: 1 }),
);

it('may begin with a byte order mark', async () => {
	expect(await jsonBodyOf(request(undefined, '\uFEFF{"a":1}'))).toEqual({ a: 1 });
});

it.each(['[{"a":1}]', '"text"', '1', 'true', 'null', '', ' ', '{"a":1', '{"a":1}{"b":2}', 'a=1'])(
	'is no JSON object when it is %j',
	async (raw) => {
		expect(await jsonBodyOf(request(undefined, raw))).toBeUndefined();
		expect(await jsonBodyOf(request('text/plain', raw))).toBeUndefined();
	},
);

it.each([[['list']], ['text'], [1], [null], [undefined]])(
	'is no JSON object when n8n has parsed %j',
	async (parsed) =>
		expect(await jsonBodyOf(request('application/json', 'x', parsed))).toBeUndefined(),
);

it('is none when nothing was sent, although n8n then has an empty object', async () => {
	expect(await jsonBodyOf(request('application/json', '', {}))).toBeUndefined();
});

it.each([
	'application/x-www-form-urlencoded',
	'multipart/form-data; boundary=x',
	'application/xml',
	'text/xml',
	'text/html',
	'application/octet-stream',
])('is no JSON object when n8n has made an object of %s', async (type) => {
	expect(await jsonBodyOf(request(type, '{"a":1}', { a: 1 }))).toBeUndefined();
});

it('is none when it cannot be read', async () => {
	const cut = {
		...request(undefined, '{"a":1}'),
		readRawBody: async () => {
			throw new Error('request aborted');
		},
	};
	expect(await jsonBodyOf(cut)).toBeUndefined();
});
