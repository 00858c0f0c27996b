/**
 * The values of a header, as often as it was sent. The headers object hides some: Node.js keeps only the first
 * `Authorization` and joins others.
 *
 * @param rawHeaders names and values in turn, as in Node.js
 */
export const headerValues = (rawHeaders: readonly string[], name: string): string[] =>
	rawHeaders.filter(
		(_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name.toLowerCase(),
	);
