import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LintError, systemError } from '../errors.ts';
import { exitStatusOf } from '../io.ts';
import { displayFile } from '../text/display.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `use` with a temporary folder, and removes it at the end, also where a signal ends this process. One that holds
 * something is removed by the next run where this one is killed.
 * @param holdsContent whether it holds more than links and what this program made up
 * @param fill puts into it what `use` needs
 * @returns what `use` returns
 * @throws LintError where it cannot be made or filled
 */
export async function withFolder<T>(
  holdsContent: boolean,
  fill: (folder: string) => void,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await make(holdsContent, fill);
  const remove = () => removeFolder(folder);
  const end = (signal: NodeJS.Signals) => process.exit(exitStatusOf(signal));
  process.once('exit', remove);
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await use(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    process.off('exit', remove);
    remove();
  }
}

/** What the temporary folder cannot be used for. */
export function cannotUse(what: string, error: unknown): LintError {
  const { message } = systemError(`${what} in ${displayFile(tmpdir())}`, error);
  return new LintError(
    message,
    'Free some space there, make that folder writable, or name another: TMPDIR=/path/to/folder',
  );
}

/**
 * Where little may be put, the best first: in memory, where there is such a folder and the user names no other. On a busy
 * disk, a few small files take milliseconds.
 */
export function smallPlaces(): string[] {
  return process.env.TMPDIR ? [tmpdir()] : ['/dev/shm', tmpdir()];
}

async function make(holdsContent: boolean, fill: (folder: string) => void): Promise<string> {
  const name = holdsContent ? await unusedName() : null;
  let failure: unknown;
  for (const place of name === null ? smallPlaces() : [tmpdir()]) {
    let folder: string | null = null;
    try {
      folder = name === null ? mkdtempSync(join(place, 'lightrun-cert-')) : made(name);
      fill(folder);
      return folder;
    } catch (error) {
      if (folder !== null) removeFolder(folder);
      failure = error instanceof LintError ? error : cannotUse('no temporary folder can be made', error);
    }
  }
  throw failure;
}

/** A name by which the next run knows what this one has left. */
async function unusedName(): Promise<string> {
  const { removeLeftovers, temporaryPath } = await import('../files/temporary.ts');
  const path = join(tmpdir(), 'chart');
  removeLeftovers(path, 'folder');
  return temporaryPath(path);
}

function made(path: string): string {
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** To load what Node's own `rmSync` needs for a folder takes a cold process longer than to remove it. */
function removeFolder(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) removeFolder(path);
      else unlinkSync(path);
    }
    rmdirSync(folder);
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
}
