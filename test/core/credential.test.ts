import { CREDENTIAL_KEPT_MS, CredentialCache, REREAD_AFTER_MS } from '../../nodes/core/credential';

const NOON = 1_700_000_000_000;

/** A cache, and the credential in n8n; each read is counted. */
function setUp() {
	const cache = new CredentialCache<string>();
	const n8n = { value: 'first', reads: 0 };
	const read = async () => {
		n8n.reads++;
		return n8n.value;
	};
	return {
		cache,
		n8n,
		get: async (at: number, key = 'shop') => await cache.get(key, NOON + at, read),
		getNewest: async (at: number, key = 'shop') => await cache.getNewest(key, NOON + at, read),
	};
}

describe('a cached credential', () => {
	it('expires after a fixed time, whether it is used meanwhile or not', async () => {
		const { n8n, get } = setUp();
		await get(0);
		n8n.value = 'second';
		expect(await get(CREDENTIAL_KEPT_MS - 1)).toBe('first');
		expect(await get(CREDENTIAL_KEPT_MS)).toBe('second');
		expect(n8n.reads).toBe(2);
	});

	it('is shared by requests that come while it is read', async () => {
		const { n8n, get } = setUp();
		expect(await Promise.all([get(0), get(0), get(5)])).toEqual(['first', 'first', 'first']);
		expect(n8n.reads).toBe(1);
	});

	it.each([
		['for another key', 1, 'other shop'],
		['after the clock was set back', -3_600_000, 'shop'],
	])('is not used %s', async (_when, at, key) => {
		const { n8n, get } = setUp();
		await get(0);
		n8n.value = 'second';
		expect(await get(at, key)).toBe('second');
	});

	it('is removed after it expired', async () => {
		const { cache, get } = setUp();
		await get(0, 'one');
		await get(1, 'two');
		await get(CREDENTIAL_KEPT_MS, 'three');
		expect(cache.size).toBe(2);
	});
});

describe('a token that the cached credential rejects', () => {
	it.each([0, 10])('makes it be read again at once, here %i ms later', async (at) => {
		const { n8n, get, getNewest } = setUp();
		await get(0);
		n8n.value = 'second';
		await get(at);
		expect(await getNewest(at)).toBe('second');
		expect(await get(at + 1)).toBe('second');
	});

	it('does not make it be read again if it was read after the request came', async () => {
		const { n8n, get, getNewest } = setUp();
		await get(1);
		await getNewest(0);
		expect(n8n.reads).toBe(1);
	});

	it('makes it be read again only so often', async () => {
		const { n8n, get, getNewest } = setUp();
		await get(0);
		await getNewest(1);
		n8n.value = 'second';
		expect(await getNewest(REREAD_AFTER_MS)).toBe('first');
		expect(await getNewest(REREAD_AFTER_MS + 1)).toBe('second');
		expect(n8n.reads).toBe(3);
	});

	it('shares the read with other such tokens', async () => {
		const { n8n, get, getNewest } = setUp();
		await get(0);
		n8n.value = 'second';
		const newest = await Promise.all([getNewest(10), getNewest(10), getNewest(11)]);
		expect(newest).toEqual(['second', 'second', 'second']);
		expect(n8n.reads).toBe(2);
	});
});

describe('a failed read', () => {
	it('fails for everyone who waits for it, and is not cached', async () => {
		const { cache } = setUp();
		const fail = async () => await Promise.reject(new Error('The database is locked.'));
		const waiting = [cache.get('shop', NOON, fail), cache.get('shop', NOON, fail)];
		const outcomes = await Promise.allSettled(waiting);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(await cache.get('shop', NOON, async () => 'read')).toBe('read');
	});

	it('does not remove what was read after it began', async () => {
		const { cache } = setUp();
		let fail: (error: Error) => void = () => {};
		const slow = cache.get('shop', NOON, () => new Promise((_, reject) => (fail = reject)));
		const later = NOON + CREDENTIAL_KEPT_MS;
		await cache.get('shop', later, async () => 'read');
		fail(new Error('The database is locked.'));
		await expect(slow).rejects.toThrow('locked');
		expect(await cache.get('shop', later, async () => 'read twice')).toBe('read');
	});
});
