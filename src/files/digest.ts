import { readFileSync, statSync } from 'node:fs';

/** What files hold: a digest by their path; empty for what is no file, or cannot be read. */
export type Digests = ReadonlyMap<string, string>;

/** Takes the digests of files. */
export function digestsOf(paths: readonly string[]): Digests {
  return new Map(paths.map((path) => [path, digestOf(path)]));
}

/** A file that one of the two has otherwise, or not at all; null where there is none. */
export function changedFile(before: Digests, after: Digests): string | null {
  const all = [...before.keys(), ...after.keys()];
  return all.find((path) => before.get(path) !== after.get(path)) ?? null;
}

/** Larger ones, which a folder may hold beside its chart, are told by their size and time. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A pipe would wait for ever. */
function digestOf(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return '';
    if (stats.size > MAX_BYTES) return `${stats.size} ${stats.mtimeMs}`;
    const { createHash } = process.getBuiltinModule('node:crypto');
    return createHash('sha256').update(readFileSync(path)).digest('base64');
  } catch {
    return '';
  }
}
