import { CREDENTIAL_KEPT_MS, CredentialCache, REREAD_AFTER_MS } from '../../nodes/core/credential';

const NOON = 1_700_000_000_000;

/** Credentials, and what n8n holds now; each read is counted. */
function credentials(held = 'first') {
	const kept = new CredentialCache<string>();
	const n8n = { held, reads: 0 };
	const read = async () => {
		n8n.reads++;
		return n8n.held;
	};
	return {
		kept,
		n8n,
		get: async (at: number, key = 'shop') => await kept.get(key, NOON + at, read),
		getNewest: async (at: number, key = 'shop') => await kept.getNewest(key, NOON + at, read),
	};
}

describe('a credential that was read', () => {
	it('is kept until its time is over, and no longer', async () => {
		const { n8n, get } = credentials();
		await get(0);
		n8n.held = 'second';
		expect(await get(CREDENTIAL_KEPT_MS - 1)).toBe('first');
		expect(await get(CREDENTIAL_KEPT_MS)).toBe('second');
		expect(n8n.reads).toBe(2);
	});

	it('is not kept longer when it is used meanwhile', async () => {
		const { n8n, get } = credentials();
		await get(0);
		n8n.held = 'second';
		await get(CREDENTIAL_KEPT_MS - 1);
		expect(await get(CREDENTIAL_KEPT_MS + 1)).toBe('second');
	});

	it('is shared by requests that come while it is read', async () => {
		const { n8n, get } = credentials();
		expect(await Promise.all([get(0), get(0), get(5)])).toEqual(['first', 'first', 'first']);
		expect(n8n.reads).toBe(1);
	});

	it('belongs to one trigger', async () => {
		const { n8n, get } = credentials();
		await get(0, 'shop');
		n8n.held = 'second';
		expect(await get(1, 'other shop')).toBe('second');
	});

	it('is read again when the clock was set back', async () => {
		const { n8n, get } = credentials();
		await get(0);
		n8n.held = 'second';
		expect(await get(-3_600_000)).toBe('second');
	});

	it('is forgotten when its time is over', async () => {
		const { kept, get } = credentials();
		for (const key of ['one', 'two', 'three']) await get(0, key);
		await get(CREDENTIAL_KEPT_MS, 'four');
		expect(kept.size).toBe(1);
	});
});

describe('a token that the kept credential does not prove', () => {
	it('makes it be read again at once', async () => {
		const { n8n, get, getNewest } = credentials();
		await get(0);
		n8n.held = 'second';
		await get(10);
		expect(await getNewest(10)).toBe('second');
		expect(await get(11)).toBe('second');
	});

	it('makes it be read again also in the same millisecond', async () => {
		const { n8n, get, getNewest } = credentials();
		await get(0);
		n8n.held = 'second';
		expect(await getNewest(0)).toBe('second');
	});

	it('does not make it be read again when that was done after it came', async () => {
		const { n8n, get, getNewest } = credentials();
		await get(1);
		await getNewest(0);
		expect(n8n.reads).toBe(1);
	});

	it('makes it be read again only so often', async () => {
		const { n8n, get, getNewest } = credentials();
		await get(0);
		for (let at = 1; at <= REREAD_AFTER_MS; at++) {
			await get(at);
			await getNewest(at);
		}
		expect(n8n.reads).toBe(2);
		await getNewest(REREAD_AFTER_MS + 1);
		expect(n8n.reads).toBe(3);
	});

	it('gets what was read for another one meanwhile', async () => {
		const { n8n, get, getNewest } = credentials();
		await get(0);
		n8n.held = 'second';
		expect(await Promise.all([getNewest(10), getNewest(10), getNewest(11)])).toEqual([
			'second',
			'second',
			'second',
		]);
		expect(n8n.reads).toBe(2);
	});
});

describe('a read that fails', () => {
	it('fails for all that wait for it, and is not kept', async () => {
		const kept = new CredentialCache<string>();
		const failing = async () => await Promise.reject(new Error('The database is locked.'));
		const waiting = [kept.get('shop', NOON, failing), kept.get('shop', NOON, failing)];
		const outcomes = await Promise.allSettled(waiting);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(await kept.get('shop', NOON, async () => 'read')).toBe('read');
	});

	it('leaves alone what was read after it began', async () => {
		const kept = new CredentialCache<string>();
		let fail: (error: Error) => void = () => {};
		const slow = kept.get('shop', NOON, () => new Promise((_, reject) => (fail = reject)));
		const later = NOON + CREDENTIAL_KEPT_MS;
		await kept.get('shop', later, async () => 'read');
		fail(new Error('The database is locked.'));
		await expect(slow).rejects.toThrow('locked');
		expect(await kept.get('shop', later, async () => 'read twice')).toBe('read');
	});
});
