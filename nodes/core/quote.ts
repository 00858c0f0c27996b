const MAX_LENGTH = 60;

/** A text from a stranger in quotation marks: shortened, on one line, and nothing that could be markup. */
export function quote(text: string): string {
	const clean = text.replace(/[^\p{L}\p{N} ._~:/*+@-]/gu, '?');
	return `"${clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean}"`;
}
