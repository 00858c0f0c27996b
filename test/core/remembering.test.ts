import { remembering } from '../../nodes/core/remembering';

/** A function that remembers, and what it was really asked. */
function counted(limit: number) {
	const asked: string[] = [];
	const answer = remembering(limit, (text): string | undefined => {
		asked.push(text);
		return text === '' ? undefined : text.toUpperCase();
	});
	return { asked, answer };
}

it('works out each answer once, also that there is none', () => {
	const { asked, answer } = counted(10);
	for (const text of ['a', '', 'a', '', '__proto__', '__proto__']) {
		expect(answer(text)).toBe(text === '' ? undefined : text.toUpperCase());
	}
	expect(asked).toEqual(['a', '', '__proto__']);
});

it('keeps no more answers than it may', () => {
	const { asked, answer } = counted(2);
	for (const text of ['a', 'b', 'b', 'c', 'a']) answer(text);
	expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
