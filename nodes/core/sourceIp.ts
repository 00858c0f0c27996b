interface Network {
	bits: 32 | 128;
	address: bigint;
	prefix: number;
}

const MAPPED_PREFIX = 0xffffn << 32n;

/**
 * Step 1: whether a request may come from this address.
 *
 * @param allowlist the user's text: addresses and CIDR blocks, v4 and v6, comma separated. Blank: everyone may.
 * @param address the sender's address as n8n knows it (`req.ip`)
 *
 * Unreadable entries are skipped; a list without one readable entry refuses everyone.
 */
export function isAllowedSource(allowlist: unknown, address: string | undefined): boolean {
	if (allowlist === undefined || allowlist === null) return true;
	const text = Array.isArray(allowlist) ? allowlist.join(',') : String(allowlist);
	if (text.trim() === '') return true;
	const sender = address === undefined ? undefined : parseAddress(address.replace(/%.*$/, ''));
	if (!sender) return false;
	return networksOf(text).some((network) => contains(network, sender));
}

let lastText = '';
let lastNetworks: Network[] = [];

/** The readable entries of a list. The list seldom changes, so the last one is kept parsed. */
function networksOf(text: string): Network[] {
	if (text !== lastText) {
		lastNetworks = text
			.split(/[,\s]+/)
			.map(parseNetwork)
			.filter((network) => network !== undefined);
		lastText = text;
	}
	return lastNetworks;
}

function contains(network: Network, sender: Network): boolean {
	if (network.bits !== sender.bits) return false;
	const ignored = BigInt(network.bits - network.prefix);
	return network.address >> ignored === sender.address >> ignored;
}

function parseNetwork(entry: string): Network | undefined {
	const [text = '', prefixText, ...rest] = entry.split('/');
	if (rest.length > 0) return undefined;
	const written = parseWritten(text);
	if (!written) return undefined;
	if (prefixText === undefined) return normalize(written);
	if (!/^\d{1,3}$/.test(prefixText)) return undefined;
	const prefix = Number(prefixText);
	return prefix > written.bits ? undefined : normalize({ ...written, prefix });
}

function parseAddress(text: string): Network | undefined {
	const written = parseWritten(text);
	return written && normalize(written);
}

/** `::ffff:1.2.3.4` and `1.2.3.4` are the same sender: sockets that serve both kinds report the first form. */
function normalize(network: Network): Network {
	if (network.bits === 32 || network.prefix < 96 || network.address >> 32n !== 0xffffn) {
		return network;
	}
	return { bits: 32, address: network.address - MAPPED_PREFIX, prefix: network.prefix - 96 };
}

function parseWritten(text: string): Network | undefined {
	const v4 = parseV4(text);
	if (v4 !== undefined) return { bits: 32, address: v4, prefix: 32 };
	const v6 = parseV6(text);
	return v6 === undefined ? undefined : { bits: 128, address: v6, prefix: 128 };
}

function parseV4(text: string): bigint | undefined {
	const parts = text.split('.');
	if (parts.length !== 4) return undefined;
	let address = 0n;
	for (const part of parts) {
		// A leading zero means octal to some programs and decimal to others: unreadable.
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		address = (address << 8n) | BigInt(part);
	}
	return address;
}

function parseV6(text: string): bigint | undefined {
	const halves = text.split('::');
	if (halves.length > 2) return undefined;
	const head = parseGroups(halves[0] ?? '', halves.length === 1);
	const tail = parseGroups(halves[1] ?? '', true);
	if (!head || !tail) return undefined;
	const missing = 8 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
	const groups = [...head, ...new Array<bigint>(missing).fill(0n), ...tail];
	return groups.reduce((address, group) => (address << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`; only the end of an address may be written as v4. */
function parseGroups(text: string, mayEndInV4: boolean): bigint[] | undefined {
	if (text === '') return [];
	const groups: bigint[] = [];
	const parts = text.split(':');
	for (const [index, part] of parts.entries()) {
		if (/^[\da-f]{1,4}$/i.test(part)) {
			groups.push(BigInt(`0x${part}`));
			continue;
		}
		const v4 = mayEndInV4 && index === parts.length - 1 ? parseV4(part) : undefined;
		if (v4 === undefined) return undefined;
		groups.push(v4 >> 16n, v4 & 0xffffn);
	}
	return groups;
}
