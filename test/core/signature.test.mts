import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { processDelivery } from '../../nodes/core/pipeline';
import { ALL, type Provider } from '../../nodes/core/provider';
import { KEYS_KEPT_MS, PublicKeyCache, REREAD_KEYS_AFTER_MS } from '../../nodes/core/publicKeys';
import { receive } from '../../nodes/core/webhook';
import { fakeContext, TOKEN, type Situation } from '../../testkit/fakes/fakeContext.mts';
import { sale, shop } from '../../testkit/fakes/fakeProvider';

const list = z.object({ keys: z.array(z.string()) });

const signing: Provider = {
	...shop,
	signature: {
		header: 'X-Shop-Signature',
		algorithm: 'RSA-SHA256',
		keys: {
			getBaseUrl: ({ baseUrl }) => {
				if (typeof baseUrl !== 'string') throw new Error('There is no address.');
				return baseUrl;
			},
			path: '/keys',
			parse: (answer) => list.safeParse(answer).data?.keys,
		},
	},
};

const pair = () => generateKeyPairSync('rsa', { modulusLength: 1024 });
const [ours, next, other] = [pair(), pair(), pair()];
const pem = ({ publicKey }: { publicKey: KeyObject }) =>
	String(publicKey.export({ type: 'spki', format: 'pem' }));
const signed = (body: string | Buffer, { privateKey } = ours) =>
	sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64');

/** A provider's list of keys. Each one has its own address: the node caches lists by that. */
class KeyServer {
	requests = 0;
	answer: () => unknown = () => ({ keys: [pem(ours)] });
	readonly baseUrl = `https://shop-${++servers}.example.com`;

	/** A delivery whose keys are here. */
	situation(more: Partial<Situation> = {}): Situation {
		return {
			parameters: { events: [ALL] },
			credential: { token: TOKEN, baseUrl: this.baseUrl },
			httpRequest: async ({ url }) => {
				expect(url).toBe(`${this.baseUrl}/keys`);
				this.requests++;
				return await this.answer();
			},
			...more,
		};
	}

	async deliver(situation: Partial<Situation> = {}, provider = signing) {
		const fake = fakeContext(this.situation(situation));
		const { workflowData } = await receive(fake.context, provider);
		return { status: fake.answer.status ?? 200, items: workflowData?.flat().length ?? 0 };
	}

	/** The status of a delivery that is signed with a key. */
	async statusWith(keys = ours): Promise<number> {
		const body = newBody();
		return (await this.deliver({ body, rawHeaders: headers(signed(body, keys)) })).status;
	}
}
let servers = 0;

const headers = (...signatures: string[]) => [
	'Content-Type',
	'application/json',
	'X-Shop-Token',
	TOKEN,
	...signatures.flatMap((signature) => ['X-Shop-Signature', signature]),
];
const newBody = () => JSON.stringify(sale({ id: ++lastId, note: 'ação' }), null, 1);
let lastId = 0;

