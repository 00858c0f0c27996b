import { createHash } from 'node:crypto';
import {
	arrive,
	documented,
	expectDelivered,
	expectRefused,
	guardPrototypes,
	targets,
	TOKEN,
	tokenName,
	whilePolluted,
	withoutToken,
	withQuery,
	withTokens,
	type Target,
} from '../../testkit/fakes/arrival.mts';

guardPrototypes();

/** A header's bytes as Node hands them over: one character for each. */
const asHeader = (text: string) => Buffer.from(text).toString('latin1');

const isInQuery = ({ provider }: Target) => provider.token.in === 'query';

/** Texts that are nearly the token, and texts that careless code takes for any. */
const WRONG: Record<string, string> = {
	'an empty text': '',
	'a space': ' ',
	'all but its last character': TOKEN.slice(0, -1),
	'all but its first character': TOKEN.slice(1),
	'its first character': TOKEN.slice(0, 1),
	'itself and one more': `${TOKEN}x`,
	'itself after one more': `x${TOKEN}`,
	'itself twice': TOKEN + TOKEN,
	'itself with another end': `${TOKEN.slice(0, -1)}F`,
	'itself in capitals': TOKEN.toUpperCase(),
	'itself in small letters': TOKEN.toLowerCase(),
	'itself backwards': [...TOKEN].reverse().join(''),
	'itself with a space inside': TOKEN.replace('_', ' '),
	'itself in quotes': `"${TOKEN}"`,
	'itself in a list': `["${TOKEN}"]`,
	'itself and a comma': `${TOKEN},`,
	'itself, percent-encoded once more': `%41${TOKEN.slice(1)}`,
	'itself in full-width letters': TOKEN.replace('A', '\uff21'),
	'itself with a Cyrillic letter': TOKEN.replace('a', '\u0430'),
	'itself in letters of the same low byte': [...TOKEN]
		.map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100))
		.join(''),
	'itself with a letter and a combining mark': TOKEN.replace('a', 'a\u0301'),
	'itself with a zero-width space': `${TOKEN.slice(0, 6)}\u200b${TOKEN.slice(6)}`,
	'itself and a null byte': `${TOKEN}\0`,
	'a null byte and itself': `\0${TOKEN}`,
	'itself with a null byte inside': `${TOKEN.slice(0, 6)}\0${TOKEN.slice(6)}`,
	'itself and a line end': `${TOKEN}\n`,
	'itself after another line': `x\n${TOKEN}`,
	'itself with a wildcard': `${TOKEN.slice(0, 6)}*`,
	'a wildcard': '*',
	'a pattern': '.*',
	'its digest': createHash('sha256').update(TOKEN).digest('hex'),
	'its digest, as bytes': createHash('sha256').update(TOKEN).digest().toString('latin1'),
	'itself in base64': Buffer.from(TOKEN).toString('base64'),
	undefined: 'undefined',
	null: 'null',
	true: 'true',
	'an object as text': '[object Object]',
	'the name of the credential field': 'token',
	'a quote that ends a query': "' OR '1'='1",
	'a megabyte': 'x'.repeat(1_000_000),
	'a megabyte that begins as itself': TOKEN.padEnd(1_000_000, 'x'),
	'a megabyte that ends as itself': TOKEN.padStart(1_000_000, 'x'),
	'a megabyte of spaces and nearly itself': `${TOKEN}x`.padStart(1_000_000, ' '),
};

