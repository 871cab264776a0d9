import { existsSync } from 'node:fs';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the test files of one run keep what they share; it goes with that run. A file that is run alone has none. */
export const SHARED = process.env.TEST_SHARED;

/**
 * Makes a folder that all test files share, or waits for the one that makes it.
 *
 * @param make makes the folder that it is given
 * @returns its path
 * @throws whatever `make` does; then the next file tries
 */
export async function sharedFolder(
  shared: string,
  name: string,
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = join(shared, name);
  const unfinished = `${folder}.unfinished`;
  for (; !existsSync(folder); await sleep(50)) {
    const isOurs = await mkdir(`${folder}.lock`).then(
      () => true,
      () => false,
    );
    if (!isOurs) continue;
    try {
      if (!existsSync(folder)) {
        await make(unfinished);
        await rename(unfinished, folder);
      }
    } finally {
      await rmdir(`${folder}.lock`);
    }
  }
  return folder;
}
