import {
	arrive,
	documented,
	expectDelivered,
	expectRefused,
	guardPrototypes,
	targets,
	withTokens,
} from '../../testkit/fakes/arrival.mts';

guardPrototypes();

const [V4, V4_NEXT] = ['203.0.113.6', '203.0.113.7'];
const [V6, V6_NEXT] = ['2001:db8::6', '2001:db8::7'];
const ANYONE = [
	V4,
	V6,
	'127.0.0.1',
	'::1',
	'0.0.0.0',
	'::',
	'255.255.255.255',
	'10.0.0.1',
	'fe80::1',
];

/** Entries that no reader understands alike, or that mean nothing at all. */
const NONSENSE = [
	'*',
	'all',
	'any',
	'0',
	'/',
	'/0',
	'//0',
	':',
	'::/',
	'::/x',
	'::/-1',
	'::/129',
	'::/0x0',
	'::/00000',
	'::/0/0',
	'::0::/0',
	':::/0',
	'::%/0',
	'::%eth0/0',
	'[::]/0',
	'[::]',
	'0/0',
	'0.0/0',
	'0.0.0/0',
	'0.0.0.0/',
	'0.0.0.0/33',
	'0.0.0.0/-0',
	'0.0.0.0/+0',
	'0.0.0.0/0.0',
	'0.0.0.0/1e0',
	'0.0.0.0/٠',
	'0.0.0.0/0.0.0.0',
	'0.0.0.0\\0',
	'0.0.0.0:0',
	'0.0.0.0-255.255.255.255',
	'0.0.0.0/0;',
	'!203.0.113.1',
	'203.0.113.*',
	'203.0.113',
	'203.0.113.',
	'.203.0.113.6',
	'203.0.113.6.',
	'203.0.113.06',
	'0xcb.0.0x71.6',
	'0313.0.0161.06',
	'3405803782',
	'0xcb007106',
	'203.0.113.6\u200b',
	'٢٠٣.٠.١١٣.٦',
	'２０３.0.113.6',
	'203。0。113。6',
	'1e1.0.0.0',
	'-1.0.0.0',
	'256.0.0.0/0',
	'::ffff:203.0.113.256',
	'::ffff:203.0.113',
	'203.0.113.6::',
	'::203.0.113.6:1',
	'2001:db8::g',
	'2001:db8:::6',
	'2001:db8',
	'12001:db8::6',
	'1:2:3:4:5:6:7:8:9',
	'1:2:3:4:5:6:7',
	'1:2:3:4:5:6:7:8::',
	'localhost',
	'example.com',
	'http://203.0.113.6',
	'null',
	'undefined',
	'NaN',
	'true',
	'__proto__',
	'constructor',
	'<b>203.0.113.6</b>',
	'"203.0.113.6"',
	"' OR 1=1",
	'\0',
	'\u200b',
	'\ud800',
];

describe.each(targets)('$name', (target) => {
	const arriveFrom = (ip: string, ipAllowlist: unknown) =>
		arrive(target, documented(target), { ip, parameters: { options: { ipAllowlist } } });

	it('opens to nobody by an entry of nonsense', async () => {
		for (const entry of NONSENSE) {
			for (const ip of [V4, V6]) expectRefused(await arriveFrom(ip, entry), 403);
		}
	});

	it('opens to nobody by all nonsense together, and by what is readable beside it to that alone', async () => {
		const nonsense = NONSENSE.join(', ');
		expectRefused(await arriveFrom(V4, nonsense), 403);
		for (const list of [`${nonsense}, ${V4}`, `${V4}, ${nonsense}`]) {
			expectDelivered(target, await arriveFrom(V4, list));
			for (const ip of [V4_NEXT, V6]) expectRefused(await arriveFrom(ip, list), 403);
		}
	});

	it.each([',', ' , ,', '\n,\n', [','], [[], []], {}, [{}], 0, 42, true, false, Number.NaN])(
		'opens to nobody by the list %j',
		async (list) => {
			for (const ip of ANYONE) expectRefused(await arriveFrom(ip, list), 403);
		},
	);

	it.each([undefined, null, '', '  ', '\t\n', [], ['']])(
		'is open to all by the list %j',
		async (list) => {
			for (const ip of [...ANYONE, '', 'unknown'])
				expectDelivered(target, await arriveFrom(ip, list));
		},
	);

	it('asks the address before the token', async () => {
		const options = { ipAllowlist: V4 };
		const wrong = withTokens(target, 'wrong');
		expectRefused(await arrive(target, wrong, { ip: V4_NEXT, parameters: { options } }), 403);
		expectRefused(await arrive(target, wrong, { ip: V4, parameters: { options } }), 401);
	});
});

const [target] = targets;
if (!target) throw new Error('There is no trigger.');

