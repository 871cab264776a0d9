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
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}