describe('a signed delivery', () => {
	it('is accepted with its signature and token, and its bytes are read after the token only', async () => {
		const body = newBody();
		const rawHeaders = headers(signed(body));
		const fake = fakeContext(new KeyServer().situation({ body, rawHeaders }));
		expect(await processDelivery(fake.context, signing)).toMatchObject({ kind: 'accepted' });
		const order = [...new Set(fake.asked)].slice(0, 4);
		expect(order).toEqual(['parameter options', 'credential', 'body', 'request']);
	});

	const body = newBody();
	const right = signed(body);
	it.each<[string, Partial<Situation>, number]>([
		['one byte changed', { body: body.replace('395', '396') }, 1],
		['its JSON serialized again', { body: JSON.stringify(JSON.parse(body)) }, 1],
		['a line break at the end', { body: `${body}\n` }, 1],
		['no body', { body: '' }, 1],
		[
			'a multipart body',
			{ rawHeaders: ['Content-Type', 'multipart/form-data', ...headers(right).slice(2)] },
			0,
		],
		['a signature of another key', { rawHeaders: headers(signed(body, other)) }, 1],
		['a signature of another body', { rawHeaders: headers(signed('{}')) }, 1],
		['a shorter signature', { rawHeaders: headers(right.slice(0, -4)) }, 1],
		['a longer signature', { rawHeaders: headers(`AAAA${right}`) }, 1],
		['a signature that is cut', { rawHeaders: headers(right.slice(0, -1)) }, 0],
		[
			'a signature in hexadecimal',
			{ rawHeaders: headers(Buffer.from(right, 'base64').toString('hex').slice(1)) },
			0,
		],
		[
			'a signature with other characters',
			{ rawHeaders: headers(`${right.slice(0, -8)}%$#!____`) },
			0,
		],
		['an endless signature', { rawHeaders: headers('A'.repeat(8_000)) }, 0],
		['two signatures', { rawHeaders: headers(right, right) }, 0],
		['an empty signature', { rawHeaders: headers('') }, 0],
		['no signature', { rawHeaders: headers() }, 0],
		['the right signature and no token', { rawHeaders: ['X-Shop-Signature', right] }, 0],
		[
			'the right signature and a wrong token',
			{ rawHeaders: ['X-Shop-Token', 'x', 'X-Shop-Signature', right] },
			0,
		],
	])('is refused with %s', async (_what, situation, requests) => {
		const server = new KeyServer();
		const fake = fakeContext(server.situation({ body, rawHeaders: headers(right), ...situation }));
		const response = await receive(fake.context, signing);
		expect(response).toEqual({ noWebhookResponse: true });
		const unsigned = fakeContext({ rawHeaders: [] });
		await receive(unsigned.context, shop);
		expect(fake.answer).toEqual(unsigned.answer);
		expect(fake.answer.status).toBe(401);
		expect(server.requests).toBe(requests);
	});

	it.each<[string, Partial<Situation>, RegExp]>([
		[
			'no signature',
			{ rawHeaders: headers() },
			/^The token is right, but no header "X-Shop-Signature" came/,
		],
		['another body', { body: `${body} ` }, /header "X-Shop-Signature" does not match the body/],
		[
			'no keys',
			{ httpRequest: async () => await Promise.reject(new Error('gone')) },
			/^n8n cannot read the public keys that verify the signatures of Shop/,
		],
	])('in a test in the editor, with %s, ends with an error', async (_what, situation, message) => {
		const fake = fakeContext(
			new KeyServer().situation({ body, rawHeaders: headers(right), mode: 'manual', ...situation }),
		);
		await expect(receive(fake.context, signing)).rejects.toThrow(message);
	});

	it('that tests the URL is acknowledged once the sender is proven, and starts nothing', async () => {
		const provider: Provider = { ...signing, isTestCall: (sent) => 'isTest' in sent };
		const call = JSON.stringify({ event: 'SALE.NEW', isTest: true });
		const server = new KeyServer();
		const fake = fakeContext(
			server.situation({
				body: call,
				rawHeaders: headers(signed(call)),
				parameters: { events: ['REFUND'] },
			}),
		);
		expect(await receive(fake.context, provider)).toEqual({
			webhookResponse: { received: true, ignored: 'test' },
		});
		expect(await server.deliver({ body: call, rawHeaders: headers() }, provider)).toEqual({
			status: 401,
			items: 0,
		});
	});
});

