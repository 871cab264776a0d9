import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve, sep } from 'node:path';
import type { Input } from '../files/read.ts';
import { STDIN_NAME } from '../values/values.ts';
import type { ManifestFile, ManifestIndex, ManifestObject } from './form.ts';
import type { OtherFiles } from './other-files.ts';

/** Looks objects up in the file itself, then in the others. */
export function indexOf(own: readonly ManifestObject[], others: OtherFiles | undefined): ManifestIndex {
  const file = own[0]?.file.name;
  return {
    async find(kind, name, namespace) {
      const isWanted = (each: ManifestObject) =>
        each.kind === kind &&
        (name === null || each.name === name) &&
        (namespace === null || each.namespace === null || each.namespace === namespace);
      const here = own.filter(isWanted);
      if (here.length > 0 || others === undefined) return here;
      return (await others.objects()).filter((each) => each.file.name !== file && isWanted(each));
    },
  };
}

/**
 * Reads a file that a manifest names, where it is inside the same working tree.
 * @param file a path from the manifest's folder; with a leading `/`, from the top of the tree
 */
export function readBeside(
  { name }: ManifestFile,
  file: string,
  others: OtherFiles | undefined,
): Input | null {
  if (others === undefined) return null;
  const folder = name === STDIN_NAME ? '.' : dirname(name);
  const top = topOf(folder);
  const path = file.startsWith('/') ? relative('.', join(top, file)) || '.' : normalize(join(folder, file));
  try {
    const real = realpathSync(path);
    if (real !== top && !real.startsWith(top + sep)) return null;
  } catch {
    return null;
  }
  return others.read(path);
}

/** The top of the Git working tree; without one the current folder, or the manifest's own outside it. */
function topOf(folder: string): string {
  const start = realpathSync(resolve(folder));
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) break;
  }
  const current = realpathSync('.');
  return start === current || start.startsWith(current + sep) ? current : start;
}
