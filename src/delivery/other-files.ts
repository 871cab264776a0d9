import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { LintError } from '../errors.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import { STDIN_NAME } from '../values/values.ts';
import type { ManifestObject } from './form.ts';
import { mayHoldReleases } from './may-hold-releases.ts';

/** The files of the same invocation, and those beside them that manifests name. */
export interface OtherFiles {
  /** Those that can be read, in their order; standard input is none of them. */
  inputs(): Iterable<Input>;
  /** Reads one by the name that reports give it; null where it cannot be read. */
  read(name: string): Input | null;
  /** The objects in all of them, read once. */
  objects(): Promise<readonly ManifestObject[]>;
  /**
   * Reads a file that a manifest names.
   * @param manifest what reports call it
   * @param file a path from its folder; with a leading `/`, from the top of its working tree
   * @returns null where it is not there, or outside the working tree
   */
  beside(manifest: string, file: string): Input | null;
}

/** Files on disk, each read when it is asked for. */
export function filesOnDisk(paths: readonly string[], io: Io): OtherFiles {
  const read = (path: string): Input | null => {
    try {
      return readInput(path, io);
    } catch (error) {
      if (error instanceof LintError) return null;
      throw error;
    }
  };
  const inputs = function* () {
    for (const path of paths) {
      const input = path === STDIN ? null : read(path);
      if (input !== null) yield input;
    }
  };
  return {
    inputs,
    read,
    objects: objectsOnce(inputs),
    beside(manifest, file) {
      const path = pathBeside(manifest === STDIN_NAME ? '.' : dirname(manifest), file);
      return path === null ? null : read(path);
    },
  };
}

/** Files at hand; nothing is read. */
export function filesInMemory(given: readonly Input[]): OtherFiles {
  const inputs = () => given;
  return {
    inputs,
    read: (name) => given.find((each) => each.name === name) ?? null,
    objects: objectsOnce(inputs),
    beside(manifest, file) {
      const path = file.startsWith('/') ? normalize(file.slice(1)) : normalize(join(dirname(manifest), file));
      return given.find(({ name }) => normalize(name) === path) ?? null;
    },
  };
}

/** The code for it is loaded only where a manifest refers to another. */
function objectsOnce(inputs: () => Iterable<Input>): OtherFiles['objects'] {
  let objects: Promise<readonly ManifestObject[]> | undefined;
  const read = async () => {
    const found: ManifestObject[] = [];
    for (const { bytes, name } of inputs()) {
      if (!mayHoldReleases(bytes) && !mayHoldSecrets(bytes)) continue;
      const { readObjects } = await import('./objects.ts');
      found.push(...(await readObjects(bytes, name)).objects);
    }
    return found;
  };
  return () => {
    objects ??= read();
    return objects;
  };
}

/** The path of a file inside the same working tree; null where there is none. */
function pathBeside(folder: string, file: string): string | null {
  try {
    const top = topOf(folder);
    const path = file.startsWith('/') ? relative('.', join(top, file)) : normalize(join(folder, file));
    return realpathSync(path).startsWith(top + sep) ? path : null;
  } catch {
    // It is not there.
    return null;
  }
}

/** The top of the Git working tree; without one the current folder, or the manifest's own outside it. */
function topOf(folder: string): string {
  const start = realpathSync(resolve(folder));
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) break;
  }
  const current = realpathSync('.');
  return start.startsWith(current + sep) ? current : start;
}
