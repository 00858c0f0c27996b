import fc from 'fast-check';

const isLong = process.env.npm_lifecycle_event === 'test:fuzz';

/** How often each property is tried: FUZZ_RUNS in the environment, else many times in `npm run test:fuzz` alone. */
const numRuns = Number(process.env.FUZZ_RUNS ?? (isLong ? 10_000 : 100));

// Also while other programs use the machine.
jest.setTimeout(60_000 + numRuns * 400);

/**
 * FUZZ_SEED in the environment tries what an earlier run tried; a failure prints its seed. Without it `npm run
 * test:fuzz` tries something new each time, and every other command the same: no run of `npm test` differs from the last.
 */
const seed = process.env.FUZZ_SEED ?? (isLong ? undefined : '1');
fc.configureGlobal({ numRuns, ...(seed !== undefined && { seed: Number(seed) }) });

export const check = fc.assert;
