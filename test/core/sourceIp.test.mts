import { BlockList } from 'node:net';
import { isAllowedSource } from '../../nodes/core/sourceIp';

describe('who may send', () => {
	it.each([undefined, null, '', '  ', [], ['']])('is everyone when the list is %j', (list) => {
		expect(isAllowedSource(list, '203.0.113.7')).toBe(true);
		expect(isAllowedSource(list, undefined)).toBe(true);
	});

	it.each<[string, string, boolean]>([
		['203.0.113.7', '203.0.113.7', true],
		['203.0.113.7', '203.0.113.8', false],
		['203.0.113.0/24', '203.0.113.255', true],
		['203.0.113.0/24', '203.0.114.0', false],
		['203.0.113.9/24', '203.0.113.1', true],
		['0.0.0.0/0', '198.51.100.1', true],
		['203.0.113.7/32', '203.0.113.7', true],
		['198.51.100.1, 203.0.113.7', '203.0.113.7', true],
		['198.51.100.1\n203.0.113.7', '203.0.113.7', true],
		['198.51.100.1,,203.0.113.7,', '203.0.113.7', true],
		['2001:db8::/32', '2001:db8:ffff::1', true],
		['2001:db8::/32', '2001:db9::1', false],
		['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
		['2001:db8::1', '2001:0db8::0001', true],
		['::1', '0:0:0:0:0:0:0:1', true],
		['fe80::1', 'fe80::1%eth0', true],
		['64:ff9b::203.0.113.7', '64:ff9b::cb00:7107', true],
		['::/0', '203.0.113.7', false],
		['0.0.0.0/0', '2001:db8::1', false],
	])('with the list %j, %s may: %s', (list, address, may) => {
		expect(isAllowedSource(list, address)).toBe(may);
	});

	it('may list IPv4 addresses and be reported in the form of a socket that serves both kinds', () => {
		expect(isAllowedSource('203.0.113.0/24', '::ffff:203.0.113.7')).toBe(true);
		expect(isAllowedSource('::ffff:203.0.113.7', '203.0.113.7')).toBe(true);
		expect(isAllowedSource('::ffff:203.0.113.0/120', '203.0.113.7')).toBe(true);
		expect(isAllowedSource('203.0.113.0/24', '::ffff:198.51.100.1')).toBe(false);
	});

	it.each([
		'proxy.example.com',
		'203.0.113.256',
		'203.0.113',
		'203.0.113.7.1',
		'0203.0.113.7',
		'203.0.113.7/33',
		'203.0.113.7/',
		'203.0.113.7/-1',
		'203.0.113.7/8/8',
		'203.0.113.7/a',
		'/0',
		'*',
		'2001:db8::/129',
		'2001:db8::1::2',
		'2001:db8',
		'1:2:3:4:5:6:7:8:9',
		'1:2:3:4:5:6:7:8::',
		'12345::',
		'203.0.113.7::',
		':::',
		':',
		'::g',
	])('is nobody when all that is listed is %s', (list) => {
		for (const address of ['203.0.113.7', '2001:db8::1', '::', '0.0.0.0']) {
			expect(isAllowedSource(list, address)).toBe(false);
		}
	});

	it('skips what cannot be read beside what can', () => {
		expect(isAllowedSource('office, 203.0.113.7, 300.0.0.0/8', '203.0.113.7')).toBe(true);
		expect(isAllowedSource('office, 203.0.113.7, 300.0.0.0/8', '203.0.113.8')).toBe(false);
	});

	it.each([undefined, '', 'unknown', '203.0.113.7, 198.51.100.1'])(
		'is no sender whose address is %j, once there is a list',
		(address) => expect(isAllowedSource('203.0.113.7', address)).toBe(false),
	);

	it.each([[42], [true], [{ address: '203.0.113.7' }]])(
		'is nobody when the list is %j instead of a text',
		(list) => expect(isAllowedSource(list, '203.0.113.7')).toBe(false),
	);

	it('follows a list that the user changes', () => {
		expect(isAllowedSource('203.0.113.7', '203.0.113.7')).toBe(true);
		expect(isAllowedSource('198.51.100.1', '203.0.113.7')).toBe(false);
		expect(isAllowedSource('203.0.113.7', '203.0.113.7')).toBe(true);
	});
});

describe('every prefix', () => {
	/** The senders of which the list and Node do not think the same. */
	function differences(family: 'ipv4' | 'ipv6', network: string, senders: string[]): string[] {
		const prefixes = Array.from({ length: family === 'ipv4' ? 33 : 129 }, (_, prefix) => prefix);
		return prefixes.flatMap((prefix) => {
			const known = new BlockList();
			known.addSubnet(network, prefix, family);
			return senders
				.filter(
					(sender) =>
						isAllowedSource(`${network}/${prefix}`, sender) !== known.check(sender, family),
				)
				.map((sender) => `${sender} in ${network}/${prefix}`);
		});
	}

	it('means the same IPv4 addresses to the list as to Node', () => {
		const flipped = Array.from({ length: 32 }, (_, bit) => {
			const address = (0xcb00710f ^ (1 << bit)) >>> 0;
			return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
		});
		const senders = ['203.0.113.15', '0.0.0.0', '255.255.255.255', ...flipped];
		expect(differences('ipv4', '203.0.113.15', senders)).toEqual([]);
	});

	it('means the same IPv6 addresses to the list as to Node', () => {
		const network = 0x20010db8_12345678_9abcdef0_0fedcba9n;
		const text = (address: bigint) =>
			(address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
		const flipped = Array.from({ length: 128 }, (_, bit) => text(network ^ (1n << BigInt(bit))));
		expect(differences('ipv6', text(network), [text(network), '::', ...flipped])).toEqual([]);
	});
});
