/** An answer that n8n is not asked to make: its status and body. */
export interface Answer {
	status: 400 | 401 | 403 | 503;
	body: { error: string };
}

const refusal = (status: Answer['status'], error: string): Answer => ({ status, body: { error } });

/** The text is the same whatever is wrong with a token, so that nobody learns what. */
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

/** The body of the answer to a delivery that starts the workflow. */
export const RECEIVED = { received: true };

/** The body of the answer to a delivery that is fine and starts nothing. */
export const ignored = (reason: 'event' | 'filter' | 'duplicate') => ({
	received: true,
	ignored: reason,
});
