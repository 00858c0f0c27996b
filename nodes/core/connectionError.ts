const PHRASES: Readonly<Record<string, readonly string[]>> = {
	'connection refused': ['ECONNREFUSED'],
	'connection reset': ['ECONNRESET', 'EPIPE'],
	'host name not found': ['ENOTFOUND', 'EAI_AGAIN'],
	'timed out': ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ECONNABORTED'],
	'TLS certificate expired': ['CERT_HAS_EXPIRED'],
	'TLS certificate not valid for this host': ['ERR_TLS_CERT_ALTNAME_INVALID'],
	'TLS certificate not trusted': [
		'CERT_UNTRUSTED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	],
	'no TLS connection': ['EPROTO'],
};

/**
 * Why there was no answer, in plain words. The code itself must not be in an error's message: n8n replaces every
 * message that holds one by a text of its own.
 *
 * @param code of Node.js, such as ECONNREFUSED
 */
export function connectionProblem(code: string): string {
	const known = Object.entries(PHRASES).find(([, codes]) => codes.includes(code));
	return known?.[0] ?? 'no connection';
}

/** The code of Node.js in an error, or in one that caused it. */
export function connectionErrorCode(error: unknown): string | undefined {
	for (let current = error; current instanceof Error; current = current.cause) {
		if ('code' in current && typeof current.code === 'string') return current.code;
	}
	return undefined;
}
