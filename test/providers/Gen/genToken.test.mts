import { getBaseUrl } from '../../../nodes/Gen/genApi';
import { readAccessToken, renewAccessToken } from '../../../nodes/Gen/genToken';

const credential = {
	environment: 'custom',
	baseUrl: 'https://api.example.com/',
	sellerId: 'seller/1',
	refreshToken: 'refresh-0123456789',
};

/** Answers one request for a token. */
function helpers(statusCode: number, body: unknown) {
	const httpRequest = jest.fn().mockResolvedValue({ statusCode, body, headers: {} });
	return { httpRequest };
}

describe('the address', () => {
	it('of the sandbox is the documented one', () => {
		expect(getBaseUrl({ environment: 'sandbox', baseUrl: 'https://x.example.com' })).toBe(
			'https://api-sandbox.genpag.com.br',
		);
	});

	it.each([
		['https://api.example.com/', 'https://api.example.com'],
		[' https://api.example.com/gen// ', 'https://api.example.com/gen'],
		['http://localhost:3000', 'http://localhost:3000'],
		['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
		['http://[::1]:3000', 'http://[::1]:3000'],
	])('%s is %s', (baseUrl, expected) => {
		expect(getBaseUrl({ environment: 'production', baseUrl })).toBe(expected);
	});

	it.each([
		['', /has no base URL/],
		['http://api.example.com', /does not begin with https/],
		['http://localhost.example.com', /does not begin with https/],
		['http://127.0.0.1.example.com', /does not begin with https/],
		['ftp://api.example.com', /is no address/],
		['https://user:secret@api.example.com', /is no address/],
		['https://api.example.com?x=1', /is no address/],
		['api.example.com', /is no address/],
	])('"%s" is refused', (baseUrl, message) => {
		expect(() => getBaseUrl({ environment: 'custom', baseUrl })).toThrow(message);
		expect(() => getBaseUrl({ environment: 'production', baseUrl })).toThrow(message);
	});
});

describe('the access token', () => {
	it('is got with the refresh token, and bound to its account', async () => {
		const api = helpers(200, { data: 'SFMyNTY.abc' });
		const accessToken = await renewAccessToken(api, credential);
		expect(api.httpRequest).toHaveBeenCalledWith(
			expect.objectContaining({
				method: 'POST',
				url: 'https://api.example.com/api/seller%2F1/tokens',
				headers: {
					'Content-Type': 'application/json',
					Authorization: 'Bearer refresh-0123456789',
				},
				body: '{}',
			}),
		);
		expect(readAccessToken({ ...credential, accessToken })).toBe('SFMyNTY.abc');
		expect(accessToken).not.toContain('refresh');
		for (const changes of [
			{ baseUrl: 'https://other.example.com' },
			{ sellerId: 'seller/2' },
			{ refreshToken: 'another-0123456789' },
			{ environment: 'sandbox' },
			{ accessToken: '' },
			{ accessToken: 'SFMyNTY.abc' },
		]) {
			expect(readAccessToken({ ...credential, accessToken, ...changes })).toBeUndefined();
		}
	});

	it.each([
		[401, {}, /refused the refresh token.*Make a new one/],
		[404, { error: 'not found' }, /gave no access token \(answer 404\)/],
		[200, { data: '' }, /gave no access token/],
		[200, ['SFMyNTY.abc'], /gave no access token/],
		[302, { data: 'SFMyNTY.abc' }, /gave no access token/],
	])('is not had from the answer %i %j', async (status, body, message) => {
		await expect(renewAccessToken(helpers(status, body), credential)).rejects.toThrow(message);
	});
});
