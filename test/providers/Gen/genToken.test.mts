import { genApi, getBaseUrl } from '../../../nodes/Gen/genApi';
import { readAccessToken, renewAccessToken } from '../../../nodes/Gen/genToken';

const credential = {
	environment: 'custom',
	baseUrl: 'https://api.example.com/',
	sellerId: 'seller/1',
	refreshToken: 'refresh-0123456789',
};

/** Responds to one request for a token. */
function helpers(statusCode: number, body: unknown) {
	return { httpRequest: jest.fn().mockResolvedValue({ statusCode, body, headers: {} }) };
}

const MUST_BE_ADDRESS = /must be an address such as https/;
const NOT_HTTPS = /does not begin with https/;

it.each<[string, string, string | RegExp]>([
	['sandbox', 'https://x.example.com', 'https://api-sandbox.genpag.com.br'],
	['custom', ' https://api.example.com/gen// ', 'https://api.example.com/gen'],
	['custom', 'http://localhost:3000', 'http://localhost:3000'],
	['custom', 'http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
	['custom', 'http://[::1]:3000', 'http://[::1]:3000'],
	['custom', '', /has no base URL/],
	['production', 'http://api.example.com', NOT_HTTPS],
	['custom', 'http://localhost.example.com', NOT_HTTPS],
	['custom', 'http://127.0.0.1.example.com', NOT_HTTPS],
	['custom', 'ftp://api.example.com', MUST_BE_ADDRESS],
	['custom', 'https://user:secret@api.example.com', MUST_BE_ADDRESS],
	['custom', 'https://api.example.com?x=1', MUST_BE_ADDRESS],
	['custom', 'https://api.example.com#x', MUST_BE_ADDRESS],
	['custom', 'api.example.com', MUST_BE_ADDRESS],
])('%s with the base URL "%s" has the address %s', (environment, baseUrl, expected) => {
	const read = () => getBaseUrl({ environment, baseUrl });
	if (typeof expected === 'string') expect(read()).toBe(expected);
	else expect(read).toThrow(expected);
});

describe('the access token', () => {
	it('is requested with the refresh token and bound to its account', async () => {
		const api = helpers(200, { data: 'SFMyNTY.abc' });
		const accessToken = await renewAccessToken(api, credential);
		expect(api.httpRequest).toHaveBeenCalledWith({
			method: 'POST',
			url: 'https://api.example.com/api/seller%2F1/tokens',
			headers: { 'Content-Type': 'application/json', Authorization: 'Bearer refresh-0123456789' },
			body: '{}',
			json: true,
			disableFollowRedirect: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		});
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
		[300, { data: 'SFMyNTY.abc' }, /gave no access token/],
	])('is missing in the answer %i %j', async (status, body, message) => {
		await expect(renewAccessToken(helpers(status, body), credential)).rejects.toThrow(message);
	});

	it('needs a seller ID', async () => {
		const withoutSeller = { ...credential, sellerId: ' ' };
		await expect(renewAccessToken(helpers(200, {}), withoutSeller)).rejects.toThrow(
			/has no seller ID\. Enter/,
		);
	});
});

it('keeps every secret of the credential out of errors, the access token without its account too', () => {
	const credential = {
		refreshToken: 'refresh',
		webhookToken: 'webhook',
		accessToken: 'abc|access',
	};
	expect(genApi.getSecrets(credential)).toEqual(['refresh', 'webhook', '', 'abc', 'access']);
});
