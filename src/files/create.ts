import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { LintError } from '../errors.ts';
import { displayFile } from '../text/display.ts';
import { deferSignals } from './defer-signals.ts';
import { systemError } from './system-error.ts';
import { temporaryPath } from './temporary-path.ts';

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  /** Permissions, such as 0o600, whatever the umask; until it is written only its owner can read it. */
  mode: number;
}

const OWNER_ONLY = 0o600;

/**
 * Creates files, all or none. Nothing that has one of the names already is touched or followed, be it a link.
 * Signals wait until it is done.
 * @throws LintError where one is there already, or cannot be created
 */
export function createFiles(files: readonly NewFile[]): void {
  deferSignals(() => {
    refuseExisting(files.map(({ path }) => path));
    createAll(files.map((file) => ({ file, place: file.path })));
  });
}

/**
 * Refuses where anything has one of the names, be it a link that leads nowhere.
 * @throws LintError likewise
 */
export function refuseExisting(paths: readonly string[]): void {
  for (const path of paths) if (statsOf(path) !== undefined) throw alreadyThere(path);
}

/**
 * Makes a folder and those above it, where they are not there (0755, less the umask).
 * @throws LintError where it cannot be made, or something else has its name
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw systemError(`the folder ${displayFile(path)} cannot be made`, error);
    }
    throw new LintError(`${displayFile(path)} is no folder, so nothing was written`, 'Name another folder.');
  }
}

/**
 * Writes files, each in one step in the place of what has its name: another file, or a link, which is not followed.
 * Until all are written they are neighbours, which are taken away if anything fails. Signals wait until it is done.
 * @throws LintError where one cannot be written, or something else than a file has its name
 */
export function createOrReplaceFiles(files: readonly NewFile[]): void {
  deferSignals(() => {
    for (const { path } of files) refuseOther(path);
    const placed = files.map((file) => ({ file, place: temporaryPath(file.path) }));
    createAll(placed);
    try {
      for (const { file, place } of placed) inWords(file.path, () => renameSync(place, file.path));
    } finally {
      for (const { place } of placed) rmSync(place, { force: true });
    }
  });
}

function createAll(placed: readonly { file: NewFile; place: string }[]): void {
  const created: string[] = [];
  try {
    for (const { file, place } of placed) {
      inWords(file.path, () => create(place, file));
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

function refuseOther(path: string): void {
  const stats = statsOf(path);
  if (stats === undefined || stats.isFile() || stats.isSymbolicLink()) return;
  throw new LintError(
    `${displayFile(path)} is no file, so nothing was written`,
    'Move it away, or name another folder.',
  );
}

function statsOf(path: string): Stats | undefined {
  return inWords(path, () => lstatSync(path, { throwIfNoEntry: false }));
}

function alreadyThere(path: string): LintError {
  return new LintError(
    `${displayFile(path)} is there already, so nothing was written`,
    'Name another folder, or add --force to overwrite it.',
  );
}

/** Does something with a file; what the system says of it becomes a message for a person. */
function inWords<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(path);
    throw systemError(`${displayFile(path)} cannot be written`, error);
  }
}
