import { LintError } from '../errors.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import type { ManifestObject } from './form.ts';
import { mayHoldReleases } from './may-hold-releases.ts';

/** The other files of the same invocation, and those beside them that manifests name. */
export interface OtherFiles {
  /** All files of the invocation, by path; standard input is none of them. */
  paths: readonly string[];
  /** Reads one; null where it cannot be read. */
  read(path: string): Input | null;
  /** The objects in all of them, read once. */
  objects(): Promise<readonly ManifestObject[]>;
}

/** @param paths of the invocation, `-` for standard input */
export function otherFilesOf(paths: readonly string[], io: Io): OtherFiles {
  const named = paths.filter((path) => path !== STDIN);
  const read = (path: string): Input | null => {
    try {
      return readInput(path, io);
    } catch (error) {
      if (error instanceof LintError) return null;
      throw error;
    }
  };
  let objects: Promise<readonly ManifestObject[]> | undefined;
  return {
    paths: named,
    read,
    objects() {
      objects ??= objectsOf(named, read);
      return objects;
    },
  };
}

/** The code for it is loaded only where a manifest refers to another. */
async function objectsOf(paths: readonly string[], read: OtherFiles['read']): Promise<ManifestObject[]> {
  const found: ManifestObject[] = [];
  for (const path of paths) {
    const input = read(path);
    if (input === null || !(mayHoldReleases(input.bytes) || mayHoldSecrets(input.bytes))) continue;
    const { readObjects } = await import('./objects.ts');
    found.push(...(await readObjects(input.bytes, input.name)).objects);
  }
  return found;
}
