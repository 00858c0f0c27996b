import { BlockList, isIP } from 'node:net';
import fc, { type Arbitrary } from 'fast-check';
import { isAllowedSource } from '../../nodes/core/sourceIp';
import { check } from '../../testkit/hostile/fuzz.mts';

/** One address as the number it is, and the texts that mean it. */
interface Address {
	family: 'ipv4' | 'ipv6';
	bits: bigint;
}

const WIDTH = { ipv4: 32, ipv6: 128 };

const v4Text = (bits: bigint) =>
	[24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');

/** The ways to write an address: v6 with all its zeros, without them, shortened, in capitals, ending as v4. */
function textsOf({ family, bits }: Address): string[] {
	if (family === 'ipv4') return [v4Text(bits)];
	const groups = bits.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
	const plain = groups.map((group) => group.replace(/^0{1,3}/, '')).join(':');
	return [
		groups.join(':'),
		plain,
		plain.toUpperCase(),
		new URL(`http://[${plain}]`).hostname.slice(1, -1),
		`${groups.slice(0, 6).join(':')}:${v4Text(bits & 0xffffffffn)}`,
	];
}

const isMapped = ({ family, bits }: Address) => family === 'ipv6' && bits >> 32n === 0xffffn;

const family = fc.constantFrom<Address['family']>('ipv4', 'ipv6');

function addressOf(kind: Address['family']): Arbitrary<Address> {
	const most = (1n << BigInt(WIDTH[kind])) - 1n;
	return fc
		.oneof(fc.bigInt(0n, most), fc.constantFrom(0n, 1n, most, most >> 1n, 0xffffn << 32n))
		.map((bits) => ({ family: kind, bits: bits & most }))
		.filter((address) => !isMapped(address));
}

/** A network, and an address that is in it, or nearly. */
const nearby = family.chain((kind) =>
	fc
		.tuple(
			addressOf(kind),
			addressOf(kind),
			fc.nat(WIDTH[kind]),
			fc.nat(WIDTH[kind] - 1),
			fc.boolean(),
		)
		.map(([network, far, prefix, bit, isNear]) => {
			const near = { family: kind, bits: network.bits ^ (1n << BigInt(bit)) };
			return { network, prefix, sender: isNear && !isMapped(near) ? near : far };
		}),
);

it('means the same senders by a network as Node, however both are written', () => {
	check(
		fc.property(nearby, fc.nat(), fc.nat(), ({ network, prefix, sender }, one, other) => {
			const known = new BlockList();
			known.addSubnet(textsOf(network)[0] ?? '', prefix, network.family);
			const isIn = known.check(textsOf(sender)[0] ?? '', sender.family);
			const [networks, senders] = [textsOf(network), textsOf(sender)];
			const entry = `${networks[one % networks.length]}/${prefix}`;
			const address = senders[other % senders.length];
			expect([entry, address, isAllowedSource(entry, address)]).toEqual([entry, address, isIn]);
		}),
	);
});

/** The first and the last address of a network, and those just before and after it. */
function edgesOf({
	network: { family: kind, bits },
	prefix,
}: {
	network: Address;
	prefix: number;
}) {
	const size = 1n << BigInt(WIDTH[kind] - prefix);
	const [first, most] = [(bits / size) * size, (1n << BigInt(WIDTH[kind])) - 1n];
	return [first, first + size - 1n, first - 1n, first + size]
		.filter((edge) => edge >= 0n && edge <= most)
		.map((edge): Address => ({ family: kind, bits: edge }))
		.filter((address) => !isMapped(address));
}

it('means the same senders by a list of networks and addresses as Node, to their edges', () => {
	check(
		fc.property(
			fc.array(nearby, { minLength: 1, maxLength: 8 }),
			fc.array(fc.constantFrom('nonsense', '1.2.3', '::/129', '*', ''), { maxLength: 3 }),
			fc.constantFrom(',', ', ', '\n', ' , '),
			(networks, nonsense, separator) => {
				// One for each: in a list of both, Node takes every IPv4 address for a part of ::/0. Here nobody is.
				const known = { ipv4: new BlockList(), ipv6: new BlockList() };
				const entries = networks.map(({ network, prefix }) => {
					const [text = ''] = textsOf(network);
					known[network.family].addSubnet(text, prefix, network.family);
					return `${text}/${prefix}`;
				});
				const list = [...nonsense, ...entries, ...nonsense].join(separator);
				for (const sender of networks.flatMap((one) => [one.sender, ...edgesOf(one)])) {
					const [address = ''] = textsOf(sender);
					const isIn = known[sender.family].check(address, sender.family);
					expect([list, address, isAllowedSource(list, address)]).toEqual([list, address, isIn]);
				}
			},
		),
	);
});

it('means one address by an entry without a prefix', () => {
	check(
		fc.property(nearby, ({ network, sender }) => {
			const [entry = ''] = textsOf(network);
			for (const text of textsOf(network)) expect(isAllowedSource(entry, text)).toBe(true);
			const isSame = network.bits === sender.bits;
			for (const text of textsOf(sender)) expect(isAllowedSource(entry, text)).toBe(isSame);
		}),
	);
});

it('means the same by IPv4 and by IPv4 in the form of IPv6', () => {
	const v4 = nearby.filter(({ network }) => network.family === 'ipv4');
	check(
		fc.property(v4, ({ network, sender, prefix }) => {
			const isIn = isAllowedSource(`${v4Text(network.bits)}/${prefix}`, v4Text(sender.bits));
			const mapped = (bits: bigint) => `::ffff:${v4Text(bits)}`;
			const entries = [
				`${v4Text(network.bits)}/${prefix}`,
				`${mapped(network.bits)}/${prefix + 96}`,
				`::FFFF:${(network.bits >> 16n).toString(16)}:${(network.bits & 0xffffn).toString(16)}/${prefix + 96}`,
			];
			for (const entry of entries) {
				expect(isAllowedSource(entry, mapped(sender.bits))).toBe(isIn);
				expect(isAllowedSource(entry, v4Text(sender.bits))).toBe(isIn);
			}
		}),
	);
});

it('reads as an address what Node reads as one, and nothing else', () => {
	const nearlyAddress = fc.oneof(
		fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF:.x'), maxLength: 40 }),
		fc
			.array(fc.constantFrom('::', ':', '.', '0', '1', 'ffff', '255', '256', '1.2.3.4'), {
				maxLength: 10,
			})
			.map((parts) => parts.join('')),
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

it('opens to nobody by entries that are none, and by one among them to that address alone', () => {
	const word = fc.stringMatching(/^[g-zG-Z!*_~\\@-]{1,8}$/);
	const address = fc.oneof(fc.ipV4(), fc.ipV6());
	const nonsense = fc.oneof(
		word,
		fc.tuple(fc.ipV4(), fc.integer({ min: 33 })).map(([ip, prefix]) => `${ip}/${prefix}`),
		fc.tuple(fc.ipV6(), fc.integer({ min: 129 })).map(([ip, prefix]) => `${ip}/${prefix}`),
		fc.tuple(address, fc.integer({ max: -1 })).map(([ip, prefix]) => `${ip}/${prefix}`),
		fc.tuple(address, fc.constantFrom('', '/'), word).map((parts) => parts.join('')),
		fc.tuple(word, address, fc.constantFrom('', '/0', '/8')).map((parts) => parts.join('')),
		fc
			.tuple(address, fc.constantFrom(':', '::', '.', '/', '/0/0', '//0', '/0.'))
			.map((parts) => parts.join('')),
	);
	check(
		fc.property(fc.array(nonsense, { minLength: 1 }), nearby, (entries, { network, sender }) => {
			const [listed = ''] = textsOf(network);
			const [other = ''] = textsOf(sender);
			const list = entries.join(', ');
			expect(isAllowedSource(list, listed)).toBe(false);
			expect(isAllowedSource(`${list}, ${listed}`, listed)).toBe(true);
			expect(isAllowedSource(`${list}, ${listed}`, other)).toBe(network.bits === sender.bits);
		}),
	);
});
