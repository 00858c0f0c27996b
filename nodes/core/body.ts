import { isJsonObject, type JsonObject } from './json';

/** What n8n hands over of a request. It reads no body whose content type it does not know; `readRawBody` does. */
export interface BodyRequest {
	headers: { 'content-type'?: string };
	body: unknown;
	rawBody: Buffer;
	readRawBody(): Promise<void>;
}

/**
 * Step 3: the body as a JSON object, `undefined` where it is none (a form, XML, a list, a text, nothing).
 *
 * JSON without a content type, or as text/plain, is read all the same: two providers document no content type.
 */
export async function jsonBodyOf(request: BodyRequest): Promise<JsonObject | undefined> {
	const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
	if (type === 'application/json') {
		return request.rawBody?.length && isJsonObject(request.body) ? request.body : undefined;
	}
	if (type !== '' && type !== 'text/plain' && !type.endsWith('+json')) return undefined;
	try {
		await request.readRawBody();
		const body: unknown = JSON.parse(request.rawBody.toString('utf8').replace(/^\uFEFF/, ''));
		return isJsonObject(body) ? body : undefined;
	} catch {
		// Too large, cut off, or not JSON: whatever it is, it is no JSON object.
		return undefined;
	}
}