describe.each(targets)('$name', (target) => {
	it('takes what its provider sends', async () => {
		expectDelivered(target, await arrive(target, documented(target)));
	});

	it('takes the token where it expects it, built by hand', async () => {
		expectDelivered(target, await arrive(target, withTokens(target, TOKEN)));
	});

	it('refuses a delivery without a token', async () => {
		expectRefused(await arrive(target, withoutToken(target)), 401);
	});

	it.each(Object.entries(WRONG))('refuses %s instead of the token', async (_what, text) => {
		const sent = isInQuery(target) ? text : asHeader(text);
		expectRefused(await arrive(target, withTokens(target, sent)), 401);
	});

	it.each<[string, string[]]>([
		['twice', [TOKEN, TOKEN]],
		['three times', [TOKEN, TOKEN, TOKEN]],
		['before a wrong one', [TOKEN, 'wrong']],
		['after a wrong one', ['wrong', TOKEN]],
		['before an empty one', [TOKEN, '']],
		['after an empty one', ['', TOKEN]],
	])('refuses the token when it is sent %s', async (_how, texts) => {
		expectRefused(await arrive(target, withTokens(target, ...texts)), 401);
	});

	it('answers the same, whatever is wrong', async () => {
		const outcomes = await Promise.all([
			...Object.values(WRONG).map((text) => arrive(target, withTokens(target, asHeader(text)))),
			arrive(target, withoutToken(target)),
			arrive(target, withTokens(target, TOKEN, TOKEN)),
			arrive(target, documented(target), { credential: 'none' }),
			arrive(target, documented(target), { credential: {} }),
		]);
		expect(
			new Set(outcomes.map(({ status, answer }) => JSON.stringify({ status, answer }))).size,
		).toBe(1);
	});
});

const PARAMETERS = [
	'token',
	'Token',
	'TOKEN',
	'key',
	'access_token',
	'authorization',
	'headerValue',
];
const HEADERS = [
	'Authorization',
	'Proxy-Authorization',
	'X-Authorization',
	'X-Webhook-Token',
	'X_Webhook_Token',
	'X-Webhook-Token2',
	'Token',
	'Cookie',
	'__proto__',
];

describe.each(targets)('the token in a wrong place: $name', (target) => {
	const bare = withoutToken(target);
	const own = tokenName(target);
	const isOther = (name: string) => name !== own;

	it.each(PARAMETERS.filter((name) => isOther(name) || !isInQuery(target)))(
		'is not looked for under the parameter %s',
		async (name) => {
			expectRefused(await arrive(target, withQuery(target, `${name}=${TOKEN}`)), 401);
		},
	);

	it.each(HEADERS.filter(isOther))('is not looked for in the header %s', async (name) => {
		for (const value of [TOKEN, `Bearer ${TOKEN}`, `token=${TOKEN}`, `${own}: ${TOKEN}`]) {
			const rawHeaders = [...bare.rawHeaders, name, value];
			expectRefused(await arrive(target, { ...bare, rawHeaders }), 401);
		}
	});

	it('is not looked for in a value that stands behind its name', async () => {
		const rawHeaders = [...bare.rawHeaders, 'X', own, TOKEN, 'Y'];
		expectRefused(await arrive(target, { ...bare, rawHeaders }), 401);
	});

	it('is not looked for in the body', async () => {
		const body = JSON.stringify({ token: TOKEN, headers: { [own]: TOKEN }, [own]: TOKEN });
		expectRefused(await arrive(target, { ...bare, body }), 401);
	});
});

describe.each(targets.filter(isInQuery))('the query string of $name', (target) => {
	it.each([
		`token[]=${TOKEN}`,
		`token[0]=${TOKEN}`,
		`token%5B%5D=${TOKEN}`,
		`token[]=${TOKEN}&token[]=${TOKEN}`,
		`token[token]=${TOKEN}`,
		`token[length]=1&token[0]=${TOKEN}`,
		`token[toString]=${TOKEN}`,
		`token[valueOf]=${TOKEN}`,
		`token[__proto__]=${TOKEN}`,
		`token[constructor][prototype][token]=${TOKEN}`,
		`__proto__[token]=${TOKEN}`,
		`constructor[prototype][token]=${TOKEN}`,
		`token=${TOKEN}&token[x]=1`,
		`token[x]=1&token=${TOKEN}`,
		`token=${TOKEN}&token`,
		`token.x=${TOKEN}`,
		`token%00=${TOKEN}`,
		`?token=${TOKEN}`,
		`token==${TOKEN}`,
		`token:${TOKEN}`,
		`token;${TOKEN}`,
		`a=1;token=${TOKEN}`,
		`token=${TOKEN};a=1`,
		`token=${TOKEN}%`,
		`token=${TOKEN}+`,
		`token=+${TOKEN}`,
		`token=${TOKEN}%ED%A0%80`,
	])('proves nothing as %s', async (query) => {
		expectRefused(await arrive(target, withQuery(target, query)), 401);
	});

	it.each([
		['parameters', 'a[b]=1&'],
		['equals signs', '='],
		['brackets', '[a]'],
		['percent signs', '%'],
		['escapes', '%00'],
	])('proves nothing with a hundred thousand %s in it', async (_what, part) => {
		const more = part.repeat(100_000);
		for (const query of [`${more}token=x`, `token${more}=${TOKEN}`, `token=${TOKEN}${more}x`]) {
			expectRefused(await arrive(target, withQuery(target, query)), 401);
		}
	});

	it('may hold other things beside the token', async () => {
		for (const query of [
			`a=1&token=${TOKEN}`,
			`token=${TOKEN}&token2=x&TOKEN=y&__proto__[token]=z`,
		]) {
			expectDelivered(target, await arrive(target, withQuery(target, query)));
		}
	});

	it('is looked into under the name that the credential sets, and under no inherited one', async () => {
		for (const parameterName of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
			const credential = { token: TOKEN, parameterName };
			expectRefused(await arrive(target, documented(target), { credential }), 401);
		}
		const credential = { token: TOKEN, parameterName: 'toString' };
		const arrival = withQuery(target, `toString=${TOKEN}`);
		expectDelivered(target, await arrive(target, arrival, { credential }));
	});
});