const mayArrive = async (ip: string, ipAllowlist: unknown) => {
	const outcome = await arrive(target, documented(target), {
		ip,
		parameters: { options: { ipAllowlist } },
	});
	if (outcome.status === 200) expectDelivered(target, outcome);
	else expectRefused(outcome, 403);
	return outcome.status === 200;
};

it.each(NONSENSE)('the entry %j opens the list to nobody', async (entry) => {
	for (const ip of ANYONE) expect([ip, await mayArrive(ip, entry)]).toEqual([ip, false]);
});

it.each([
	['digits', '9'],
	['dots', '.'],
	['colons', ':'],
	['groups', '1:'],
	['slashes', '/'],
	['a prefix of zeros', '0'],
])(
	'an entry of a hundred thousand characters opens the list to nobody: %s',
	async (_what, part) => {
		const long = part.repeat(100_000 / part.length);
		for (const entry of [long, `0.0.0.0/${long}`, `::/${long}`, `${long}::/0`]) {
			for (const ip of ANYONE) expect([ip, await mayArrive(ip, entry)]).toEqual([ip, false]);
		}
		expect(await mayArrive(long, `${V4}, 0.0.0.0/0, ::/0`)).toBe(false);
	},
);

it.each<[string, string[], string[]]>([
	['203.0.113.6/32', [V4], [V4_NEXT, '203.0.113.5']],
	['203.0.113.6/31', [V4, V4_NEXT], ['203.0.113.5', '203.0.113.8']],
	['203.0.113.7/31', [V4, V4_NEXT], ['203.0.113.5', '203.0.113.8']],
	['128.0.0.0/1', [V4, '128.0.0.0', '255.255.255.255'], ['127.255.255.255', '0.0.0.0']],
	['0.0.0.0/0', [V4, '0.0.0.0', '255.255.255.255', `::ffff:${V4}`], [V6, '::', '::1']],
	['203.0.113.6/0', ['0.0.0.0', '255.255.255.255'], ['::']],
	['2001:db8::6/128', [V6], [V6_NEXT, '2001:db8::5']],
	['2001:db8::6/127', [V6, V6_NEXT], ['2001:db8::5', '2001:db8::8']],
	['2001:db8::7/127', [V6, V6_NEXT], ['2001:db8::5', '2001:db8::8']],
	['8000::/1', ['ffff::', '8000::'], ['7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', V6]],
	['::/0', [V6, '::', '::1', 'fe80::1%eth0'], [V4, `::ffff:${V4}`, '0.0.0.0']],
	[
		V6,
		['2001:DB8:0:0:0:0:0:6', '2001:0db8::0006', `${V6}%1`],
		[V6_NEXT, '2001:db8::60', '2001:db8:6::'],
	],
	[
		V4,
		[`::ffff:${V4}`, '::FFFF:cb00:7106', '0:0:0:0:0:ffff:cb00:7106'],
		[`::${V4}`, `64:ff9b::${V4}`, `::ffff:0:${V4}`],
	],
	[`::ffff:${V4}`, [V4, `::ffff:${V4}`], [V4_NEXT, `::${V4}`]],
	['::ffff:203.0.113.6/127', [V4, V4_NEXT], ['203.0.113.8']],
	['::ffff:0:0/96', [V4, '0.0.0.0', '255.255.255.255'], [V6, '::', '::1']],
	[`::${V4}`, [`::${V4}`], [V4, `::ffff:${V4}`]],
])('by the list %s may %j, and not %j', async (list, may, mayNot) => {
	for (const ip of may) expect([ip, await mayArrive(ip, list)]).toEqual([ip, true]);
	for (const ip of mayNot) expect([ip, await mayArrive(ip, list)]).toEqual([ip, false]);
});

it.each([
	'',
	' ',
	'unknown',
	'203.0.113.6, 10.0.0.1',
	'203.0.113.6:443',
	'203.0.113.006',
	'[2001:db8::6]',
	'203.0.113.6/0',
	'::/0',
	'0.0.0.0/0',
	'%',
	'%eth0',
	'::ffff:203.0.113.6:1',
	'\u0000',
])('a sender whose address reads %j is nobody, once there is a list', async (ip) => {
	expect(await mayArrive(ip, `${V4}, ${V6}, 0.0.0.0/0, ::/0`)).toBe(false);
});

it.each(['\n', '\t', ' ', ',', ' ,\r\n '])('entries may be parted by %j', async (separator) => {
	const list = [V6, V4].join(separator);
	for (const ip of [V4, V6]) expect(await mayArrive(ip, list)).toBe(true);
	for (const ip of [V4_NEXT, V6_NEXT]) expect(await mayArrive(ip, list)).toBe(false);
});

it('a list of a hundred thousand entries is read in time, and as it is', async () => {
	const entries = Array.from(
		{ length: 100_000 },
		(_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
	);
	const list = entries.join(',');
	expect(await mayArrive('10.1.134.159', list)).toBe(true);
	expect(await mayArrive('10.1.134.160', list)).toBe(false);
});
