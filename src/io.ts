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
  /** Worker threads that run this program; null where there are none. */
  threads: { most: number; start(job: unknown): Thread } | null;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/** A worker thread. */
export interface Thread {
  /**
   * Resolves when the thread has ended.
   * @param onMessage called with each message of the thread
   * @throws what the thread did not catch
   */
  done(onMessage: (message: unknown) => void): Promise<void>;
}

/** The exit status that a shell makes of a process which a signal ended. */
export function exitStatusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
