import { closest, distance } from 'fastest-levenshtein';

const LONGEST = 60;

/**
 * The candidate that a mistyped word most probably means: one that it begins with or that begins with it, else the one
 * with the fewest letters to change; null where none is near.
 * @param most how many letters may differ; a third of the candidate's where it is not given
 */
export function nearest(word: string, candidates: readonly string[], most?: number): string | null {
  if (candidates.length === 0) return null;
  const typed = word.slice(0, LONGEST).toLowerCase();
  const longer = candidates.find(
    (each) => each.length > 4 && (typed.startsWith(each) || each.startsWith(typed)),
  );
  if (most === undefined && longer && typed.length > 4) return longer;
  const candidate = closest(typed, [...candidates]);
  return distance(typed, candidate) <= (most ?? Math.ceil(candidate.length / 3)) ? candidate : null;
}
