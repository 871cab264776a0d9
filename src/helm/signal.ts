import { constants } from 'node:os';

/** The exit status that a shell makes of a process which a signal ended. */
export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
