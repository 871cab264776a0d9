import { readFileSync, statSync } from 'node:fs';

/** What files hold, by their path: bytes or a digest; an empty string for what is not a file, or cannot be read. */
export type Contents = ReadonlyMap<string, Buffer | string>;

/** Bytes are kept of so many files as fit in here; to load what makes digests takes a cold process longer. */
const MOST_KEPT = 16 * 1024 * 1024;
/** Larger files, which a folder may hold beside its chart, are told by their size and times. */
const LARGEST_READ = 16 * 1024 * 1024;

/** Takes what files hold now. */
export function contentsOf(paths: readonly string[]): Contents {
  let left = MOST_KEPT;
  return new Map(
    paths.map((path) => {
      const bytes = contentOf(path);
      if (typeof bytes === 'string') return [path, bytes];
      left -= bytes.length;
      return [path, left < 0 ? digestOf(bytes) : bytes];
    }),
  );
}

/** A file that one of the two has otherwise, or not at all; null where there is none. */
export function changedFile(before: Contents, after: Contents): string | null {
  const all = [...before.keys(), ...after.keys()];
  return all.find((path) => !isSame(before.get(path), after.get(path))) ?? null;
}

function isSame(one: Buffer | string | undefined, other: Buffer | string | undefined): boolean {
  if (typeof one === 'object' && typeof other === 'object') return one.equals(other);
  return one === other || (one !== undefined && other !== undefined && digestOf(one) === digestOf(other));
}

/** A pipe would wait for ever. */
function contentOf(path: string): Buffer | string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return '';
    if (stats.size <= LARGEST_READ) return readFileSync(path);
    return `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
  } catch {
    return '';
  }
}

/** What is no longer bytes stays as it is. */
function digestOf(content: Buffer | string): string {
  if (typeof content === 'string') return content;
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(content).digest('base64');
}
