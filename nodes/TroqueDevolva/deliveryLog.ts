import { isJsonObject, own, without, type Json, type JsonObject } from '../core/json';

/** The payload with its log of deliveries to other integrations, `webhooks`, without their secrets. */
export function withoutSecrets(body: JsonObject): JsonObject {
	const log = own(body, 'webhooks');
	if (log === undefined || log === null) return body;
	return { ...body, webhooks: Array.isArray(log) ? log.map(withoutCallSecrets) : null };
}

function withoutCallSecrets(call: Json): Json {
	if (!isJsonObject(call)) return null;
	const rest = without(call, ['headers', 'responseBody']);
	return 'url' in rest ? { ...rest, url: withoutUrlSecrets(rest.url) } : rest;
}

/** A web address without its user, query and fragment; null where a value is not a web address. */
function withoutUrlSecrets(value: Json | undefined): string | null {
	if (typeof value !== 'string' || !URL.canParse(value)) return null;
	const { protocol, origin, pathname } = new URL(value);
	// In others, such as user:secret@example.com, the user is part of the path.
	return ['http:', 'https:'].includes(protocol) ? `${origin}${pathname}` : null;
}
