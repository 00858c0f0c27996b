import { readJsonBody, type BodyRequest } from '../../nodes/core/body';

/** A request as n8n hands it over: the content type is taken apart, and `rawBody` is unset until it is read. */
const request = (type: string | undefined, raw: string | Buffer): BodyRequest => {
	const [contentType, charset] = (type ?? '').toLowerCase().split(/; *charset=/);
	return {
		...(type && { contentType, encoding: (charset ?? 'utf-8') as BufferEncoding }),
		rawBody: Buffer.from(raw),
		readRawBody: async () => {},
	};
};

const TYPES = [
	undefined,
	'',
	'application/json',
	'Application/JSON; charset=UTF-8',
	'application/vnd.shop+json',
	'text/json',
	'text/plain',
	'text/plain; charset=utf-8',
	'text/html',
	'application/x-www-form-urlencoded',
	'application/x-www-form-urlencoded; charset=UTF-8',
	'application/octet-stream',
	'application/xml',
	'nonsense',
];

describe.each(TYPES)('with the content type %j', (type) => {
	it.each(['{"a":1}', ' {"a":1}\n', '\uFEFF{"a":1}'])('%j is a JSON object', async (raw) => {
		expect(await readJsonBody(request(type, raw))).toEqual({ a: 1 });
	});

	it.each([
		'[{"a":1}]',
		'"text"',
		'1',
		'true',
		'null',
		'',
		' ',
		'{"a":1',
		'{"a":1}{"b":2}',
		'a=1',
		'a=1&b={"c":1}',
		'{"a":1}=',
		'payload=%7B%22a%22%3A1%7D',
		'%7B%22a%22%3A1%7D',
		'<a>1</a>',
	])('%j is none', async (raw) => {
		expect(await readJsonBody(request(type, raw))).toBeUndefined();
	});
});

it.each(['multipart/form-data; boundary=x', 'Multipart/Mixed'])(
	'is none when it is labelled as %s, whose bytes n8n may have taken',
	async (type) => expect(await readJsonBody(request(type, '{"a":1}'))).toBeUndefined(),
);

describe('in the charset that the content type names', () => {
	const text = '{"city":"São Paulo"}';

	it.each(['latin1', 'utf16le'] as const)('%s is read', async (charset) => {
		const raw = Buffer.from(text, charset);
		for (const type of ['application/json', 'text/plain', 'text/json']) {
			expect(await readJsonBody(request(`${type}; charset=${charset}`, raw))).toEqual({
				city: 'São Paulo',
			});
		}
	});

	it.each(['iso-8859-1', 'utf-16', 'none'])(
		'%s, which Node.js does not decode, is none',
		async (charset) =>
			expect(await readJsonBody(request(`text/json; charset=${charset}`, text))).toBeUndefined(),
	);

	it('UTF-16 that nothing names is none', async () => {
		expect(await readJsonBody(request('text/json', Buffer.from(text, 'utf16le')))).toBeUndefined();
	});
});

it('is none when it cannot be read', async () => {
	const cut = {
		...request(undefined, '{"a":1}'),
		readRawBody: async () => {
			throw new Error('request aborted');
		},
	};
	expect(await readJsonBody(cut)).toBeUndefined();
});
