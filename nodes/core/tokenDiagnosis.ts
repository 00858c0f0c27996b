import { hash, timingSafeEqual } from 'crypto';
import type { Diagnosis } from './diagnosis';
import type { Provider } from './provider';
import { quote } from './quote';
import {
	acceptedTokens,
	readPlace,
	tokenName,
	type SentToken,
	type TokenPlace,
	type TokenRequest,
} from './token';

/** A place, the name that the credential gives it, and what stands there. */
interface ReadPlace {
	place: TokenPlace;
	name: string;
	sent: SentToken;
}

/** Names that a token is often sent under. */
const LIKELY_NAME = /token|auth|secret|api-?key|signature|password/i;

/**
 * Says what is wrong with the token of a request that was refused. Values are compared with the credential's, and
 * never shown.
 */
export function diagnoseToken(
	{ token, displayName }: Pick<Provider, 'token' | 'displayName'>,
	credential: Readonly<Record<string, unknown>>,
	request: TokenRequest,
): Diagnosis {
	const accepted = acceptedTokens(token, credential);
	if (accepted.length === 0) {
		return {
			found: 'The credential of this node has no token.',
			next: `Enter in the credential the token that ${displayName} sends.`,
		};
	}
	const places = token.places.map((place): ReadPlace => {
		const name = tokenName(place, credential);
		return { place, name, sent: readPlace(place, name, request) };
	});
	const there = places.filter(({ sent }) => sent.isThere);
	const wrong = there.find(({ sent }) => !sent.candidates.some((text) => isOneOf(accepted, text)));
	if (wrong) return diagnoseSent(wrong, accepted, displayName);
	if (there.length > 0) {
		return {
			found: `Different tokens came in ${there.map(describe).join(' and ')}.`,
			next: `Have ${displayName} send the same token in each place.`,
		};
	}
	return diagnoseMissing(places, accepted, request, displayName);
}

/** A token stands where it should, and is not the credential's. */
function diagnoseSent(read: ReadPlace, accepted: string[], displayName: string): Diagnosis {
	const { place, sent } = read;
	const where = describe(read);
	const subject = where.replace(/^t/, 'T');
	if (sent.isRepeated) {
		return {
			found: `${subject} came more than once.`,
			next: `Have ${displayName} send the token once.`,
		};
	}
	const { text = '', candidates } = sent;
	const [, afterBearer] = /^bearer\b *(.*)$/i.exec(text) ?? [];
	if (place.bearer === 'required' && candidates.length === 0) {
		return {
			found:
				afterBearer === undefined
					? `${subject} came without the word Bearer.`
					: `${subject} came with the word Bearer, but no token after it.`,
			next: `Have ${displayName} send the word Bearer, a space and the token in ${where}.`,
		};
	}
	if (place.bearer === 'never' && isOneOf(accepted, afterBearer ?? '')) {
		return {
			found: `${subject} came with the word Bearer before the token.`,
			next: `Have ${displayName} send the token alone.`,
		};
	}
	return (
		accepted
			.map((token) => findDifference(token, candidates, where, displayName))
			.find((difference) => difference !== undefined) ?? {
			found: `The token in ${where} is ${compareLength(accepted, candidates)} the one in the credential.`,
			next: `Enter the same token in ${displayName} and in the credential.`,
		}
	);
}

/** A difference that the credential's own token makes certain. */
function findDifference(
	token: string,
	candidates: string[],
	where: string,
	displayName: string,
): Diagnosis | undefined {
	const isSent = (alter: (text: string) => string, expected = token) =>
		candidates.some((text) => isSame(alter(text), expected));
	if (token !== token.trim() && isSent((text) => text.trim(), token.trim())) {
		return {
			found: `The token in ${where} came, but the one in the credential has spaces at its ends.`,
			next: 'Remove the spaces from the token in the credential.',
		};
	}
	if (isSent((text) => text.trim())) {
		return {
			found: `The token in ${where} came with spaces at its ends.`,
			next: `Remove the spaces in ${displayName}.`,
		};
	}
	if (isSent((text) => text.toLowerCase(), token.toLowerCase())) {
		return {
			found: `The token in ${where} differs from the one in the credential in upper and lower case.`,
			next: `Enter the same token in ${displayName} and in the credential.`,
		};
	}
	if (isSent((text) => text, encodeURIComponent(token.toWellFormed())) || isSent(plusForSpace)) {
		return {
			found: `Some characters of the token in ${where} were changed on the way, as URLs need it.`,
			next: 'Use a token that has only letters, digits and - . _ ~ in it.',
		};
	}
	return undefined;
}

/** In a query string a plus sign means a space. */
const plusForSpace = (text: string): string => text.replaceAll(' ', '+');

/** Nothing stands where the token should. */
function diagnoseMissing(
	places: ReadPlace[],
	accepted: string[],
	{ query, rawHeaders }: TokenRequest,
	displayName: string,
): Diagnosis {
	const expected = places.map(describe).join(' or ');
	const word = places.some(({ place }) => place.bearer === 'required')
		? 'the word Bearer, a space and the token'
		: 'the token';
	const next = `Have ${displayName} send ${word} in ${expected}.`;
	const blank = places.find(({ sent }) => sent.text !== undefined);
	if (blank) return { found: `${describe(blank).replace(/^t/, 'T')} came empty.`, next };

	const headers = rawHeaders
		.filter((_, index) => index % 2 === 0)
		.map((name, index) => ({ where: 'header', name, value: rawHeaders[2 * index + 1] ?? '' }));
	const parameters = Object.entries(query).map(([name, value]) => ({
		where: 'query parameter',
		name,
		value: typeof value === 'string' ? value : '',
	}));
	const others = [...headers, ...parameters];
	const misplaced = others.find(({ value }) =>
		isOneOf(accepted, value.replace(/^bearer +/i, '').trim()),
	);
	if (misplaced) {
		const found = `The token came in the ${misplaced.where} ${quote(misplaced.name)} instead of ${expected}.`;
		const renamed = places.find(
			({ place }) => typeof place.name !== 'string' && misplaced.where.startsWith(place.in),
		);
		return renamed
			? {
					found,
					next: `Enter ${quote(misplaced.name)} in the credential as the name of the ${misplaced.where}.`,
				}
			: { found, next };
	}
	const isInQuery = places.every(({ place }) => place.in === 'query');
	const likely = others.filter(
		({ where, name }) => LIKELY_NAME.test(name) || (isInQuery && where !== 'header'),
	);
	const names = likely.slice(0, 3).map(({ where, name }) => `the ${where} ${quote(name)}`);
	const came = names.length === 0 ? '' : `; ${names.join(', ')} came instead`;
	return { found: `The delivery came without ${expected}${came}.`, next };
}

const describe = ({ place, name }: ReadPlace): string =>
	`the ${place.in === 'query' ? 'query parameter' : 'header'} ${quote(name)}`;

function compareLength(accepted: string[], candidates: string[]): string {
	const isEach = (test: (sent: number, token: number) => boolean) =>
		candidates.every(({ length }) => accepted.every((token) => test(length, token.length)));
	if (isEach((sent, token) => sent < token)) return 'shorter than';
	if (isEach((sent, token) => sent > token)) return 'longer than';
	return 'not';
}

const isOneOf = (accepted: string[], text: string): boolean =>
	accepted.some((token) => isSame(token, text));

/** As for authentication, in constant time: a stranger may be measuring. */
const isSame = (a: string, b: string): boolean =>
	timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
