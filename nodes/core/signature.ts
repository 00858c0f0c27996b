import { createPublicKey, verify, type KeyObject } from 'crypto';
import type { IWebhookFunctions } from 'n8n-workflow';
import type { Refusal } from './answers';
import { connectionErrorCode, connectionProblem } from './connectionError';
import { headerValues } from './headers';
import { PublicKeyCache } from './publicKeys';

type Credential = Readonly<Record<string, unknown>>;

/** How a provider signs its deliveries with a private key, and where it publishes the public ones. */
export interface SignatureScheme {
	/** The header that holds the signature of the raw body, in base64. */
	header: string;
	/** PKCS#1 v1.5. */
	algorithm: 'RSA-SHA256';
	keys: {
		/** The API's address, without a slash at its end. Throws where the credential has no usable one. */
		getBaseUrl(credential: Credential): string;
		/** Where the list of keys is, from there. It is requested without authentication. */
		path: string;
		/** The keys in an answer, as PEM texts; `undefined` where it cannot be understood. */
		parse(answer: unknown): readonly string[] | undefined;
	};
}

/** The parts of a request that are signed. n8n reads the bytes on request only. */
export interface SignedRequest {
	contentType?: string;
	rawHeaders: readonly string[];
	rawBody?: Buffer;
	readRawBody(): Promise<void>;
}

/** A slow list must not hold up deliveries, which providers send again anyway. */
const REQUEST_TIMEOUT_MS = 5_000;

/** No provider has more; each costs a verification of every wrong signature. */
const MAX_KEYS = 20;

/** Those of 16,384-bit keys have 2,732 characters. */
const MAX_SIGNATURE_LENGTH = 4_096;

const cache = new PublicKeyCache();

/**
 * The second half of step 2, for deliveries whose token is proven: why one is refused because of its signature,
 * `undefined` where the signature is right. Call it only then, so that strangers cannot make n8n send requests.
 */
export async function checkSignature(
	context: IWebhookFunctions,
	scheme: SignatureScheme,
	request: SignedRequest,
	credential: Credential,
): Promise<Refusal | undefined> {
	const now = Date.now();
	const signature = readSignature(scheme, request);
	const bytes = signature && (await readBytes(request));
	if (!signature || !bytes) return { reason: 'signatureInvalid' };

	let url: string;
	try {
		url = `${scheme.keys.getBaseUrl(credential)}${scheme.keys.path}`;
	} catch (error) {
		return { reason: 'keysUnavailable', error };
	}

	let failure: unknown;
	const read = async () =>
		await readKeys(context, scheme, url).catch((error: unknown) => {
			failure = error;
			return [];
		});
	const isValid = (keys: readonly KeyObject[]) =>
		keys.some((key) => verifies(scheme, key, bytes, signature));

	const keys = await cache.get(url, now, read);
	if (keys.length === 0) return { reason: 'keysUnavailable', error: failure };
	const isCurrent = isValid(keys);
	const newest = isCurrent ? keys : await cache.getNewest(url, now, read);
	if (failure !== undefined) {
		context.logger.warn('The public keys cannot be read: the last ones stay in use.', {
			reason: failure instanceof Error ? failure.message : String(failure),
		});
	}
	return isCurrent || (newest !== keys && isValid(newest))
		? undefined
		: { reason: 'signatureInvalid' };
}

/** The signature, if it was sent exactly once and is base64. */
function readSignature({ header }: SignatureScheme, request: SignedRequest): Buffer | undefined {
	const [value = '', ...more] = headerValues(request.rawHeaders, header);
	const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0;
	if (!isBase64 || more.length > 0 || value.length > MAX_SIGNATURE_LENGTH) return undefined;
	return Buffer.from(value, 'base64');
}

/** The body as it came over the wire; `undefined` where n8n does not have it. */
async function readBytes(request: SignedRequest): Promise<Buffer | undefined> {
	// n8n may have consumed its bytes.
	if (request.contentType?.startsWith('multipart/')) return undefined;
	try {
		await request.readRawBody();
		return request.rawBody;
	} catch {
		// Too large, or truncated.
		return undefined;
	}
}

function verifies(
	{ algorithm }: SignatureScheme,
	key: KeyObject,
	bytes: Buffer,
	signature: Buffer,
): boolean {
	const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
	return signature.length === Math.ceil(bits / 8) && verify(algorithm, bytes, key, signature);
}

/** Reads the list of public keys. Rejects where there is no usable one. */
async function readKeys(
	context: IWebhookFunctions,
	{ keys: { parse } }: SignatureScheme,
	url: string,
): Promise<KeyObject[]> {
	const answer: unknown = await context.helpers
		.httpRequest({
			url,
			json: true,
			timeout: REQUEST_TIMEOUT_MS,
			// The timeout alone does not end an answer that comes in drops.
			abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
			// Whoever is redirected to could hand out keys of their own.
			disableFollowRedirect: true,
		})
		.catch((error: unknown) => {
			const code = connectionErrorCode(error);
			throw code === undefined ? error : new Error(`${url}: ${connectionProblem(code)}`);
		});
	const keys = (parse(answer) ?? []).slice(0, MAX_KEYS).flatMap(toRsaKey);
	if (keys.length === 0) throw new Error(`${url} answered without a usable public key.`);
	return keys;
}

function toRsaKey(pem: string): KeyObject[] {
	try {
		const key = createPublicKey(pem);
		return key.asymmetricKeyType === 'rsa' ? [key] : [];
	} catch {
		// Not a PEM text: the other keys still count.
		return [];
	}
}
