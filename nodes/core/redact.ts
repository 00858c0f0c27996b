import { isJsonObject, type Json, type JsonObject } from './json';

const REDACTED = '[redacted]';

/** Shorter tokens would be found in too many innocent places. */
const MIN_TOKEN_LENGTH = 8;

/** What is nested deeper is cut off: n8n itself cannot store it, and no provider sends it. */
const MAX_DEPTH = 200;
const CUT = '[nested too deeply]';

/** Removes secrets from texts and payloads by their value. */
export interface Redactor {
	text(text: string): string;
	/** A copy without the secrets, or the same object where there are none; `cut` where something was too deep. */
	payload(body: JsonObject): { payload: JsonObject; cut: boolean };
}

/** @param tokens the tokens a credential accepts */
export function redactor(tokens: readonly string[]): Redactor {
	const secrets = [
		...new Set(tokens.filter((token) => token.length >= MIN_TOKEN_LENGTH).flatMap(spellings)),
	].sort((a, b) => b.length - a.length);
	const [only = ''] = secrets;
	const isIn =
		secrets.length === 1
			? (value: string) => value.includes(only)
			: (value: string) => secrets.some((secret) => value.includes(secret));
	const mayBeInNumbers = secrets.some((secret) => /^[-+.\de]+$/i.test(secret));
	const text = (value: string) =>
		secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), value);

	return {
		text,
		payload(body) {
			if (isClean(body, isIn, mayBeInNumbers)) return { payload: body, cut: false };
			let cut = false;
			const walk = (value: Json, depth: number): Json => {
				if (typeof value === 'string') return text(value);
				if (typeof value === 'number') {
					return mayBeInNumbers && isIn(String(value)) ? REDACTED : value;
				}
				if (typeof value !== 'object' || value === null) return value;
				if (depth > MAX_DEPTH) {
					cut = true;
					return CUT;
				}
				if (isJsonObject(value)) return walkObject(value, depth);
				const entries = value.map((entry) => walk(entry, depth + 1));
				return entries.some((entry, index) => entry !== value[index]) ? entries : value;
			};
			const walkObject = (value: JsonObject, depth: number): JsonObject => {
				let isSame = true;
				const entries = Object.entries(value).map(([key, entry]): [string, Json] => {
					const clean: [string, Json] = [text(key), walk(entry, depth + 1)];
					isSame &&= clean[0] === key && clean[1] === entry;
					return clean;
				});
				// fromEntries defines its keys, so that a key named __proto__ stays an ordinary one.
				return isSame ? value : Object.fromEntries(entries);
			};
			return { payload: walkObject(body, 0), cut };
		},
	};
}

/** Whether a payload can stay as it is, as almost every one can: found without copying anything. */
function isClean(
	value: Json,
	isSecretIn: (text: string) => boolean,
	mayBeInNumbers: boolean,
	depth = 0,
): boolean {
	if (typeof value === 'string') return !isSecretIn(value);
	if (typeof value === 'number') return !mayBeInNumbers || !isSecretIn(String(value));
	if (typeof value !== 'object' || value === null) return true;
	if (depth > MAX_DEPTH) return false;
	if (Array.isArray(value)) {
		return value.every((entry) => isClean(entry, isSecretIn, mayBeInNumbers, depth + 1));
	}
	for (const key of Object.keys(value)) {
		if (isSecretIn(key) || !isClean(value[key] ?? null, isSecretIn, mayBeInNumbers, depth + 1)) {
			return false;
		}
	}
	return true;
}

/**
 * How a token may be written inside a payload: as it is, as a part of a URL or a form, or inside JSON that is a text.
 * Programs differ in which characters they escape, and in the case of the digits.
 */
function spellings(token: string): string[] {
	const inUrl = [
		encodeURIComponent(token.toWellFormed()),
		new URLSearchParams([['', token]]).toString().slice(1),
	].flatMap((text) => [
		text,
		...[/[!'()*]/g, /[!'()*~]/g].map((escaped) =>
			text.replace(
				escaped,
				(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
			),
		),
	]);
	const inEachCase = inUrl.flatMap((text) => [
		text,
		text.replace(/%../g, (escape) => escape.toLowerCase()),
	]);
	const inJson = JSON.stringify(token).slice(1, -1);
	return [
		token,
		...inEachCase.flatMap((text) => [text, text.replaceAll('%20', '+')]),
		inJson,
		inJson.replaceAll('/', '\\/'),
	];
}
