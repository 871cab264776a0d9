import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LintError, systemError } from '../errors.ts';
import { exitStatusOf } from '../io.ts';
import { displayFile } from '../text/display.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `use` with a temporary folder, and removes it at the end, also where a signal ends this process.
 * @returns what `use` returns
 * @throws LintError where it cannot be made
 */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = make();
  const remove = () => rmSync(folder, { recursive: true, force: true });
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

function make(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  } catch (error) {
    throw cannotUse('no temporary folder can be made', error);
  }
}
