import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { leftovers, temporaryPath } from './temporary.ts';

/** A file that is complete, and the name that it shall have, in the same folder. */
export interface Replacement {
  place: string;
  path: string;
}

/**
 * Gives complete files their names, in place of what has them, all at one moment: whoever reads the files, also after a
 * kill at any time, finds either all old or all new ones. No system renames two files at once, so both names become
 * links, by way of one link to a folder, which a single rename turns from the old files to the new ones.
 *
 *     tls.key ─▶ STORE/now/tls.key    STORE/now ─▶ old, then new
 *
 * @returns false where that cannot be done, and nothing was: in several folders, in place of links, without links
 * @throws a system error, and what was there is put back, but for one after that moment
 */
export function replaceTogether(all: readonly Replacement[]): boolean {
  const [first] = all;
  if (first === undefined || !all.every(({ path }) => isReplaceable(path, first))) return false;
  const store = temporaryPath(join(dirname(first.path), STORE));
  try {
    fillStore(store, all);
  } catch {
    rmSync(store, { recursive: true, force: true });
    return false;
  }
  try {
    for (const { path } of all) linkInto(store, path);
    symlinkSync('new', join(store, 'next'));
    renameSync(join(store, 'next'), join(store, NOW));
  } catch (error) {
    settle(store);
    throw error;
  }
  settle(store);
  return true;
}

/** Ends what a run that was killed had begun in a folder: the names are files again, as one found them until now. */
export function settleLeftovers(folder: string): void {
  for (const store of leftovers(join(folder, STORE), 'folder')) {
    try {
      settle(store);
    } catch {
      // It is still what the names lead to.
    }
  }
}

const STORE = 'pair';
const NOW = 'now';

function isReplaceable(path: string, first: Replacement): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return dirname(path) === dirname(first.path) && (stats === undefined || stats.isFile());
}

function fillStore(store: string, all: readonly Replacement[]): void {
  for (const folder of [store, join(store, 'old'), join(store, 'new')]) mkdirSync(folder, { mode: 0o755 });
  for (const { place, path } of all) {
    linkSync(place, join(store, 'new', basename(path)));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      linkSync(path, join(store, 'old', basename(path)));
    }
  }
  symlinkSync('old', join(store, NOW));
}

/** A name without a file before leads nowhere at first. */
function linkInto(store: string, path: string): void {
  const link = join(store, 'link');
  symlinkSync(targetIn(store, basename(path)), link);
  renameSync(link, path);
}

const targetIn = (store: string, name: string): string => join(basename(store), NOW, name);

/** Makes files of the names that lead into a store, with the content that they have, and removes it. */
function settle(store: string): void {
  // One that is not filled has no links to it yet.
  const names = existsSync(join(store, NOW)) ? readdirSync(join(store, 'new')) : [];
  for (const name of names) {
    const path = join(dirname(store), name);
    if (!isLinkTo(path, targetIn(store, name))) continue;
    const file = join(store, NOW, name);
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) rmSync(path);
    else renameSync(file, path);
  }
  rmSync(store, { recursive: true, force: true });
}

function isLinkTo(path: string, target: string): boolean {
  try {
    return readlinkSync(path) === target;
  } catch {
    return false;
  }
}