describe('the list of keys', () => {
	afterEach(() => jest.useRealTimers());
	const later = (ms: number) =>
		jest.useFakeTimers({
			now: Date.now() + ms,
			doNotFake: ['nextTick', 'setImmediate', 'setTimeout'],
		});

	it('is read once an hour', async () => {
		const server = new KeyServer();
		const statuses = await Promise.all(
			Array.from({ length: 5 }, async () => await server.statusWith()),
		);
		expect(statuses).toEqual([200, 200, 200, 200, 200]);
		expect(server.requests).toBe(1);
		later(KEYS_KEPT_MS - 1000);
		await server.statusWith();
		expect(server.requests).toBe(1);
		later(2000);
		expect(await server.statusWith()).toBe(200);
		expect(server.requests).toBe(2);
	});

	it('is read again for an unknown signature, at most once a minute', async () => {
		const server = new KeyServer();
		expect(await server.statusWith()).toBe(200);
		server.answer = () => ({ keys: [pem(ours), pem(next)] });
		later(1000);
		expect(await server.statusWith(next)).toBe(200);
		expect(await server.statusWith(ours)).toBe(200);
		expect(server.requests).toBe(2);
		for (let count = 0; count < 5; count++) {
			later(1000);
			expect(await server.statusWith(other)).toBe(401);
		}
		expect(server.requests).toBe(2);
		later(REREAD_KEYS_AFTER_MS);
		server.answer = () => ({ keys: [pem(next)] });
		expect(await server.statusWith(other)).toBe(401);
		expect(server.requests).toBe(3);
		expect(await server.statusWith(ours)).toBe(401);
		expect(await server.statusWith(next)).toBe(200);
		expect(server.requests).toBe(3);
	});

	const failures: Array<[string, () => unknown]> = [
		[
			'cannot be reached',
			() => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
		],
		['is gone', () => Promise.reject(new Error('Request failed with status code 404'))],
		['answers nonsense', () => '<html>'],
		['has no key', () => ({ keys: [] })],
		[
			'has no usable key',
			() => ({ keys: ['no PEM', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))] }),
		],
	];

	it.each(failures)('that %s leaves the last good keys in use', async (_what, answer) => {
		const server = new KeyServer();
		await server.statusWith();
		server.answer = answer;
		later(KEYS_KEPT_MS);
		for (let count = 0; count < 3; count++) expect(await server.statusWith()).toBe(200);
		expect(await server.statusWith(other)).toBe(401);
		expect(server.requests).toBe(3);
		later(REREAD_KEYS_AFTER_MS);
		expect(await server.statusWith()).toBe(200);
		expect(server.requests).toBe(4);
	});

	it.each(failures)(
		'that %s from the start is answered 503, until it comes',
		async (_what, answer) => {
			const server = new KeyServer();
			server.answer = answer;
			const body = newBody();
			const delivery = { body, rawHeaders: headers(signed(body)) };
			const fake = fakeContext(server.situation(delivery));
			expect(await processDelivery(fake.context, signing)).toEqual({
				kind: 'refused',
				reason: 'keysUnavailable',
			});
			expect(fake.logged.join()).toMatch(/public keys .* cannot be read.*Shop Trigger/);
			expect(await server.deliver(delivery)).toEqual({ status: 503, items: 0 });
			server.answer = new KeyServer().answer;
			expect(await server.deliver(delivery)).toEqual({ status: 200, items: 1 });
		},
	);

	it('whose address the credential does not have is answered 503', async () => {
		const body = newBody();
		const delivery = { body, rawHeaders: headers(signed(body)), credential: { token: TOKEN } };
		expect(await new KeyServer().deliver(delivery)).toEqual({ status: 503, items: 0 });
	});

	it('that is slow is requested once, with a limit', async () => {
		const server = new KeyServer();
		server.answer = async () => {
			await sleep(50);
			return { keys: [pem(ours)] };
		};
		const body = newBody();
		const limits: unknown[] = [];
		const situation = server.situation({ body, rawHeaders: headers(signed(body)) });
		const deliver = async () => {
			const fake = fakeContext({
				...situation,
				workflowId: `slow-${limits.length}-${Math.random()}`,
				httpRequest: async (options) => {
					const { timeout, abortSignal, disableFollowRedirect } = options;
					limits.push({ timeout, abortSignal, disableFollowRedirect });
					return await situation.httpRequest?.(options);
				},
			});
			return (await processDelivery(fake.context, signing)).kind;
		};
		expect(await Promise.all([deliver(), deliver(), deliver()])).toEqual(Array(3).fill('accepted'));
		expect(limits).toEqual([
			{ timeout: 5000, abortSignal: expect.any(AbortSignal), disableFollowRedirect: true },
		]);
	});

	it('is remembered for a limited number of addresses', async () => {
		const cache = new PublicKeyCache();
		for (let count = 0; count < 250; count++) {
			await cache.get(`https://${count}.example.com`, 0, async () => [ours.publicKey]);
		}
		expect(cache.size).toBe(100);
	});
});
