import { NodeApiError } from 'n8n-workflow';
import { callApi, encodePath, httpStatus, type Api } from '../../nodes/core/api';
import { textOf } from '../../nodes/core/event';
import { isJsonObject, own } from '../../nodes/core/json';
import { fakeExecute, httpError } from '../../testkit/fakes/fakeExecute.mts';

const SECRET = 'secret-0123456789';
const shopApi: Api = {
	displayName: 'Shop',
	credential: 'shopApi',
	credentialDisplayName: 'Shop API',
	getSecrets: (credential) => ['token'].map((field) => String(credential[field] ?? '')),
	getBaseUrl(credential) {
		const url = textOf(own(credential, 'url'));
		if (!url) throw new Error('The Shop API credential has no URL.');
		return url;
	},
	readErrorText: (body) => (isJsonObject(body) ? textOf(own(body, 'error')) : undefined),
};
const credential = { url: 'https://api.example.com', token: SECRET };

async function errorOf(answer: Error, held = credential): Promise<NodeApiError> {
	const { context } = fakeExecute({ answer, credential: held });
	const error: unknown = await callApi(context, shopApi, { method: 'GET', path: '/sales' }).catch(
		(reason: unknown) => reason,
	);
	if (error instanceof NodeApiError) return error;
	throw new Error(`No NodeApiError: ${String(error)}`);
}

describe('a path', () => {
	it('has its parts encoded', () => {
		const id = 'a/b?c#d é';
		expect(encodePath`/sales/${id}/items/${'7'}`).toBe('/sales/a%2Fb%3Fc%23d%20%C3%A9/items/7');
		expect(encodePath`/sales`).toBe('/sales');
	});

	it.each(['.', '..'])('never has %s as a part', (id) => {
		expect(() => encodePath`/sales/${id}`).toThrow(`"${id}" is not a valid ID.`);
	});
});

describe('a call', () => {
	it('goes to the address of the credential, and nowhere else', async () => {
		const { context, calls } = fakeExecute({ answer: { id: 7 }, credential });
		const answer = await callApi(context, shopApi, {
			method: 'POST',
			path: '/sales',
			query: { page: 1 },
			body: { total: 1 },
		});
		expect(answer).toEqual({ id: 7 });
		expect(calls).toEqual([
			{
				method: 'POST',
				url: 'https://api.example.com/sales',
				qs: { page: 1 },
				body: { total: 1 },
				json: true,
				disableFollowRedirect: true,
			},
		]);
	});

	it.each([
		[undefined, null],
		[null, null],
		['', ''],
		['gone', 'gone'],
		[[1], [1]],
	])('answered %j gives %j', async (answer, expected) => {
		const { context } = fakeExecute({ answer, credential });
		expect(await callApi(context, shopApi, { method: 'GET', path: '/' })).toEqual(expected);
	});
});

describe('an error', () => {
	it.each([
		[301, /the API answers elsewhere/],
		[400, /^Correct the fields of the node\.$/],
		[401, /^Check the Shop API credential "My shop", and what it may do\.$/],
		[403, /^Check the Shop API credential "My shop"/],
		[404, /^Correct the fields/],
		[429, /^Try again later\.$/],
		[503, /^Try again later\.$/],
	])('with the status %i says what to do', async (status, description) => {
		const error = await errorOf(httpError(status));
		expect(error.message).toBe(`Shop answered ${status}`);
		expect(error.description).toMatch(description);
		expect(httpStatus(error)).toBe(status);
	});

	it('has the own words of the API', async () => {
		const error = await errorOf(httpError(422, { error: 'No such SKU' }));
		expect(error.message).toBe('Shop answered 422: No such SKU');
	});

	it('is found inside the errors of n8n', async () => {
		const cause = httpError(404, { error: 'Gone' });
		const error = await errorOf(new Error('The resource could not be found', { cause }));
		expect(error.message).toBe('Shop answered 404: Gone');
		expect(httpStatus(error)).toBe(404);
	});

	it.each([
		['404', { error: 'Gone' }, 'Shop answered 404: Gone', 404],
		['502', undefined, 'Shop answered 502', 502],
		['ECONNREFUSED', undefined, 'Shop cannot be reached', undefined],
	])('is found in what an older n8n keeps of %s', async (httpCode, data, message, status) => {
		const kept = new NodeApiError(
			{ id: '1', name: 'Shop', type: 'shop', typeVersion: 1, position: [0, 0], parameters: {} },
			{ message: 'In the words of n8n' },
			{ httpCode },
		);
		kept.context.data = data;
		expect(kept.cause).toBeUndefined();
		const error = await errorOf(kept);
		expect(error.message).toBe(message);
		expect(httpStatus(error)).toBe(status);
	});

	it('says that there was no answer', async () => {
		const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
		const error = await errorOf(refused);
		expect(error.message).toBe('Shop cannot be reached');
		expect(error.description).toMatch(/^Check the address .*"My shop".*refused\)\.$/);
		expect(httpStatus(error)).toBeUndefined();
	});

	it.each([
		['ECONNREFUSED', 'connection refused'],
		['ENOTFOUND', 'host name not found'],
		['EAI_AGAIN', 'host name not found'],
		['ETIMEDOUT', 'timed out'],
		['ECONNABORTED', 'timed out'],
		['ECONNRESET', 'connection reset'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS certificate not valid for this host'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS certificate not trusted'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS certificate not trusted'],
		['CERT_HAS_EXPIRED', 'TLS certificate expired'],
		['EPROTO', 'no TLS connection'],
		['EHOSTUNREACH', 'no connection'],
		['ERR_OF_TOMORROW', 'no connection'],
	])('says of %s: %s', async (code, phrase) => {
		const cause = Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code });
		const error = await errorOf(new Error('The connection failed', { cause }));
		expect(error.message).toBe('Shop cannot be reached');
		expect(error.description).toBe(
			`Check the address in the Shop API credential "My shop", and whether n8n can reach it (${phrase}).`,
		);
	});

	it('says what is wrong with the credential', async () => {
		const error = await errorOf(httpError(500), { url: '', token: SECRET });
		expect(error.message).toBe('The Shop API credential has no URL.');
		expect(httpStatus(error)).toBeUndefined();
	});

	it('has neither the request nor a secret in it', async () => {
		const error = await errorOf(httpError(400, { error: `The token ${SECRET} is unknown` }));
		expect(error.message).toBe('Shop answered 400: The token [redacted] is unknown');
		const stored = JSON.stringify({ ...error, message: error.message, stack: error.stack });
		expect(stored).not.toContain(SECRET);
		expect(stored).not.toContain('access-token-0123456789');
	});
});

it('another error has no status', () => {
	expect(httpStatus(new Error('404'))).toBeUndefined();
	expect(httpStatus(undefined)).toBeUndefined();
});
