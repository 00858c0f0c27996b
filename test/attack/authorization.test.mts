import {
	arrive,
	expectDelivered,
	expectRefused,
	guardPrototypes,
	targets,
	TOKEN,
	tokenName,
	withHeaders,
	withoutToken,
	type Target,
} from '../../testkit/fakes/arrival.mts';
import { Wire } from '../../testkit/hostile/wire.mts';

guardPrototypes();

const inHeader = targets.filter(({ provider }) => provider.token.in === 'header');
const bearerOf = ({ provider }: Target) => provider.token.bearer;

/** What the provider sends in front of its token. */
const prefixOf = (target: Target) => (bearerOf(target) === 'required' ? 'Bearer ' : '');

const SCHEMES = ['Basic', 'Digest', 'Token', 'Negotiate', 'OAuth', 'JWT', 'Key', 'Bear', 'Bearers'];

/** What looks like the scheme and is not: one word, then spaces, then the token. */
const NEARLY_BEARER = [
	`Bearer${TOKEN}`,
	`Bearer\t${TOKEN}`,
	`Bearer\n${TOKEN}`,
	`Bearer\u00a0${TOKEN}`,
	`Bearer\u2003${TOKEN}`,
	`Bearer:${TOKEN}`,
	`Bearer: ${TOKEN}`,
	`Bearer=${TOKEN}`,
	`Bearer, ${TOKEN}`,
	`Bearer "${TOKEN}"`,
	`Bearer token=${TOKEN}`,
	`Bearer Bearer ${TOKEN}`,
	`Bearer ${TOKEN} ${TOKEN}`,
	`Bearer ${TOKEN}, Bearer ${TOKEN}`,
	`Bearer ${TOKEN},${TOKEN}`,
	`Bearer ${TOKEN}; a=1`,
	`Bearer x, ${TOKEN}`,
	`Bearer\0 ${TOKEN}`,
	`Be\0arer ${TOKEN}`,
	`\uff22earer ${TOKEN}`,
	`"Bearer" ${TOKEN}`,
	`x Bearer ${TOKEN}`,
	` Bearer ${TOKEN}`,
	'Bearer',
	'Bearer ',
	'Bearer null',
	'Bearer undefined',
];

