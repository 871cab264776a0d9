import { readFileSync } from 'node:fs';

/** The Helm that runs this program as its plugin. */
export interface Caller {
  pid: number;
}

/** @returns null where this program is no plugin, but runs by itself */
export function callerOf(env: Readonly<Record<string, string | undefined>>): Caller | null {
  return env.HELM_PLUGIN_DIR === undefined ? null : { pid: process.ppid };
}

/** A process whose parent has ended gets another one. */
export function isAlive({ pid }: Caller): boolean {
  return process.ppid === pid;
}

/**
 * Whether the caller is process 1 of a container: its end, which no signal can delay, kills every other process there.
 * @param words the caller's own arguments; null where the system does not show them
 */
export function isFirstProcess(
  { pid }: Caller,
  env: Readonly<Record<string, string | undefined>>,
  words: readonly string[] | null,
): boolean {
  return pid === 1 && words !== null && words[0] === env.HELM_BIN;
}

/**
 * Whether this program shares the process group of its session's leader, with a terminal: when the leader ends, the
 * kernel sends SIGHUP to that group, and a Helm in it dies (`docker exec -it`, `ssh -t HOST COMMAND`). An interactive
 * shell gives each command a group of its own.
 * @see proc(5), `/proc/PID/stat`; setsid(2)
 */
export function isInLeadersGroup(): boolean {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return false;
  }
  const [, , group, session, terminal] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return terminal !== 0 && group === session;
}
