/** Whether long tests take all their cases, as in `.ci/run`; `npm test` takes a sample. */
export const isWhole = process.env.TEST_WHOLE === '1';

const FACTOR = Number(process.env.PROPERTY_FACTOR ?? 0);

/**
 * How a property is tried: in `npm test` with the same cases each time, so that a change is tested by what it
 * changes; with `PROPERTY_FACTOR=N` in the environment with N times as many, new ones each time.
 * @param numRuns how often in `npm test`
 */
export function tries(numRuns = 100): { numRuns: number; seed?: number } {
  return FACTOR > 0 ? { numRuns: numRuns * FACTOR } : { numRuns, seed: 20261125 };
}
