import { isJsonObject, type JsonObject } from './json';

/** The body of a request in n8n. n8n reads only bodies of content types it knows; `readRawBody` reads any. */
export interface BodyRequest {
	/** In lower case, without its parameters. */
	contentType?: string;
	/** The charset that the content type names, UTF-8 by default. */
	encoding?: BufferEncoding;
	rawBody: Buffer;
	readRawBody(): Promise<void>;
}

/**
 * Step 3: the body as a JSON object, `undefined` if it is anything else (a form, XML, a list, a text, nothing).
 *
 * The bytes decide, not the content type: two providers document none, and PHP and curl label JSON as a form.
 * Multipart bodies are rejected, because n8n may have consumed their bytes.
 */
export async function readJsonBody(request: BodyRequest): Promise<JsonObject | undefined> {
	if (request.contentType?.startsWith('multipart/')) return undefined;
	try {
		await request.readRawBody();
		const body = parse(request);
		return isJsonObject(body) ? body : undefined;
	} catch {
		// Too large, truncated, in a charset that Node.js cannot decode, or not JSON.
		return undefined;
	}
}

const parse = ({ rawBody, encoding }: Pick<BodyRequest, 'rawBody' | 'encoding'>): unknown =>
	JSON.parse(rawBody.toString(encoding).replace(/^\uFEFF/, ''));

/** What a body is that is not a JSON object, in a sentence: `a form`. */
export function describeBody({
	contentType = '',
	...request
}: Pick<BodyRequest, 'contentType' | 'rawBody' | 'encoding'>): string {
	if (contentType.startsWith('multipart/')) return 'a multipart form';
	if (request.rawBody.length === 0) return 'empty';
	try {
		const body = parse(request);
		return Array.isArray(body) ? 'a list' : 'a single value';
	} catch {
		if (contentType === 'application/x-www-form-urlencoded') return 'a form';
		return /[/+]xml$/.test(contentType) ? 'XML' : 'not JSON that n8n can read';
	}
}
