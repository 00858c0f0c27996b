import { isJsonObject, type JsonObject } from './json';

/** What n8n hands over of a request. It reads no body whose content type it does not know; `readRawBody` does. */
export interface BodyRequest {
	/** In lower case, without its parameters. */
	contentType?: string;
	/** The charset that the content type names, UTF-8 unless it names one. */
	encoding?: BufferEncoding;
	rawBody: Buffer;
	readRawBody(): Promise<void>;
}

/**
 * Step 3: the body as a JSON object, `undefined` where it is anything else (a form, XML, a list, a text, nothing).
 *
 * The bytes decide, not the content type: two providers document none, and PHP and curl label JSON as a form.
 * Multipart bodies are left alone, because n8n may have consumed their bytes.
 */
export async function jsonBodyOf(request: BodyRequest): Promise<JsonObject | undefined> {
	if (request.contentType?.startsWith('multipart/')) return undefined;
	try {
		await request.readRawBody();
		const text = request.rawBody.toString(request.encoding).replace(/^\uFEFF/, '');
		const body: unknown = JSON.parse(text);
		return isJsonObject(body) ? body : undefined;
	} catch {
		// Too large, cut off, in a charset that Node.js does not decode, or not JSON.
		return undefined;
	}
}
