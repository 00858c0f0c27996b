/**
 * The address of an API from a credential, without a slash at its end.
 * Throws where it is not a plain http or https address, and where secrets would travel unencrypted.
 *
 * @param credentialDisplayName the credential's name in errors
 */
export function parseApiUrl(text: string, credentialDisplayName: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || hasMoreThanAddress(url)) {
		throw new Error(
			`The base URL of the ${credentialDisplayName} credential must be an address such as https://api.example.com.`,
		);
	}
	if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new Error(
			`The base URL of the ${credentialDisplayName} credential does not begin with https. Enter the https address, so that nobody on the network can read the tokens.`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const hasMoreThanAddress = ({ username, password, search, hash }: URL) =>
	[username, password, search, hash].some((part) => part !== '');

const isLoopback = (host: string) =>
	host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
