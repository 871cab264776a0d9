/**
 * Finds where a value belongs among sorted ones.
 *
 * @param sorted ascending, its first not greater than `value`
 * @returns the index of the last that is not greater; found in logarithmic time
 */
export function lastNotAfter(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
