// Signs as Woovi: "Validando Webhook payload usando x-webhook-signature" and "Buscando a chave pública".
import {
	createHash,
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	randomUUID,
	sign,
	type KeyObject,
} from 'node:crypto';
import { linkSync, mkdirSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../n8n/paths.mts';
import type { JsonObject } from '../senders.mts';

/** A private key of Woovi's kind: RSA with 1024 bits. */
export const newSigningKey = (): KeyObject =>
	generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

/** The text in `x-webhook-signature`. */
export const signatureOf = (body: string | Buffer, key: KeyObject): string =>
	sign('RSA-SHA256', Buffer.from(body), key).toString('base64');

/** The answer to `GET /api/v1/webhook/public-keys`; the first key is the current one. */
export const keyListOf = (...keys: KeyObject[]): JsonObject => ({
	public_keys: keys.map((key, index) => {
		const publicKey = createPublicKey(key);
		const der = publicKey.export({ type: 'spki', format: 'der' });
		return {
			key_identifier: createHash('sha256').update(der).digest('hex'),
			is_current: index === 0,
			key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		};
	}),
});

/** The example of Woovi's documentation: a payload with its signature, and the public key. */
export const readDocumentedSignature = () =>
	JSON.parse(
		readFileSync(
			join(repositoryRoot, 'testkit', 'providers', 'Woovi', 'documentedSignature.json'),
			'utf8',
		),
	) as Record<'payload' | 'signature' | 'publicKey', string>;

const keyFile = join(repositoryRoot, 'artifacts', 'woovi-signing-key.pem');

/** The key of this checkout: all its processes sign with the same, `npm run send` as `npm start`. */
export const signingKey: KeyObject = createPrivateKey(readKeyFile());

function readKeyFile(): string {
	if (!existsSync(keyFile)) {
		mkdirSync(dirname(keyFile), { recursive: true });
		const pem = newSigningKey().export({ type: 'pkcs8', format: 'pem' });
		const draft = `${keyFile}.${randomUUID()}`;
		writeFileSync(draft, pem, { mode: 0o600 });
		try {
			// Of several processes that make one, the first wins.
			linkSync(draft, keyFile);
		} catch (error) {
			if (!existsSync(keyFile)) throw error;
		} finally {
			rmSync(draft);
		}
	}
	return readFileSync(keyFile, 'utf8');
}

let serverUrl: string | undefined;

/** The address of a server that has this checkout's public key. It runs until the process ends. */
export function keyServerUrl(): string {
	if (serverUrl !== undefined) return serverUrl;
	const server = createServer((_request, response) => {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(keyListOf(signingKey)));
	});
	// Without a host the port is known at once.
	const address = server.listen(0).unref().address();
	serverUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
	return serverUrl;
}
