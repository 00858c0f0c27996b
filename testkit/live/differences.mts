/**
 * Where an older n8n behaves differently, in one place: a test asks here by what differs, not by a version.
 * `npm run test:compat` counts a test that is not applicable, and prints the reason.
 */
const version = process.env.E2E_N8N_VERSION ?? '';

/** Whether the n8n under test is the given version or a newer one. */
function isFrom(other: string): boolean {
	return new Intl.Collator('en', { numeric: true }).compare(version, other) >= 0;
}

/**
 * Whether n8n takes a key with what a trigger hands to it, and stores one execution under it: 2.41.1 does, 2.8.4 does not.
 * Where it does not, the Gen Event Log Trigger hands each batch over once.
 */
export const storesExecutionsOnce = isFrom('2.41');

/**
 * Whether n8n stores a failed execution for what a trigger reports. n8n 1 cannot without taking the trigger down: there
 * the error is in n8n's log alone.
 */
export const storesTriggerErrors = isFrom('2');

type TestFunction = () => Promise<void>;

/** `it`, where something holds for this n8n; else the test is left out under a name that says why. */
export function itWhere(holds: boolean, whyNot: string) {
	return (name: string, test: TestFunction, timeoutMs?: number): void => {
		if (holds) it(name, test, timeoutMs);
		else it.skip(`${name} [not applicable: ${whyNot}]`, test, timeoutMs);
	};
}
