import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { own } from './json';
import type { ProviderToken, TokenPlace } from './token';

const MIN_LENGTH = 16;

/** A node's `testToken`, which the editor runs when a credential is saved. */
export function tokenTest(token: ProviderToken) {
	return async function (
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return testToken(token, credential);
	};
}

/**
 * Tests a webhook credential by its values: no provider can check a webhook token online.
 *
 * A token has at least 16 printable ASCII characters and no spaces at the ends. In a URL it may have only letters,
 * digits and `- . _ ~`, which nothing on the way rewrites.
 */
export function testToken(
	token: ProviderToken,
	credential: ICredentialsDecrypted,
): INodeCredentialTestResult {
	const data: Record<string, unknown> = credential.data ?? {};
	const previous = own(data, 'previousToken');
	const problem =
		tokenProblem(token, fieldLabel(token.field), own(data, token.field)) ??
		(previous ? tokenProblem(token, 'previous token', previous) : undefined) ??
		token.places.map((place) => nameProblem(place, data)).find(Boolean);
	return problem === undefined
		? {
				status: 'OK',
				message:
					'The token is well formed. The provider cannot check it online: send a test event.',
			}
		: { status: 'Error', message: problem };
}

/** A field's name in a sentence: `headerValue` becomes `header value`. */
const fieldLabel = (field: string) =>
	field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What is wrong with a token and how to fix it; `undefined` if it is fine. */
export function tokenProblem(
	{ places }: ProviderToken,
	name: string,
	token: unknown,
): string | undefined {
	if (typeof token !== 'string' || token.trim() === '') {
		return `The ${name} is empty. Enter the token that the provider sends.`;
	}
	if (token !== token.trim()) {
		return `The ${name} has spaces at its ends. Remove them.`;
	}
	if (!/^[\x20-\x7e]+$/.test(token)) {
		return `The ${name} has characters that cannot be sent safely. Use printable ASCII characters only.`;
	}
	if (token.length < MIN_LENGTH) {
		return `The ${name} is too short to be safe. Use ${MIN_LENGTH} characters or more.`;
	}
	if (places.some((place) => place.in === 'query') && !/^[\w.~-]+$/.test(token)) {
		return `The ${name} has characters that change in a URL. Use letters, digits and - . _ ~ only.`;
	}
	return undefined;
}

function nameProblem({ in: where, name }: TokenPlace, data: Record<string, unknown>) {
	if (typeof name === 'string') return undefined;
	const set = String(own(data, name.field) ?? '').trim();
	if (set === '' || /^[\w.~-]+$/.test(set)) return undefined;
	return where === 'header'
		? 'The header name has characters that are not allowed in header names. Use letters, digits and hyphens.'
		: 'The parameter name has characters that change in a URL. Use letters, digits and - . _ ~ only.';
}