describe.each(inHeader)('$name', (target) => {
	it.each(SCHEMES.flatMap((scheme) => [scheme, scheme.toUpperCase()]))(
		'refuses the scheme %s',
		async (scheme) => {
			const inBase64 = Buffer.from(`:${TOKEN}`).toString('base64');
			for (const rest of [TOKEN, inBase64, `username="x", response="${TOKEN}"`]) {
				expectRefused(await arrive(target, withHeaders(target, `${scheme} ${rest}`)), 401);
			}
		},
	);

	it.each(NEARLY_BEARER)('refuses %j', async (value) => {
		expectRefused(await arrive(target, withHeaders(target, value)), 401);
	});

	it.each([
		['spaces', ' '],
		['more tokens', ` ${TOKEN}`],
		['more words', ' Bearer'],
		['commas', ', Bearer'],
	])('refuses Bearer and a megabyte of %s', async (_what, part) => {
		const more = part.repeat(1_000_000 / part.length);
		for (const value of [`Bearer${more}`, `Bearer ${TOKEN}${more}`, `Bearer${more}x`]) {
			expectRefused(await arrive(target, withHeaders(target, value)), 401);
		}
	});

	it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer '])(
		'takes "%s " before the token only where the provider has that word',
		async (word) => {
			const outcome = await arrive(target, withHeaders(target, `${word} ${TOKEN}`));
			if (bearerOf(target) === 'never') expectRefused(outcome, 401);
			else expectDelivered(target, outcome);
		},
	);

	it('takes the token alone only where the provider sends it alone', async () => {
		const outcome = await arrive(target, withHeaders(target, TOKEN));
		if (bearerOf(target) === 'required') expectRefused(outcome, 401);
		else expectDelivered(target, outcome);
	});

	it('finds its header whatever the case of the name', async () => {
		const bare = withoutToken(target);
		for (const name of [tokenName(target).toUpperCase(), tokenName(target).toLowerCase()]) {
			const rawHeaders = [...bare.rawHeaders, name, `${prefixOf(target)}${TOKEN}`];
			expectDelivered(target, await arrive(target, { ...bare, rawHeaders }));
		}
	});

	it.each<[string, string[], string[]]>([
		['twice', ['', ''], [TOKEN, TOKEN]],
		['beside a wrong one', ['', ''], [TOKEN, 'x']],
		['behind a wrong one', ['', ''], ['x', TOKEN]],
		['beside an empty one', ['', ''], [TOKEN, '']],
		['behind an empty one', ['', ''], ['', TOKEN]],
		['with and without Bearer', ['Bearer ', ''], [TOKEN, TOKEN]],
		['beside another scheme', ['', 'Basic '], [TOKEN, 'eDp5']],
		['in two halves', ['', ''], [TOKEN.slice(0, 9), TOKEN.slice(9)]],
	])('refuses the header when it is sent %s', async (_how, words, tokens) => {
		const values = tokens.map((token, index) => `${words[index] || prefixOf(target)}${token}`);
		const { rawHeaders, ...rest } = withHeaders(target, ...values);
		const name = tokenName(target);
		const inOtherCase = rawHeaders.map((text, index) =>
			text === name && index === rawHeaders.length - 2 ? name.toUpperCase() : text,
		);
		expectRefused(await arrive(target, { ...rest, rawHeaders }), 401);
		expectRefused(await arrive(target, { ...rest, rawHeaders: inOtherCase }), 401);
	});

	describe('behind the parser of Node', () => {
		let wire: Wire;
		beforeAll(async () => (wire = await Wire.open()));
		afterAll(async () => await wire.close());

		/** Lets header lines arrive as Node parses them; `refused` where n8n would never see them. */
		async function arriveOverWire(lines: string) {
			const { rawHeaders, refusedWith } = await wire.parse(
				lines
					.replaceAll('NAME', tokenName(target))
					.replaceAll('VALUE', `${prefixOf(target)}${TOKEN}`),
			);
			if (refusedWith !== undefined) return { refusedWith };
			const bare = withoutToken(target);
			return await arrive(target, { ...bare, rawHeaders: [...bare.rawHeaders, ...rawHeaders] });
		}

		it.each(['NAME: VALUE', 'NAME:VALUE', 'NAME: \t VALUE \t ', 'X: NAME\r\nNAME: VALUE'])(
			'takes %j',
			async (lines) => {
				const outcome = await arriveOverWire(lines);
				if ('refusedWith' in outcome) throw new Error(`Node answers ${outcome.refusedWith}.`);
				expectDelivered(target, outcome);
			},
		);

		it.each([
			'NAME: VALUE\r\nNAME: VALUE',
			'NAME: VALUE\r\nNAME: x',
			'NAME: x\r\nNAME: VALUE',
			'NAME:\r\nNAME: VALUE',
			'NAME: VALUE, VALUE',
			'NAME: VALUE,',
			'NAME: ,VALUE',
			'NAME: x, VALUE',
			'NAME: VALUE; q=1',
			'NAME: "VALUE"',
			'NAME: \xa0VALUE',
			'NAME: VALUE\xa0',
			'X-NAME: VALUE',
			'Trailer: NAME',
			'Connection: NAME\r\nX: VALUE',
		])('refuses %j', async (lines) => {
			const outcome = await arriveOverWire(lines);
			if ('refusedWith' in outcome) throw new Error(`Node answers ${outcome.refusedWith}.`);
			expectRefused(outcome, 401);
		});

		it.each<[string, number]>([
			['NAME:\r\n VALUE', 400],
			['NAME: VALUE\r\n x', 400],
			['NAME: VALUE\r\n\tx', 400],
			['NAME: VALUE\0', 400],
			['NAME: VALUE\rX: y', 400],
			['NAME: VALUE\n', 400],
			['NAME : VALUE', 400],
			['NA ME: VALUE', 400],
		])('never sees %j: Node answers %i itself', async (lines, status) => {
			expect(await arriveOverWire(lines)).toEqual({ refusedWith: status });
		});

		it('never sees a header of twenty thousand characters', async () => {
			const lines = `NAME: VALUE${'x'.repeat(20_000)}`;
			expect(await arriveOverWire(lines)).toEqual({ refusedWith: 431 });
		});
	});
});
