/** A function that keeps what it answered to each text, and forgets it all when that is more than `limit` answers. */
export function remembering<T>(limit: number, answer: (text: string) => T): (text: string) => T {
	const answers = new Map<string, { value: T }>();
	return (text) => {
		const known = answers.get(text);
		if (known) return known.value;
		const value = answer(text);
		if (answers.size >= limit) answers.clear();
		answers.set(text, { value });
		return value;
	};
}
