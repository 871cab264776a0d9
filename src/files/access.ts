import { spawnSync } from 'node:child_process';
import { fchmodSync, fchownSync, fstatSync, type Stats } from 'node:fs';

const GROUP = 0o070;
const TIMEOUT = 10_000;

/**
 * What makes the system's `cp` keep owner, group, mode, access control list and extended attributes: GNU's long option,
 * which others refuse; the `-p` of macOS and the BSDs, which on Linux would keep no access control list.
 */
const KEEP_ALL = process.platform === 'linux' ? '--preserve=all' : '-p';

/** Who may read a file. */
export interface Access {
  /** The mode that it is to have once it is complete; until then it is its owner's alone. */
  mode: number;
  /** What could not be kept, in words. */
  notes: string[];
}

/**
 * Gives a new file who may read another one: its owner, group and mode, and by the system's `cp`, which writes the other's
 * content too, its access control list and extended attributes. Never gives more than the other had: where the group or
 * the list cannot be kept, the group keeps what everybody may do. Node reads no access control lists, so without such a
 * `cp` there may be one, and what the mode shows of the group is then not the group's.
 * @param descriptor of the new file, which is of mode 0600
 * @param path of the new file
 * @param from path of the other
 * @param stats of the other
 * @throws a system error
 */
export function copyAccess(descriptor: number, path: string, from: string, stats: Stats): Access {
  if (process.geteuid === undefined) return { mode: stats.mode & 0o7777, notes: [] };
  const isCopied = copied(from, path);
  // With an access control list, this is its mask.
  fchmodSync(descriptor, 0o600);
  if (!isCopied) chown(descriptor, stats);
  const { uid, gid } = fstatSync(descriptor);
  const isOwnerKept = uid === stats.uid;
  const isGroupKept = gid === stats.gid;
  // Only the one who owns a program may lend it rights.
  const kept = stats.mode & (isOwnerKept && isGroupKept ? 0o7777 : 0o777);
  const mode = isCopied && isGroupKept ? kept : narrowed(kept);
  const notes = [
    ...(isOwnerKept ? [] : [`it now belongs to you; user ${stats.uid} owned it`]),
    ...(isGroupKept || mode !== kept ? [] : [`its group is now ${gid}; it was ${stats.gid}`]),
    ...(mode === kept ? [] : [lossOf(isGroupKept, stats.gid, kept, mode)]),
  ];
  return { mode, notes };
}

function lossOf(isGroupKept: boolean, gid: number, before: number, after: number): string {
  const why = isGroupKept
    ? 'this system has no cp that copies an access control list'
    : `its group (${gid}) could not be kept`;
  return `${why}, so the group may no longer do more than everybody (mode ${octal(before)} is now ${octal(after)})`;
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The group keeps only what all others may do. */
function narrowed(mode: number): number {
  return (mode & ~GROUP) | (mode & GROUP & ((mode & 0o007) << 3));
}

/** In a process group of its own, so that Ctrl-C does not end it alone. */
function copied(from: string, to: string): boolean {
  const options = { stdio: 'ignore', detached: true, timeout: TIMEOUT } as const;
  return spawnSync('cp', [KEEP_ALL, '--', from, to], options).status === 0;
}

/** Only root may give a file away; to a group of one's own one may. */
function chown(descriptor: number, { uid, gid }: Stats): void {
  for (const owner of [uid, fstatSync(descriptor).uid]) {
    try {
      fchownSync(descriptor, owner, gid);
      return;
    } catch (error) {
      if (!['EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
