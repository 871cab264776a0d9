import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { LintError } from '../errors.ts';
import { quote } from '../options/flags.ts';
import { deferSignals } from './defer-signals.ts';
import { systemError } from './system-error.ts';
import { temporaryPath } from './temporary-path.ts';

/**
 * Puts new bytes in the place of a file's in one step: there is never half a file. A symbolic link is followed; mode
 * and owner stay. Until then the bytes are in a neighbour of mode 0600, which is taken away if anything fails; signals
 * wait that long.
 * @param path of a file that is there
 * @param before what was read from it; where it holds anything else by now, it is left alone
 * @throws LintError where it cannot be replaced; then it is as it was
 */
export function replaceFile(path: string, before: Buffer, bytes: Buffer): void {
  try {
    deferSignals(() => checkAndReplace(path, before, bytes));
  } catch (error) {
    if (error instanceof LintError) throw error;
    throw systemError(`${quote(path)} cannot be replaced, and is as it was`, error);
  }
}

function checkAndReplace(path: string, before: Buffer, bytes: Buffer): void {
  const target = realpathSync(path);
  const stats = statSync(target);
  if (!stats.isFile()) {
    throw new LintError(`${quote(path)} is no file that can be edited`, 'Name a file, not a pipe or device.');
  }
  if (!readFileSync(target).equals(before)) {
    throw new LintError(
      `${quote(path)} was changed by someone else in the meantime, so it was left alone`,
      'Run the command again.',
    );
  }
  replace(target, stats, bytes);
}

function replace(target: string, { mode, uid, gid }: Stats, bytes: Buffer): void {
  const neighbour = temporaryPath(target);
  const descriptor = openSync(neighbour, 'wx', 0o600);
  try {
    writeFileSync(descriptor, bytes);
    keepOwner(descriptor, uid, gid);
    fsyncSync(descriptor);
    renameSync(neighbour, target);
    fchmodSync(descriptor, mode & 0o7777);
  } catch (error) {
    rmSync(neighbour, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Only root may give a file away; another's file, edited by someone who may, becomes theirs, as with any editor. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  if (process.getuid?.() === undefined || (process.getuid() === uid && process.getgid?.() === gid)) return;
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
