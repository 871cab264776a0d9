import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LintError, systemError } from '../errors.ts';
import { displayNamed } from './named.ts';

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  /** Permissions, such as 0o600, whatever the umask; until it is complete only its owner can read it. */
  mode: number;
}

const OWNER_ONLY = 0o600;
const LONGEST_NAME = 100;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Creates files, all or none. Whatever already has one of the names, a dangling link too, is neither touched nor
 * followed. Signals are deferred until it is done.
 * @throws LintError where one exists already, or cannot be created
 */
export function createFiles(files: readonly NewFile[]): void {
  deferSignals(() => {
    refuseExisting(files.map(({ path }) => path));
    createAll(files.map((file) => ({ file, place: file.path })));
  });
}

/**
 * Refuses names that are taken, by a dangling link too.
 * @param help what to do about it
 * @throws LintError for the first of them
 */
export function refuseExisting(paths: readonly string[], help = OR_FORCE): void {
  for (const path of paths) if (statsOf(path) !== undefined) throw alreadyThere(path, help);
}

/**
 * Creates a folder and its parents where they do not exist (0755, less the umask).
 * @throws LintError where it cannot be created, or something else has its name
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw systemError(`the folder ${displayNamed(path)} cannot be created`, error);
    }
    throw new LintError(
      `${displayNamed(path)} is not a folder, so nothing was written`,
      'Name another folder.',
    );
  }
}

/**
 * Writes files, each atomically in place of what has its name: a file, or a link, which is not followed. Until all are
 * written they are temporary files beside their targets, which are removed if anything fails. Signals are deferred.
 * @throws LintError where one cannot be written, or its name belongs to something other than a file
 */
export function createOrReplaceFiles(files: readonly NewFile[]): void {
  deferSignals(() => {
    for (const { path } of files) refuseOther(path);
    const placed = files.map((file) => ({ file, place: temporaryPath(file.path) }));
    createAll(placed);
    try {
      for (const { file, place } of placed) translated(file.path, () => renameSync(place, file.path));
    } finally {
      for (const { place } of placed) rmSync(place, { force: true });
    }
  });
}

/**
 * Replaces the content of a file atomically. A symbolic link is followed; mode and owner are kept. The new content is
 * first written to a temporary file of mode 0600 beside it, which is removed if anything fails. Signals are deferred.
 * @param path of an existing file
 * @param before the content as it was read; a file that has changed since is left alone
 * @throws LintError where it cannot be replaced; then it is unchanged
 */
export function replaceFile(path: string, before: Buffer, bytes: Buffer): void {
  try {
    deferSignals(() => checkAndReplace(path, before, bytes));
  } catch (error) {
    if (error instanceof LintError) throw error;
    throw systemError(`${displayNamed(path)} cannot be replaced, and is unchanged`, error);
  }
}

/**
 * Writes a report to what the user named: a file, a device, a pipe.
 * @throws LintError where it cannot be written
 */
export function writeReportFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw systemError(`the report cannot be written to ${displayNamed(path)}`, error);
  }
}

function createAll(placed: readonly { file: NewFile; place: string }[]): void {
  const created: string[] = [];
  try {
    for (const { file, place } of placed) {
      translated(file.path, () => create(place, file));
      created.push(place);
    }
  } catch (error) {
    for (const place of created) rmSync(place, { force: true });
    throw error;
  }
}

function create(place: string, { text, mode }: NewFile): void {
  const descriptor = openSync(place, 'wx', OWNER_ONLY);
  try {
    writeFileSync(descriptor, text);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(place, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function checkAndReplace(path: string, before: Buffer, bytes: Buffer): void {
  const target = realpathSync(path);
  const stats = statSync(target);
  if (!stats.isFile()) {
    throw new LintError(
      `${displayNamed(path)} is not a file that can be edited`,
      'Name a file, not a pipe or a device.',
    );
  }
  if (!readFileSync(target).equals(before)) {
    throw new LintError(
      `${displayNamed(path)} has been changed by someone else in the meantime, so it was left alone`,
      'Run the command again.',
    );
  }
  replace(target, stats, bytes);
}

function replace(target: string, { mode, uid, gid }: Stats, bytes: Buffer): void {
  const temporary = temporaryPath(target);
  const descriptor = openSync(temporary, 'wx', OWNER_ONLY);
  try {
    writeFileSync(descriptor, bytes);
    keepOwner(descriptor, uid, gid);
    fsyncSync(descriptor);
    renameSync(temporary, target);
    fchmodSync(descriptor, mode & 0o7777);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Only root may give a file away; another user's file becomes the editor's own, as with any editor. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  if (process.getuid?.() === undefined || (process.getuid() === uid && process.getgid?.() === gid)) return;
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

/** An unused name beside a file that is to be replaced atomically. */
function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, LONGEST_NAME)}.${randomBytes(8).toString('hex')}`);
}

/** Does what must not be interrupted: signals that arrive meanwhile do not end the process. */
function deferSignals(work: () => void): void {
  const wait = () => {};
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}

function refuseOther(path: string): void {
  const stats = statsOf(path);
  if (stats === undefined || stats.isFile() || stats.isSymbolicLink()) return;
  throw new LintError(
    `${displayNamed(path)} is not a file, so nothing was written`,
    'Move it away, or name another folder.',
  );
}

function statsOf(path: string): Stats | undefined {
  return translated(path, () => lstatSync(path, { throwIfNoEntry: false }));
}

const OR_FORCE = 'Name another folder, or add --force to overwrite it.';

function alreadyThere(path: string, help = OR_FORCE): LintError {
  return new LintError(`${displayNamed(path)} already exists, so nothing was written`, help);
}

/** Does something with a file, and turns a system error into words for the user. */
function translated<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(path);
    throw systemError(`${displayNamed(path)} cannot be written`, error);
  }
}
