import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { isAllowedSource } from '../../nodes/core/sourceIp';
import { check } from '../../testkit/hostile/fuzz.mts';

const V4 = '203.0.113.6';
const V6 = '2001:db8::6';

it.each([undefined, null, '', '  ', '\t\n', [], ['']])('the list %j allows everyone', (list) => {
	for (const address of [V4, V6, '', undefined]) expect(isAllowedSource(list, address)).toBe(true);
});

it.each<[unknown, string[], string[]]>([
	[V4, [V4], ['203.0.113.7', V6]],
	['203.0.113.7/31', [V4, '203.0.113.7'], ['203.0.113.5', '203.0.113.8']],
	['0.0.0.0/0', [V4, '0.0.0.0', '255.255.255.255', `::ffff:${V4}`], [V6, '::', '::1']],
	['2001:db8::/32', [V6, '2001:db8:ffff::1'], ['2001:db9::1', V4]],
	['::/0', [V6, '::', '::1', 'fe80::1%eth0'], [V4, `::ffff:${V4}`, '0.0.0.0']],
	['2001:DB8::6', ['2001:db8:0:0:0:0:0:6', '2001:0db8::0006', `${V6}%1`], ['2001:db8::60']],
	['64:ff9b::203.0.113.6', ['64:ff9b::cb00:7106'], [V4]],
	[V4, [`::ffff:${V4}`, '::FFFF:cb00:7106'], [`::${V4}`, `64:ff9b::${V4}`, `::ffff:0:${V4}`]],
	[`::ffff:${V4}`, [V4, `::ffff:${V4}`], ['203.0.113.7', `::${V4}`]],
	[`::ffff:${V4}/127`, [V4, '203.0.113.7'], ['203.0.113.8']],
	['::ffff:0:0/96', [V4, '255.255.255.255'], [V6, '::']],
	['::fffe:0:0/95', ['::fffe:0:0'], [V4]],
	[`198.51.100.1, ${V4}`, ['198.51.100.1', V4], [V6]],
	[`\n,, ${V6}\t${V4},`, [V4, V6], ['::1']],
	[[V4, V6], [V4, V6], ['::1']],
	[`office, ${V4}, 300.0.0.0/8`, [V4], ['203.0.113.7']],
])('the list %j allows %j, and not %j', (list, allowed, refused) => {
	for (const address of allowed) expect([address, isAllowedSource(list, address)]).toContain(true);
	for (const address of refused) expect([address, isAllowedSource(list, address)]).toContain(false);
});

/** Entries that programs read in different ways, or that mean nothing. */
const UNREADABLE = `
	* any 0 / /0 //0 : ::: ::/ ::/x ::/-1 ::/129 ::/0x0 ::/0000 ::/0/0 ::0::/0 :::/0 ::%/0 ::%eth0/0
	[::]/0 [::] 0/0 0.0.0/0 0.0.0.0/ 0.0.0.0/33 0.0.0.0/+0 0.0.0.0/1e0 0.0.0.0/٠ 0.0.0.0\\0 0.0.0.0:0
	0.0.0.0-255.255.255.255 !203.0.113.6 203.0.113.* 203.0.113 .203.0.113.6 203.0.113.6. 203.0.113.06
	0xcb.0.0x71.6 3405803782 0xcb007106 203.0.113.6\u200b ２０３.0.113.6 1e1.0.0.0 256.0.0.0/0
	::ffff:203.0.113.256 203.0.113.6:: ::203.0.113.6:1 2001:db8::g 2001:db8 12001:db8::6
	1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7:8:: localhost http://203.0.113.6 __proto__ \0 \ud800
`
	.trim()
	.split(/\s+/);

it.each([
	...UNREADABLE,
	UNREADABLE.join(', '),
	...[',', [','], [[], []], {}, [{}], 0, 42, true, Number.NaN],
])('the list %j allows nobody', (list) => {
	for (const address of [V4, V6, '::', '::1', '0.0.0.0', '255.255.255.255', '127.0.0.1']) {
		expect([address, isAllowedSource(list, address)]).toContain(false);
	}
});

it.each([
	...[undefined, '', ' ', 'unknown', `${V4}, 10.0.0.1`, `${V4}:443`, '203.0.113.006', `[${V6}]`],
	...[`${V4}/0`, '::/0', '%', '%eth0', `::ffff:${V4}:1`, '\0'],
])('the address %j is on no list', (address) => {
	expect(isAllowedSource(`${V4}, ${V6}, 0.0.0.0/0, ::/0`, address)).toBe(false);
});

it.each<['ipv4' | 'ipv6', number, bigint, (bits: bigint) => string]>([
	[
		'ipv4',
		32,
		0xcb00710fn,
		(bits) => [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.'),
	],
	[
		'ipv6',
		128,
		0x20010db8_12345678_9abcdef0_0fedcba9n,
		(bits) => (bits.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':'),
	],
])('every prefix of %s means the same senders as in Node', (family, width, network, text) => {
	const most = (1n << BigInt(width)) - 1n;
	for (let prefix = 0; prefix <= width; prefix += 1) {
		const known = new BlockList();
		known.addSubnet(text(network), prefix, family);
		const size = 1n << BigInt(width - prefix);
		const first = (network / size) * size;
		const flipped = Array.from({ length: width }, (_, bit) => network ^ (1n << BigInt(bit)));
		const edges = [first, first + size - 1n, first - 1n, first + size];
		const senders = [0n, most, ...flipped, ...edges.filter((edge) => edge >= 0n && edge <= most)];
		const differing = senders
			.map(text)
			.filter(
				(sender) =>
					isAllowedSource(`${text(network)}/${prefix}`, sender) !== known.check(sender, family),
			);
		expect([prefix, ...differing]).toEqual([prefix]);
	}
});

it('reads as an address what Node reads as one, and nothing else', () => {
	const parts = ['::', ':', '.', '0', '1', 'ffff', '255', '256', '1.2.3.4'];
	const nearlyAddress = fc.oneof(
		fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF:.x'), maxLength: 40 }),
		fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((chosen) => chosen.join('')),
		fc.ipV4(),
		fc.ipV4Extended(),
		fc.ipV6(),
	);
	check(
		fc.property(nearlyAddress, (text) => {
			fc.pre(text !== '');
			expect([text, isAllowedSource(text, text)]).toEqual([text, isIP(text) !== 0]);
		}),
	);
});

it('a list of a hundred thousand entries is read in time', () => {
	const list = Array.from(
		{ length: 100_000 },
		(_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
	).join();
	expect(isAllowedSource(list, '10.1.134.159')).toBe(true);
	expect(isAllowedSource(list, '10.1.134.160')).toBe(false);
});

it.each(['9', '.', ':', '1:', '/', '0'])('a hundred thousand %j are no address', (part) => {
	const long = part.repeat(100_000);
	expect(isAllowedSource(`${long}, ${long}::/0, ::/${long}, 0.0.0.0/${long}`, V6)).toBe(false);
	expect(isAllowedSource('0.0.0.0/0, ::/0', long)).toBe(false);
});
