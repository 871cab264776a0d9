/** Everything that a command may touch outside its own memory, beside the files that it is told of. */
export interface Io {
  stdout(text: string | Buffer): void;
  stderr(text: string): void;
  /**
   * All of standard input, at most `limit` bytes and one more.
   * @throws a system error where it cannot be read
   */
  readStdin(limit: number): Buffer;
  /** Columns of the terminal behind one of the outputs; null where there is none. */
  terminalWidth(output: 'stdout' | 'stderr'): number | null;
  /** Further threads of this program; null where it cannot be run in any. */
  threads: { most: number; start(work: unknown): Thread } | null;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/** Another thread of this program, at work. */
export interface Thread {
  /**
   * Waits until it has ended well.
   * @param hear takes what it tells
   * @throws what it has not caught
   */
  done(hear: (told: unknown) => void): Promise<void>;
}
