import fc, { type IAsyncProperty, type IProperty } from 'fast-check';

/** How often each property is tried: FUZZ_RUNS in the environment, else many times in `npm run test:fuzz` alone. */
export const numRuns = Number(
	process.env.FUZZ_RUNS ?? (process.env.npm_lifecycle_event === 'test:fuzz' ? 10_000 : 300),
);

// Also while other programs use the machine.
jest.setTimeout(60_000 + numRuns * 400);

/** FUZZ_SEED in the environment tries what an earlier run tried; a failure prints its seed. */
const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };

export function check<T>(property: IAsyncProperty<T>): Promise<void>;
export function check<T>(property: IProperty<T>): void;
export function check<T>(property: IAsyncProperty<T> | IProperty<T>): Promise<void> | void {
	return fc.assert(property, { numRuns, ...seed });
}
