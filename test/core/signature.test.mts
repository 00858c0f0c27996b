import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';
import { UNAUTHORIZED } from '../../nodes/core/answers';
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
	readonly requests: IHttpRequestOptions[] = [];
	answer: () => unknown = () => ({ keys: [pem(ours)] });
	readonly baseUrl = `https://shop-${++servers}.example.com`;

	/** A delivery whose keys are here. */
	situation(more: Partial<Situation> = {}): Situation {
		return {
			parameters: { events: [ALL] },
			credential: { token: TOKEN, baseUrl: this.baseUrl },
			httpRequest: async (options) => {
				expect(options.url).toBe(`${this.baseUrl}/keys`);
				this.requests.push(options);
				return await this.answer();
			},
			...more,
		};
	}

	async deliver(situation: Partial<Situation>, provider = signing) {
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
	const bytes = Buffer.from(right, 'base64');

	const expectRefused = async (situation: Partial<Situation>, requests: number) => {
		const server = new KeyServer();
		const fake = fakeContext(server.situation({ body, rawHeaders: headers(right), ...situation }));
		expect(await receive(fake.context, signing)).toEqual({ noWebhookResponse: true });
		expect(fake.answer).toEqual(UNAUTHORIZED);
		expect(server.requests).toHaveLength(requests);
	};

	it.each<[string, Partial<Situation>]>([
		['one byte changed', { body: body.replace('395', '396') }],
		['its JSON serialized again', { body: JSON.stringify(JSON.parse(body)) }],
		['no body', { body: '' }],
		['a signature of another key', { rawHeaders: headers(signed(body, other)) }],
		['a shorter signature', { rawHeaders: headers(right.slice(0, -4)) }],
		['a longer signature', { rawHeaders: headers(`AAAA${right}`) }],
	])('is refused with %s', async (_what, situation) => await expectRefused(situation, 1));

	it.each<[string, string[]]>([
		['a multipart body', ['Content-Type', 'multipart/form-data', ...headers(right).slice(2)]],
		['a signature that is cut', headers(right.slice(0, -1))],
		['a signature in hexadecimal', headers(bytes.toString('hex').slice(1))],
		['a signature with other characters', headers(`${right.slice(0, -8)}%$#!____`)],
		['an endless signature', headers('A'.repeat(8_000))],
		['two signatures', headers(right, right)],
		['an empty signature', headers('')],
		['no signature', headers()],
		['the right signature and no token', ['X-Shop-Signature', right]],
		['the right signature and a wrong token', ['X-Shop-Token', 'x', 'X-Shop-Signature', right]],
	])('is refused with %s, before the keys are read', async (_what, rawHeaders) => {
		await expectRefused({ rawHeaders }, 0);
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
		const delivery = { body: call, rawHeaders: headers(signed(call)) };
		for (const mode of ['webhook', 'manual'] as const) {
			const parameters = { events: ['REFUND'] };
			const fake = fakeContext(server.situation({ ...delivery, parameters, mode }));
			expect(await receive(fake.context, provider)).toEqual({
				webhookResponse: { received: true, ignored: 'test' },
			});
		}
		const unsigned = await server.deliver({ body: call, rawHeaders: headers() }, provider);
		expect(unsigned).toEqual({ status: 401, items: 0 });
	});
});

describe('the list of keys', () => {
	afterEach(() => jest.useRealTimers());
	const later = (ms: number) =>
		jest.useFakeTimers({
			now: Date.now() + ms,
			doNotFake: ['nextTick', 'setImmediate', 'setTimeout'],
		});

	it('is read once an hour, in one request with a time limit, however slow it is', async () => {
		const server = new KeyServer();
		server.answer = async () => await sleep(50, { keys: [pem(ours)] });
		const deliveries = [1, 2, 3].map(async () => await server.statusWith());
		expect(await Promise.all(deliveries)).toEqual([200, 200, 200]);
		later(KEYS_KEPT_MS - 1000);
		await server.statusWith();
		const abortSignal: unknown = expect.any(AbortSignal);
		expect(server.requests).toEqual([
			expect.objectContaining({ timeout: 5000, abortSignal, disableFollowRedirect: true }),
		]);
		later(2000);
		expect(await server.statusWith()).toBe(200);
		expect(server.requests).toHaveLength(2);
	});

	it('is read again for an unknown signature, at most once a minute', async () => {
		const server = new KeyServer();
		expect(await server.statusWith()).toBe(200);
		server.answer = () => ({ keys: [pem(ours), pem(next)] });
		later(1000);
		expect(await server.statusWith(next)).toBe(200);
		expect(await server.statusWith(ours)).toBe(200);
		expect(server.requests).toHaveLength(2);
		for (let count = 0; count < 5; count++) {
			later(1000);
			expect(await server.statusWith(other)).toBe(401);
		}
		expect(server.requests).toHaveLength(2);
		later(REREAD_KEYS_AFTER_MS);
		server.answer = () => ({ keys: [pem(next)] });
		expect(await server.statusWith(other)).toBe(401);
		expect(server.requests).toHaveLength(3);
		expect(await server.statusWith(ours)).toBe(401);
		expect(await server.statusWith(next)).toBe(200);
		expect(server.requests).toHaveLength(3);
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
		expect(server.requests).toHaveLength(3);
		later(REREAD_KEYS_AFTER_MS);
		expect(await server.statusWith()).toBe(200);
		expect(server.requests).toHaveLength(4);
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
				error: expect.any(Error),
			});
			expect(await server.deliver(delivery)).toEqual({ status: 503, items: 0 });
			expect(server.requests).toHaveLength(2);
			server.answer = new KeyServer().answer;
			expect(await server.deliver(delivery)).toEqual({ status: 200, items: 1 });
		},
	);

	it('whose address the credential does not have is answered 503', async () => {
		const body = newBody();
		const delivery = { body, rawHeaders: headers(signed(body)), credential: { token: TOKEN } };
		expect(await new KeyServer().deliver(delivery)).toEqual({ status: 503, items: 0 });
	});

	it('is remembered for a limited number of addresses', async () => {
		const cache = new PublicKeyCache();
		for (let count = 0; count < 250; count++) {
			await cache.get(`https://${count}.example.com`, 0, async () => [ours.publicKey]);
		}
		expect(cache.size).toBe(100);
	});
});
