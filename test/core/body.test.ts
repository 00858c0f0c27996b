import { readJsonBody, type BodyRequest } from '../../nodes/core/body';

/** A request as n8n hands it over: with the content type split into its parts. */
const request = (type: string | undefined, raw: string | Buffer): BodyRequest => {
	const [contentType, charset] = (type ?? '').toLowerCase().split(/; *charset=/);
	return {
		...(type && { contentType, encoding: (charset ?? 'utf-8') as BufferEncoding }),
		rawBody: Buffer.from(raw),
		readRawBody: async () => {},
	};
};

it.each([
	undefined,
	'application/json',
	'application/vnd.shop+json',
	'text/plain; charset=utf-8',
	'application/x-www-form-urlencoded',
	'application/xml',
	'nonsense',
])('a JSON object is read whatever its content type: %j', async (type) => {
	for (const raw of ['{"a":1}', ' {"a":1}\n', '\uFEFF{"a":1}']) {
		expect(await readJsonBody(request(type, raw))).toEqual({ a: 1 });
	}
	expect(await readJsonBody(request(type, 'a=1'))).toBeUndefined();
});

it.each([
	'[{"a":1}]',
	'"text"',
	'null',
	'',
	'{"a":1',
	'{"a":1}{"b":2}',
	'{"a":1}\uFEFF',
	'\uFEFF\uFEFF{"a":1}',
	'{"a":1}=',
	'<a>1</a>',
])('%j is not a JSON object', async (raw) => {
	expect(await readJsonBody(request('application/json', raw))).toBeUndefined();
});

it.each(['multipart/form-data; boundary=x', 'Multipart/Mixed'])(
	'a body of the type %s is rejected: n8n may have consumed its bytes',
	async (type) => expect(await readJsonBody(request(type, '{"a":1}'))).toBeUndefined(),
);

it.each<[string, BufferEncoding, boolean]>([
	['; charset=latin1', 'latin1', true],
	['; charset=utf16le', 'utf16le', true],
	['', 'utf16le', false],
	// Node.js does not decode a charset of this name.
	['; charset=iso-8859-1', 'latin1', false],
])('a body labelled "%s" in %s is read: %s', async (label, encoding, isRead) => {
	const raw = Buffer.from('{"city":"São Paulo"}', encoding);
	const expected = isRead ? { city: 'São Paulo' } : undefined;
	expect(await readJsonBody(request(`text/json${label}`, raw))).toEqual(expected);
});

it('a body that cannot be received is not a JSON object', async () => {
	const readRawBody = async () => await Promise.reject(new Error('request aborted'));
	const aborted = { ...request(undefined, '{"a":1}'), readRawBody };
	expect(await readJsonBody(aborted)).toBeUndefined();
});
