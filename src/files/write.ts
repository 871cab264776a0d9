import {
  closeSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
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
import { dirname } from 'node:path';
import { LintError, systemError } from '../errors.ts';
import type { Io } from '../io.ts';
import { copyAccess } from './access.ts';
import { displayNamed } from './named.ts';
import { refuseFileRead } from './read.ts';
import { removeLeftovers, temporaryPath } from './temporary.ts';
import { replaceTogether, settleLeftovers } from './together.ts';

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  /** Permissions, such as 0o600, whatever the umask; until it is complete only its owner can read it. */
  mode: number;
}

const OWNER_ONLY = 0o600;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Creates files, all or none, each whole or not at all. Whatever already has one of the names, a dangling link too, is
 * neither touched nor followed. Signals are deferred until it is done.
 * @throws LintError where one exists already, or cannot be created
 */
export function createFiles(files: readonly NewFile[]): void {
  deferSignals(() => {
    settleFolders(files);
    for (const { path } of files) removeLeftovers(path);
    refuseExisting(files.map(({ path }) => path));
    writeAll(files, false);
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
 * Writes files, all or none, each atomically in place of what has its name: a file, or a link, which is not followed.
 * Until all are complete they are temporary files beside their targets, and then they are all there at one moment, where
 * that can be done. If anything fails, what was there is put back. Signals are deferred.
 * @throws LintError where one cannot be written, was read by this run, or its name belongs to something other than a file
 */
export function createOrReplaceFiles(files: readonly NewFile[], io: Io): void {
  deferSignals(() => {
    settleFolders(files);
    for (const { path } of files) {
      refuseFileRead(path, io);
      refuseOther(path);
      removeLeftovers(path);
    }
    writeAll(files, true);
  });
}

/**
 * Replaces the content of a file atomically. A symbolic link is followed; who may read the file stays, or becomes fewer.
 * The new content is first written to a temporary file beside it, which is removed if anything fails, and by the next run
 * where this one was killed. Signals are deferred.
 * @param path of an existing file
 * @param before the content as it was read; a file that has changed since is left alone
 * @returns what the user should know of the new file, in words
 * @throws LintError where it cannot be replaced; then it is unchanged
 */
export function replaceFile(path: string, before: Buffer, bytes: Buffer): string[] {
  try {
    return deferSignals(() => checkAndReplace(path, before, bytes));
  } catch (error) {
    if (error instanceof LintError) throw error;
    throw systemError(`${displayNamed(path)} cannot be replaced, and is unchanged`, error);
  }
}

/**
 * Writes a report to what the user named: a file, a device, a pipe.
 * @throws LintError where it cannot be written, or this run has read that file
 */
export function writeReportFile(path: string, text: string, io: Io): void {
  refuseFileRead(path, io);
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw systemError(`the report cannot be written to ${displayNamed(path)}`, error);
  }
}

/** So that what another run has left half done decides nothing. */
function settleFolders(files: readonly NewFile[]): void {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) settleLeftovers(folder);
}

function writeAll(files: readonly NewFile[], isForced: boolean): void {
  const all = files.map((file) => ({
    file,
    place: temporaryPath(file.path),
    /** Where what has the name is kept until all is done. */
    aside: temporaryPath(file.path),
    isDone: false,
  }));
  try {
    for (const { file, place } of all) translated(file.path, () => create(place, file));
    if (isForced && isReplacedTogether(all)) return;
    if (isForced) for (const { file, aside } of all) translated(file.path, () => putAside(file.path, aside));
    // Right after one another: only a kill between them could leave the one new and the other old.
    for (const each of all) {
      const { file, place } = each;
      translated(file.path, () => (isForced ? renameSync(place, file.path) : createFrom(place, file)));
      each.isDone = true;
    }
  } catch (error) {
    for (const { file, aside, isDone } of all) {
      if (statsOf(aside) !== undefined) renameSync(aside, file.path);
      else if (isDone) rmSync(file.path, { force: true });
    }
    throw error;
  } finally {
    for (const { file, place, aside } of all) {
      for (const path of [place, aside]) rmSync(path, { force: true });
      syncFolder(file.path);
    }
  }
}

function isReplacedTogether(all: readonly { file: NewFile; place: string }[]): boolean {
  const [{ file } = { file: { path: '' } }] = all;
  return translated(file.path, () =>
    replaceTogether(all.map(({ place, file: { path } }) => ({ place, path }))),
  );
}

/** A link fails where the name is taken; where there are no links, the file is written under its name at once. */
function createFrom(place: string, file: NewFile): void {
  try {
    linkSync(place, file.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    create(file.path, file);
  }
}

/** Gives what is there a second name; a file keeps the first one, so that at no moment it has gone. */
function putAside(path: string, aside: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  try {
    if (stats.isFile()) linkSync(path, aside);
    else renameSync(path, aside);
  } catch {
    // Not every file system has links, nor may every file be linked.
    renameSync(path, aside);
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

function checkAndReplace(path: string, before: Buffer, bytes: Buffer): string[] {
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
  removeLeftovers(target);
  return replace(target, stats, bytes);
}

function replace(target: string, stats: Stats, bytes: Buffer): string[] {
  const temporary = temporaryPath(target);
  const descriptor = openSync(temporary, 'wx', OWNER_ONLY);
  try {
    const { mode, notes } = copyAccess(descriptor, temporary, target, stats);
    ftruncateSync(descriptor);
    writeFileSync(descriptor, bytes);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
    renameSync(temporary, target);
    syncFolder(target);
    return [...notes, ...surprises(stats)];
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function surprises({ nlink, mode }: Stats): string[] {
  return [
    ...(nlink > 1
      ? [`it had ${nlink} names (hard links); under the others the old content is still there`]
      : []),
    ...((mode & 0o222) === 0 ? ['it was read-only, and still is'] : []),
  ];
}

/** So that the new name outlives a power cut; not every system lets a folder be opened. */
function syncFolder(path: string): void {
  try {
    const descriptor = openSync(dirname(path), 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {}
}

/** Does what must not be interrupted: signals that arrive meanwhile do not end the process. */
function deferSignals<T>(work: () => T): T {
  const wait = () => {};
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    return work();
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
