/** Whether long tests take all their cases, as in `.ci/run`; `npm test` takes a sample. */
export const isWhole = process.env.TEST_WHOLE === '1';

/**
 * All of a list where long tests take all their cases; else every `n`th of it.
 * @param at which of the `n` is the first: counted up, each has its turn
 */
export function sampled<T>(all: readonly T[], n: number, at = 0): readonly T[] {
  return isWhole ? all : all.filter((_, index) => index % n === at % n);
}

const FACTOR = Number(process.env.PROPERTY_FACTOR ?? 0);

/**
 * How a property is tried: with the same cases each time, so that a change is tested by what it changes, of which
 * `npm test` takes the first half; with `PROPERTY_FACTOR=N` in the environment with N times as many, new ones each time.
 * @param numRuns how often where long tests take all their cases
 */
export function tries(numRuns = 100): { numRuns: number; seed?: number } {
  return FACTOR > 0
    ? { numRuns: numRuns * FACTOR }
    : { numRuns: isWhole ? numRuns : Math.ceil(numRuns / 2), seed: 20261125 };
}
