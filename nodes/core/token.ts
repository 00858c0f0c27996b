import { hash, timingSafeEqual } from 'crypto';
import { own } from './json';

/** A place in a request where a provider sends its token. */
export interface TokenPlace {
	in: 'query' | 'header';
	/** The query parameter's or header's name, or the credential field in which the user may set it. */
	name: string | { field: string; default: string };
	/** Whether the scheme `Bearer` precedes the token. */
	bearer: 'never' | 'optional' | 'required';
}

/** Where a provider sends its token, and which credential field holds it. */
export interface ProviderToken {
	/** One place or more. Where the token stands in several of them, it must be the same token. */
	places: readonly TokenPlace[];
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
export function acceptedTokens({ field }: ProviderToken, credential: Credential): string[] {
	return [own(credential, field), own(credential, 'previousToken')].filter(
		(token): token is string => typeof token === 'string' && token.trim() !== '',
	);
}

/**
 * Returns a function that tells whether a request carries an accepted token, exactly once in each place where it
 * stands.
 *
 * Compares digests in constant time, so that the response time reveals nothing about the token.
 */
export function createTokenVerifier(
	token: ProviderToken,
	credential: Credential,
): (request: TokenRequest) => boolean {
	const accepted = acceptedTokens(token, credential).map(digest);
	return (request) => {
		const sent = token.places
			.map((place) => readPlace(place, tokenName(place, credential), request))
			.filter(({ isThere }) => isThere)
			.map(({ candidates }) => candidates.map(digest));
		let isAuthenticated = false;
		for (const expected of accepted) {
			// In every place where a token stands it must be this one.
			let isEverywhere = sent.length > 0;
			for (const candidates of sent) {
				let isHere = false;
				for (const candidate of candidates) {
					isHere = timingSafeEqual(expected, candidate) || isHere;
				}
				isEverywhere = isHere && isEverywhere;
			}
			isAuthenticated = isEverywhere || isAuthenticated;
		}
		return isAuthenticated;
	};
}

/** The name under which a credential expects the token in a place. */
export function tokenName(place: TokenPlace, credential: Credential): string {
	if (typeof place.name === 'string') return place.name;
	const custom = own(credential, place.name.field);
	return typeof custom === 'string' && custom.trim() !== '' ? custom.trim() : place.name.default;
}

/** What stands in a place of a request. */
export interface SentToken {
	/** Whether something other than a blank text stands there. */
	isThere: boolean;
	isRepeated: boolean;
	/** The text as sent; `undefined` where it is missing or sent twice. */
	text?: string;
	/** The parts of the text that may be the token. */
	candidates: string[];
}

/** Reads a place of a request. The name is that of the header or query parameter. */
export function readPlace(place: TokenPlace, name: string, request: TokenRequest): SentToken {
	const sent = place.in === 'query' ? inQuery(name, request) : inHeaders(name, request);
	const isRepeated = sent.length > 1;
	const text = isRepeated ? undefined : sent[0];
	const isThere = isRepeated || (text !== undefined && text.trim() !== '');
	return { isThere, isRepeated, text, candidates: text === undefined ? [] : parts(place, text) };
}

function inQuery(name: string, { query }: TokenRequest): string[] {
	const value = own(query, name);
	if (value === undefined) return [];
	// A list or an object is a parameter that was sent twice or in parts.
	return typeof value === 'string' ? [value] : ['', ''];
}

/** From the raw headers: the headers object hides a second Authorization header, Node.js keeps only the first. */
const inHeaders = (name: string, { rawHeaders }: TokenRequest): string[] =>
	rawHeaders.filter(
		(_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name.toLowerCase(),
	);

function parts({ bearer }: TokenPlace, text: string): string[] {
	const afterBearer = /^bearer +(.+)$/i.exec(text)?.[1];
	switch (bearer) {
		case 'never':
			return [text];
		case 'required':
			return afterBearer === undefined ? [] : [afterBearer];
		case 'optional':
			return afterBearer === undefined ? [text] : [text, afterBearer];
	}
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
