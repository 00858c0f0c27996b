/** An answer that the node sends itself instead of n8n. */
export interface Answer {
	status: 400 | 401 | 403 | 503;
	body: { error: string };
}

const refusal = (status: Answer['status'], error: string): Answer => ({ status, body: { error } });

/** The same text whatever is wrong with a token or signature, so that the sender learns nothing about it. */
export const UNAUTHORIZED = refusal(
	401,
	'The token is missing or wrong. Enter the same token in the provider and in the n8n credential.',
);

export const FORBIDDEN_SOURCE = refusal(
	403,
	'This IP address is not on the list. Add it to the IP Allowlist option of the trigger in n8n.',
);

export const NOT_A_JSON_OBJECT = refusal(
	400,
	'The body is not a JSON object. Send the event as one JSON object.',
);

export const UNAVAILABLE = refusal(
	503,
	'n8n cannot check the token at the moment. Send the event again later.',
);

export const KEYS_UNAVAILABLE = refusal(
	503,
	'n8n cannot check the signature at the moment. Send the event again later.',
);

/** Why a delivery is refused. More precise than its answer: reasons are for the owner of the workflow. */
export type RefusalReason =
	| 'optionsUnreadable'
	| 'sourceNotAllowed'
	| 'credentialMissing'
	| 'credentialUnreadable'
	| 'unauthenticated'
	| 'signatureInvalid'
	| 'keysUnavailable'
	| 'notAJsonObject';

/** Why a delivery is refused, and what n8n threw, where that is why. */
export interface Refusal {
	reason: RefusalReason;
	error?: unknown;
}

export const REFUSALS: Record<RefusalReason, Answer> = {
	optionsUnreadable: UNAVAILABLE,
	sourceNotAllowed: FORBIDDEN_SOURCE,
	credentialMissing: UNAUTHORIZED,
	credentialUnreadable: UNAVAILABLE,
	unauthenticated: UNAUTHORIZED,
	signatureInvalid: UNAUTHORIZED,
	keysUnavailable: KEYS_UNAVAILABLE,
	notAJsonObject: NOT_A_JSON_OBJECT,
};

/** The body of the answer to a delivery that starts the workflow. */
export const RECEIVED = { received: true };

/** Why a valid delivery does not start the workflow. */
export type IgnoredReason = 'test' | 'event' | 'filter' | 'duplicate';

/** The body of the answer to a valid delivery that does not start the workflow. */
export const ignored = (reason: IgnoredReason) => ({ received: true, ignored: reason });
