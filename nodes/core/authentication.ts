import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import type { RefusalReason } from './answers';
import { CredentialCache } from './credential';
import type { Provider } from './provider';
import { redactor, type Redactor } from './redact';
import { acceptedTokens, createTokenVerifier, type TokenRequest } from './token';

/** What a trigger derives from its credential, once for many requests. */
interface Verifier {
	isAuthenticated(request: TokenRequest): boolean;
	redact: Redactor;
}

type Authentication =
	| { kind: 'authenticated'; redact: Redactor }
	| { kind: 'refused'; reason: RefusalReason; error?: unknown };

const verifiers = new CredentialCache<Verifier>();

/** Step 2: authenticates a request by its token, against the trigger's credential. */
export async function authenticate(
	context: IWebhookFunctions,
	{ credential: type, token }: Provider,
	request: TokenRequest,
): Promise<Authentication> {
	const node = context.getNode();
	const credentialId = node.credentials?.[type]?.id;
	if (!credentialId) return { kind: 'refused', reason: 'credentialMissing' };

	const key = `${context.getWorkflow().id} ${node.id} ${type} ${credentialId}`;
	const now = Date.now();
	let hasRead = false;
	const read = async (): Promise<Verifier> => {
		hasRead = true;
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		return {
			isAuthenticated: createTokenVerifier(token, credential),
			redact: redactor(acceptedTokens(token, credential)),
		};
	};
	try {
		let verifier = await verifiers.get(key, now, read);
		if (!verifier.isAuthenticated(request) && !hasRead) {
			verifier = await verifiers.getNewest(key, now, read);
		}
		return verifier.isAuthenticated(request)
			? { kind: 'authenticated', redact: verifier.redact }
			: { kind: 'refused', reason: 'unauthenticated' };
	} catch (error) {
		// n8n does not export the class to nodes.
		const isDeleted =
			error instanceof Error && error.constructor.name === 'CredentialNotFoundError';
		const reason = isDeleted ? 'credentialMissing' : 'credentialUnreadable';
		return { kind: 'refused', reason, error };
	}
}
