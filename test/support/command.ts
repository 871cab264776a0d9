import { main } from '../../src/cli.ts';
import type { Io } from '../../src/io.ts';

/** What a command line gave. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  stdin?: string | Buffer;
  env?: Record<string, string>;
  /** Columns of the terminal; none by default. */
  terminal?: number;
  now?: Date;
}

/** What a command touches, by default: nothing on standard input, no terminal. */
export function fakeIo(
  surroundings: Surroundings = {},
  ended: Ended = { status: 0, stdout: '', stderr: '' },
): Io {
  return {
    stdout: (text) => {
      ended.stdout += text;
    },
    stderr: (text) => {
      ended.stderr += text;
    },
    filesRead: new Set(),
    readStdin: (limit) => Buffer.from(surroundings.stdin ?? '').subarray(0, limit + 1),
    terminalWidth: () => surroundings.terminal ?? null,
    env: surroundings.env ?? {},
    now: () => surroundings.now ?? new Date(),
  };
}

/** Runs a command line in this process; the built program is run by `test/support/run.ts`. */
export async function command(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const ended = { status: 0, stdout: '', stderr: '' };
  ended.status = await main(args, fakeIo(surroundings, ended));
  return ended;
}
