import { setTimeout as sleep } from 'node:timers/promises';

/** What takes a second may take a minute while other programs use the machine too. */
export const PATIENCE_MS = 120_000;

/**
 * Asks until there is an answer: anything but undefined and false. An error ends it.
 * When that takes too long, it throws what `late` returns, as an Error where it is a text.
 * (p-wait-for does the same, but is an ES module, which jest cannot load here.)
 */
export async function waitFor<T>(
	ask: () => T | Promise<T>,
	late: () => unknown,
	{ timeoutMs = PATIENCE_MS, everyMs = 50 } = {},
): Promise<Exclude<T, undefined | false>> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) {
			return answer as Exclude<T, undefined | false>;
		}
		if (Date.now() > deadline) {
			const problem = late();
			throw typeof problem === 'string' ? new Error(problem) : problem;
		}
		await sleep(everyMs);
	}
}

/** Tries until nothing is thrown. When that takes too long, it throws the last error. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
	let failure: unknown;
	const { value } = await waitFor(
		async () => {
			try {
				return { value: await attempt() };
			} catch (error) {
				failure = error;
				return undefined;
			}
		},
		() => failure,
	);
	return value;
}
