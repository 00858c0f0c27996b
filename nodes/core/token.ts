import { hash, timingSafeEqual } from 'crypto';
import { own } from './json';

/** Where a provider sends its token, and which credential field holds it. */
export interface TokenPlace {
	in: 'query' | 'header';
	/** The query parameter's or header's name, or the credential field in which the user may set it. */
	name: string | { field: string; default: string };
	/** Whether the scheme `Bearer` precedes the token. */
	bearer: 'never' | 'optional' | 'required';
	/** The credential field that holds the token. `previousToken` is accepted beside it. */
	field: string;
}

/** The parts of a request that may hold a token. `rawHeaders` alternates names and values, as in Node.js. */
export interface TokenRequest {
	query: Readonly<Record<string, unknown>>;
	rawHeaders: readonly string[];
}

type Credential = Readonly<Record<string, unknown>>;

/**
 * The tokens that a credential accepts: the token and, while it is being replaced, the previous one.
 * Blank ones are left out: an empty token never matches.
 */
export function acceptedTokens(place: TokenPlace, credential: Credential): string[] {
	return [own(credential, place.field), own(credential, 'previousToken')].filter(
		(token): token is string => typeof token === 'string' && token.trim() !== '',
	);
}

/**
 * Returns a function that tells whether a request carries an accepted token, exactly once, where the provider sends it.
 *
 * Compares digests in constant time, so that the response time reveals nothing about the token.
 */
export function createTokenVerifier(
	place: TokenPlace,
	credential: Credential,
): (request: TokenRequest) => boolean {
	const name = tokenName(place, credential);
	const accepted = acceptedTokens(place, credential).map(digest);
	return (request) => {
		const candidates = candidateTokens(place, name, request).map(digest);
		let isAuthenticated = false;
		for (const token of accepted) {
			for (const candidate of candidates) {
				isAuthenticated = timingSafeEqual(token, candidate) || isAuthenticated;
			}
		}
		return isAuthenticated;
	};
}

function tokenName(place: TokenPlace, credential: Credential): string {
	if (typeof place.name === 'string') return place.name;
	const custom = own(credential, place.name.field);
	return typeof custom === 'string' && custom.trim() !== '' ? custom.trim() : place.name.default;
}

/** The texts in a request that may be the token; none if it is missing or sent twice. */
function candidateTokens(place: TokenPlace, name: string, request: TokenRequest): string[] {
	if (place.in === 'query') {
		const value = own(request.query, name);
		return typeof value === 'string' ? [value] : [];
	}
	// The headers object hides a second Authorization header: Node.js keeps only the first.
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
