/**
 * The address of an API that a credential holds, without a slash at the end.
 * Throws where it is none, or where it would send the secrets over the network in the clear.
 *
 * @param credentialDisplayName the credential's name in the errors
 */
export function apiUrlOf(text: string, credentialDisplayName: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || hasMoreThanAddress(url)) {
		throw new Error(
			`The base URL of the ${credentialDisplayName} credential is no address. Enter one as in https://api.example.com.`,
		);
	}
	if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new Error(
			`The base URL of the ${credentialDisplayName} credential does not begin with https. Enter the https address: the tokens could be read on the way.`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const hasMoreThanAddress = ({ username, password, search, hash }: URL) =>
	[username, password, search, hash].some((part) => part !== '');

const isLoopback = (host: string) =>
	host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
