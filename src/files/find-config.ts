import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The name of the configuration file. */
export const CONFIG_FILE = '.lightrun-cert.yaml';

/**
 * The configuration file of a folder: the one in it, else the nearest one above it inside the same Git repository.
 * @param folder an absolute path
 * @returns its absolute path; null where there is none
 */
export function findConfig(folder: string): string | null {
  let nearest: string | null = null;
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, CONFIG_FILE);
    if (nearest === null && existsSync(file)) nearest = file;
    // In this very folder it counts without Git, too.
    if (nearest !== null && at === folder) return nearest;
    // A folder, or a file in a worktree or submodule.
    if (existsSync(join(at, '.git'))) return nearest;
    if (at === dirname(at)) return null;
  }
}
