import { hash, timingSafeEqual } from 'crypto';
import { own } from './json';

/** Where a provider puts its token, and under which names the credential holds what is accepted. */
export interface TokenPlace {
	in: 'query' | 'header';
	/** The query parameter's or header's name, or the credential field in which the user may set it. */
	name: string | { field: string; default: string };
	/** Whether the word `Bearer` stands before the token. */
	bearer: 'never' | 'optional' | 'required';
	/** The credential field that holds the token. `previousToken` is accepted beside it. */
	field: string;
}

/** What a token check needs of a request. `rawHeaders` alternates names and values, as Node has it. */
export interface TokenRequest {
	query: Readonly<Record<string, unknown>>;
	rawHeaders: readonly string[];
}

/**
 * The tokens that a credential accepts: the token and, while it is being replaced, the previous one.
 * Blank ones are left out: an empty token never matches.
 */
export function acceptedTokens(
	place: TokenPlace,
	credential: Readonly<Record<string, unknown>>,
): string[] {
	return [own(credential, place.field), own(credential, 'previousToken')].filter(
		(token): token is string => typeof token === 'string' && token.trim() !== '',
	);
}

/**
 * Step 2: tells of each request whether it carries an accepted token, exactly once, where the provider puts it.
 *
 * Compares digests in constant time, so that an answer's time tells nothing of the token.
 */
export function tokenCheck(
	place: TokenPlace,
	credential: Readonly<Record<string, unknown>>,
): (request: TokenRequest) => boolean {
	const name = nameOf(place, credential);
	const accepted = acceptedTokens(place, credential).map(digest);
	return (request) => {
		const presented = presentedTokens(place, name, request).map(digest);
		let isProven = false;
		for (const token of accepted) {
			for (const candidate of presented) {
				isProven = timingSafeEqual(token, candidate) || isProven;
			}
		}
		return isProven;
	};
}

function nameOf(place: TokenPlace, credential: Readonly<Record<string, unknown>>): string {
	if (typeof place.name === 'string') return place.name;
	const set = own(credential, place.name.field);
	return typeof set === 'string' && set.trim() !== '' ? set.trim() : place.name.default;
}

/** What may be the token in a request: nothing where it is missing or sent twice, the text with and without `Bearer`. */
function presentedTokens(place: TokenPlace, name: string, request: TokenRequest): string[] {
	if (place.in === 'query') {
		const value = own(request.query, name);
		return typeof value === 'string' ? [value] : [];
	}
	// The headers object hides a second Authorization header: Node keeps only the first.
	const values = request.rawHeaders.filter(
		(_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name.toLowerCase(),
	);
	const [value] = values;
	if (value === undefined || values.length > 1) return [];
	const afterBearer = /^bearer +(.+)$/i.exec(value)?.[1];
	switch (place.bearer) {
		case 'never':
			return [value];
		case 'required':
			return afterBearer === undefined ? [] : [afterBearer];
		case 'optional':
			return afterBearer === undefined ? [value] : [value, afterBearer];
	}
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
