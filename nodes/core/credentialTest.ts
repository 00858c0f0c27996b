import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { own } from './json';
import type { TokenPlace } from './token';

const MIN_LENGTH = 16;

/** A node's `testToken`, which the editor runs when a credential is saved. */
export function tokenTest(place: TokenPlace) {
	return async function (
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return testToken(place, credential);
	};
}

/**
 * Tests a webhook credential by what it holds: no provider offers a way to check a webhook token online.
 *
 * A token has 16 printable ASCII characters or more, without spaces at the ends; one that travels in a URL only
 * letters, digits and `- . _ ~`, which no program on the way rewrites.
 */
export function testToken(
	place: TokenPlace,
	credential: ICredentialsDecrypted,
): INodeCredentialTestResult {
	const data: Record<string, unknown> = credential.data ?? {};
	const previous = own(data, 'previousToken');
	const problem =
		tokenProblem(place, nameOf(place.field), own(data, place.field)) ??
		(previous ? tokenProblem(place, 'previous token', previous) : undefined) ??
		nameProblem(place, data);
	return problem === undefined
		? {
				status: 'OK',
				message:
					'The token is well formed. The provider offers no way to check it online: send a test event.',
			}
		: { status: 'Error', message: problem };
}

/** A field's name as a user reads it: `headerValue` is shown as Header Value. */
const nameOf = (field: string) => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Why a token is not one to use, and what to do about it; `undefined` where it is. */
export function tokenProblem(place: TokenPlace, name: string, token: unknown): string | undefined {
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
	if (place.in === 'query' && !/^[\w.~-]+$/.test(token)) {
		return `The ${name} has characters that change in a URL. Use letters, digits and - . _ ~ only.`;
	}
	return undefined;
}

function nameProblem({ in: where, name }: TokenPlace, data: Record<string, unknown>) {
	if (typeof name === 'string') return undefined;
	const set = String(own(data, name.field) ?? '').trim();
	if (set === '' || /^[\w.~-]+$/.test(set)) return undefined;
	return where === 'header'
		? 'The header name has characters that no header may have. Use letters, digits and hyphens.'
		: 'The parameter name has characters that change in a URL. Use letters, digits and - . _ ~ only.';
}
