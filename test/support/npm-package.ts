import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where what tests fetch is kept; git ignores it. */
export const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

/** A package that tests use but no installation of the project should carry. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/**
 * Lets npm fetch, verify and unpack one package, without its peer dependencies.
 *
 * @param work an empty folder
 * @returns the package's folder in it
 */
export async function fetchPackage({ name, version, integrity }: NpmPackage, work: string): Promise<string> {
  const dependencies = { [name]: version };
  const lock = {
    lockfileVersion: 3,
    packages: { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } },
  };
  await writeFile(join(work, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await writeFile(join(work, 'package-lock.json'), JSON.stringify(lock));
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps', ...quiet], { cwd: work });
  return join(work, 'node_modules', name);
}
