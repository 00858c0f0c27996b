import { isAllowedSource } from './sourceIp';

/** Addresses that no provider on the internet can reach. */
const PRIVATE_NETWORKS =
	'0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, ::/127, fc00::/7, fe80::/10';

/** Whether a provider on the internet may reach a URL, as far as its host tells. */
export function isPublicUrl(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const host = new URL(text).hostname.replace(/^\[|\]$|\.$/g, '');
	if (isAllowedSource(PRIVATE_NETWORKS, host)) return false;
	const isName = host.includes('.') || host.includes(':');
	return isName && !/\.(localhost|local|internal|home\.arpa)$/.test(host);
}
