/**
 * Does the same to each thing of a list, so many at a time.
 * @returns in the order of the list
 */
export async function inParallel<T, R>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = things.entries();
  const worker = async (): Promise<void> => {
    for (const [at, thing] of waiting) results[at] = await work(thing, at);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
