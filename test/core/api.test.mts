import { NodeApiError } from 'n8n-workflow';
import { describeError } from '../../nodes/core/activation';
import { callApi, encodePath, httpStatus, type Api } from '../../nodes/core/api';
import { textOf } from '../../nodes/core/event';
import { isJsonObject, own } from '../../nodes/core/json';
import { fakeExecute, httpError } from '../../testkit/fakes/fakeExecute.mts';
import type { JsonValue } from '../../testkit/providers/senders.mts';

const SECRET = 'secret-0123456789';
const shopApi: Api = {
	displayName: 'Shop',
	credential: 'shopApi',
	credentialDisplayName: 'Shop API',
	getSecrets: (credential) => [String(credential.token ?? '')],
	getBaseUrl(credential) {
		const url = textOf(own(credential, 'url'));
		if (!url) throw new Error('The Shop API credential has no URL.');
		return url;
	},
	readErrorText: (body) => (isJsonObject(body) ? textOf(own(body, 'error')) : undefined),
};
const credential = { url: 'https://api.example.com', token: SECRET };

async function failedCall(answer: Error, held = credential): Promise<NodeApiError> {
	const { context } = fakeExecute({ answer, credential: held });
	const error: unknown = await callApi(context, shopApi, { method: 'GET', path: '/sales' }).catch(
		(reason: unknown) => reason,
	);
	if (error instanceof NodeApiError) return error;
	throw new Error(`Not a NodeApiError: ${String(error)}`);
}

it('encodes the ids in a path', () => {
	const path = encodePath`/sales/${'a/b?c#d é'}/items/${'7'}`;
	expect(path).toBe('/sales/a%2Fb%3Fc%23d%20%C3%A9/items/7');
	for (const id of ['.', '..']) {
		expect(() => encodePath`/sales/${id}`).toThrow(`"${id}" is not a valid ID.`);
	}
});

it('calls the address of the credential and follows no redirect', async () => {
	const { context, calls } = fakeExecute({ answer: { id: 7 }, credential });
	const parts = { method: 'POST' as const, body: { total: 1 } };
	const call = { ...parts, path: '/sales', query: { page: 1 } };
	expect(await callApi(context, shopApi, call)).toEqual({ id: 7 });
	expect(calls).toEqual([
		{
			...parts,
			url: 'https://api.example.com/sales',
			qs: { page: 1 },
			json: true,
			disableFollowRedirect: true,
		},
	]);
});

it.each([
	[undefined, null],
	[null, null],
	['', ''],
	[[1], [1]],
])('resolves with the answer: %j gives %j', async (answer, expected) => {
	const { context } = fakeExecute({ answer, credential });
	expect(await callApi(context, shopApi, { method: 'GET', path: '/' })).toEqual(expected);
});

describe('an error', () => {
	it('may be in an answer whose status says success', async () => {
		const api: Api = { ...shopApi, isFailure: (body) => !isJsonObject(body) || body.ok !== true };
		const call = async (answer: JsonValue) => {
			const { context } = fakeExecute({ answer, credential });
			return await callApi(context, api, { method: 'GET', path: '/' });
		};
		expect(await call({ ok: true })).toEqual({ ok: true });
		await expect(call('OK')).rejects.toThrow(/^Shop refused the request$/);
		const error: unknown = await call({ ok: false, error: `no ${SECRET}` }).catch(
			(reason: unknown) => reason,
		);
		expect(error).toMatchObject({ message: 'Shop refused the request: no [redacted]' });
		expect(httpStatus(error)).toBe(200);
	});

	it.each([
		[301, /the API answers elsewhere/],
		[400, /^Correct the fields of the node\.$/],
		[401, /^Check the Shop API credential "My shop", and what it may do\.$/],
		[403, /^Check the Shop API credential "My shop", and what it may do\.$/],
		[429, /^Try again later\.$/],
		[500, /^Try again later\.$/],
	])('with the status %i says what to do', async (status, description) => {
		const error = await failedCall(httpError(status));
		expect(error.message).toBe(`Shop answered ${status}`);
		expect(error.description).toMatch(description);
		expect(httpStatus(error)).toBe(status);
	});

	it("contains the API's own words, found in the causes of n8n's errors, without the secret", async () => {
		const cause = httpError(404, { error: `No SKU for ${SECRET}` });
		const error = await failedCall(new Error('The resource could not be found', { cause }));
		expect(error.message).toBe('Shop answered 404: No SKU for [redacted]');
		expect(httpStatus(error)).toBe(404);
		const stored = JSON.stringify({ ...error, message: error.message, stack: error.stack });
		expect(stored).not.toContain(SECRET);
		expect(stored).not.toContain('access-token-0123456789');
	});

	it.each([
		['404', { error: 'Gone' }, 'Shop answered 404: Gone', 404],
		['502', undefined, 'Shop answered 502', 502],
		['ECONNREFUSED', undefined, 'Shop cannot be reached', undefined],
	])(
		'is read from what older versions of n8n keep of %s',
		async (httpCode, data, message, status) => {
			const { context } = fakeExecute();
			const kept = new NodeApiError(context.getNode(), { message: "n8n's words" }, { httpCode });
			kept.context.data = data;
			expect(kept.cause).toBeUndefined();
			const error = await failedCall(kept);
			expect(error.message).toBe(message);
			expect(httpStatus(error)).toBe(status);
		},
	);

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
		['ERR_OF_TOMORROW', 'no connection'],
	])('says of %s: %s', async (code, phrase) => {
		const cause = Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code });
		const error = await failedCall(new Error('The connection failed', { cause }));
		expect(error.message).toBe('Shop cannot be reached');
		expect(error.description).toBe(
			`Check the address in the Shop API credential "My shop", and whether n8n can reach it (${phrase}).`,
		);
		expect(httpStatus(error)).toBeUndefined();
	});

	it('says what is wrong with the credential', async () => {
		const error = await failedCall(httpError(500), { url: '', token: SECRET });
		expect(error.message).toBe('The Shop API credential has no URL.');
		expect(error.description).toBe('Check the Shop API credential "My shop".');
		expect(httpStatus(error)).toBeUndefined();
		expect(httpStatus(new Error('404'))).toBeUndefined();
	});

	it('is one text without the word that keeps n8n from retrying an activation', async () => {
		expect(describeError(await failedCall(httpError(500, { error: 'No Authorization' })))).toBe(
			'Shop answered 500: No token. Try again later.',
		);
		expect(describeError(new Error('No authorization!'))).toBe('No token!');
		expect(describeError('Gone')).toBe('Gone.');
	});
});
