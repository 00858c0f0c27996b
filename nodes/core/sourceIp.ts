/** A range of addresses: IPv4 ones are within `::ffff:0:0/96`, where they stand in IPv6. */
interface Network {
	address: bigint;
	prefix: number;
}

const IPV4_PREFIX = 96;

/**
 * Step 1: whether a request may come from this address.
 *
 * @param allowlist the user's text: addresses and CIDR blocks, v4 and v6, comma separated. Blank: everyone may.
 * @param address the sender's address as n8n knows it (`req.ip`)
 *
 * Unreadable entries are skipped; a list without one readable entry refuses everyone.
 */
export function isAllowedSource(allowlist: unknown, address: string | undefined): boolean {
	const text = listText(allowlist);
	if (text === '') return true;
	const sender = parseAddress((address ?? '').replace(/%.*$/, ''));
	if (sender === undefined) return false;
	return parseNetworks(text).some((network) => contains(network, sender));
}

/** Whether a list has an entry that is an address or a CIDR block. */
export const hasReadableEntry = (allowlist: unknown): boolean =>
	parseNetworks(listText(allowlist)).length > 0;

function listText(allowlist: unknown): string {
	if (allowlist === undefined || allowlist === null) return '';
	return (Array.isArray(allowlist) ? allowlist.join(',') : String(allowlist)).trim();
}

const parseNetworks = (text: string): Network[] =>
	text.split(/[,\s]+/).flatMap((entry) => parseNetwork(entry) ?? []);

function contains(network: Network, sender: bigint): boolean {
	// An IPv6 network such as ::/0 means no IPv4 sender.
	if (isIpv4(sender) && network.prefix < IPV4_PREFIX) return false;
	const ignored = BigInt(128 - network.prefix);
	return network.address >> ignored === sender >> ignored;
}

const isIpv4 = (address: bigint) => address >> 32n === 0xffffn;

function parseNetwork(entry: string): Network | undefined {
	const [text = '', bits, ...rest] = entry.split('/');
	const address = parseAddress(text);
	if (address === undefined || rest.length > 0) return undefined;
	if (bits === undefined) return { address, prefix: 128 };
	const prefix = Number(bits) + (text.includes(':') ? 0 : IPV4_PREFIX);
	return /^\d{1,3}$/.test(bits) && prefix <= 128 ? { address, prefix } : undefined;
}

/** The 128 bits of an address. IPv4 has the form `::ffff:1.2.3.4`, as sockets that serve both kinds report it. */
function parseAddress(text: string): bigint | undefined {
	const isV4 = /^\d+(\.\d+){3}$/.test(text);
	if (!isV4 && !/^[\da-f:.]*:[\da-f:.]*$/i.test(text)) return undefined;
	const url = `http://[${isV4 ? `::ffff:${text}` : text}]`;
	if (!URL.canParse(url)) return undefined;
	// As a URL has it, an address has no IPv4 in it and at most one `::`.
	const [head = [], tail = []] = new URL(url).hostname
		.slice(1, -1)
		.split('::')
		.map((half) => half.split(':').filter((group) => group !== ''));
	const zeros = new Array<string>(8 - head.length - tail.length).fill('0');
	return [...head, ...zeros, ...tail].reduce(
		(address, group) => (address << 16n) | BigInt(`0x${group}`),
		0n,
	);
}
