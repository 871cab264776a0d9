import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, rmSync, type Stats } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const MARK = 'lightrun-cert';
const LONGEST_NAME = 100;
const NAME = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{16}$/;
/** To write a file takes milliseconds; where a process number says nothing, an older one is of a run that was killed. */
const LONGEST_USE = 10 * 60_000;

/** An unused name beside a file. It says which process uses it, so that a later run can tell a leftover. */
export function temporaryPath(path: string): string {
  const unique = randomBytes(8).toString('hex');
  return join(dirname(path), `${prefixOf(path)}${machine()}-${process.pid}-${unique}`);
}

/**
 * Removes what a run that was killed left beside a file, which may hold a private key. What cannot be removed stays.
 * @param kind what was left
 */
export function removeLeftovers(path: string, kind: Kind = 'file'): void {
  for (const place of leftovers(path, kind)) {
    try {
      rmSync(place, { force: true, recursive: kind === 'folder' });
    } catch {}
  }
}

type Kind = 'file' | 'folder';

/**
 * What a run that was killed left beside a file: only what has this program's own names, belongs to this user or to the
 * file's owner, and is not used by another run.
 */
export function leftovers(path: string, kind: Kind): string[] {
  const owners = [process.geteuid?.(), statsOf(path)?.uid];
  return namesIn(dirname(path)).flatMap((name) => {
    if (!name.startsWith(prefixOf(path))) return [];
    const place = join(dirname(path), name);
    const [, host, pid] = NAME.exec(name.slice(prefixOf(path).length)) ?? [];
    const stats = statsOf(place);
    if (host === undefined || stats === undefined) return [];
    if (!(kind === 'file' ? stats.isFile() : stats.isDirectory())) return [];
    if (owners[0] !== undefined && !owners.includes(stats.uid)) return [];
    return isInUse(host, Number(pid), stats) ? [] : [place];
  });
}

/** A process number is used again; and it means nothing on another machine, or in another container. */
function isInUse(host: string, pid: number, { ctimeMs }: Stats): boolean {
  if (Date.now() - ctimeMs > LONGEST_USE) return false;
  return host !== machine() || (pid !== process.pid && isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function prefixOf(path: string): string {
  return `.${basename(path).slice(0, LONGEST_NAME)}.${MARK}-`;
}

/** Where the numbers of processes are the same: the machine and, on Linux, the namespace. */
function machine(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {}
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
