import { constants } from 'node:os';
/** Everything a command touches outside its own memory, apart from the files it is given. */
export interface Io {
  /** A string is text for people, in which `main` escapes commands of CI systems; bytes go out as they are. */
  stdout(text: string | Buffer): void;
  stderr(text: string | Buffer): void;
  /** The files that this run has read: device and number. None of them may be written. */
  readonly filesRead: Set<string>;
  /**
   * Reads standard input, at most `limit` bytes and one more.
   * @throws a system error where it cannot be read
   */
  readStdin(limit: number): Buffer;
  /** Columns of the terminal that an output goes to; null where it goes elsewhere. */
  terminalWidth(output: 'stdout' | 'stderr'): number | null;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/** The exit status that a shell makes of a process which a signal ended. */
export function exitStatusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
