import { isJsonObject, type Json, type JsonObject } from './json';

const REDACTED = '[redacted]';

/** Shorter tokens would be found in too many innocent places. */
const MIN_TOKEN_LENGTH = 8;

/** Deeper values, which n8n cannot store and no provider sends, are cut off. */
const MAX_DEPTH = 200;
const CUT = '[nested too deeply]';

/** Removes secrets from texts and payloads by their value. */
export interface Redactor {
	text(text: string): string;
	/** A copy without the secrets; `cut` where something was too deep. */
	payload(body: JsonObject): { payload: JsonObject; cut: boolean };
}

/** @param tokens the tokens a credential accepts */
export function redactor(tokens: readonly string[]): Redactor {
	const secrets = [
		...new Set(tokens.filter((token) => token.length >= MIN_TOKEN_LENGTH).flatMap(spellings)),
	].sort((a, b) => b.length - a.length);
	// Without a secret the expression would match everywhere.
	const anySecret = secrets.length > 0 && new RegExp(secrets.map(escapeRegExp).join('|'), 'g');
	const text = (value: string) => (anySecret ? value.replace(anySecret, REDACTED) : value);
	const number = (value: number) => (text(String(value)) === String(value) ? value : REDACTED);

	return {
		text,
		payload(body) {
			let cut = false;
			const redactObject = (value: JsonObject, depth: number): JsonObject =>
				// fromEntries defines its keys, so that a key named __proto__ stays an ordinary one.
				Object.fromEntries(
					Object.entries(value).map(([key, entry]) => [text(key), redact(entry, depth + 1)]),
				);
			const redact = (value: Json, depth: number): Json => {
				if (typeof value === 'string') return text(value);
				if (typeof value === 'number') return number(value);
				if (typeof value !== 'object' || value === null) return value;
				if (depth > MAX_DEPTH) {
					cut = true;
					return CUT;
				}
				if (isJsonObject(value)) return redactObject(value, depth);
				return value.map((entry) => redact(entry, depth + 1));
			};
			return { payload: redactObject(body, 0), cut };
		},
	};
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

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