describe.each(targets)('a credential of $name', (target) => {
	const { field } = target.provider.token;

	it.each<[unknown, string]>([
		['', ''],
		['   ', '   '],
		['\0', ''],
		['\u200b', ''],
		[null, 'null'],
		[undefined, 'undefined'],
		[0, '0'],
		[12345678, '12345678'],
		[true, 'true'],
		[[TOKEN], TOKEN],
		[{ token: TOKEN }, TOKEN],
		[{}, '[object Object]'],
		[{ toString: () => TOKEN }, TOKEN],
	])('that holds %j instead of a token proves nothing', async (held, sent) => {
		for (const credential of [{ [field]: held }, { [field]: held, previousToken: held }]) {
			for (const text of [sent, '', TOKEN]) {
				expectRefused(await arrive(target, withTokens(target, text), { credential }), 401);
			}
			expectRefused(await arrive(target, withoutToken(target), { credential }), 401);
		}
	});

	it('accepts nothing of its other fields, nor of those of other providers', async () => {
		const others = [
			'token',
			'headerValue',
			'webhookToken',
			'refreshToken',
			'accessToken',
			'apiKey',
		];
		for (const other of others.filter((name) => name !== field)) {
			const credential = { [field]: 'another-token-0123456789', [other]: TOKEN };
			expectRefused(await arrive(target, withTokens(target, TOKEN), { credential }), 401);
		}
	});

	it('accepts nothing that it only inherits', async () => {
		const credential: Record<string, unknown> = {};
		Object.setPrototypeOf(credential, { [field]: TOKEN, previousToken: TOKEN });
		expectRefused(await arrive(target, withTokens(target, TOKEN), { credential }), 401);
	});

	it('accepts nothing that every object inherits, nor finds it there', async () => {
		const values = { [field]: TOKEN, previousToken: TOKEN, [tokenName(target)]: TOKEN };
		const [bare, right] = [withoutToken(target), documented(target)];
		const outcomes = await whilePolluted(values, async () => [
			await arrive(target, bare),
			await arrive(target, bare, { credential: {} }),
			await arrive(target, right, { credential: {} }),
		]);
		for (const outcome of outcomes) expectRefused(outcome, 401);
	});

	it('accepts the previous token beside the token, each exactly', async () => {
		const previousToken = 'Previous-token_0123456789';
		const credential = { ...target.sender.credentialData(TOKEN), previousToken };
		for (const text of [TOKEN, previousToken]) {
			expectDelivered(target, await arrive(target, withTokens(target, text), { credential }));
		}
		for (const text of [
			TOKEN + previousToken,
			`${TOKEN},${previousToken}`,
			previousToken.slice(1),
		]) {
			expectRefused(await arrive(target, withTokens(target, text), { credential }), 401);
		}
		const both = withTokens(target, TOKEN, previousToken);
		expectRefused(await arrive(target, both, { credential }), 401);
	});
});
