import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LintError, systemError } from '../errors.ts';
import type { Io } from '../io.ts';
import { displayFile } from '../text/display.ts';
import { STDIN_NAME } from '../values/values.ts';
import { displayNamed, namedPath } from './named.ts';

/** The file name that means standard input. */
export const STDIN = '-';

/** Larger files are not read: a Secret holds 1 MiB, and a release with all its values not much more. */
export const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK = 64 * 1024;

/** A file's bytes, and what the report calls it. */
export interface Input {
  bytes: Buffer;
  name: string;
  /** A device, a pipe or standard input, which no command can edit. */
  isSpecial?: true;
}

/**
 * Reads a whole file, pipe or standard input.
 * @throws LintError where it cannot be read, is a folder, or is larger than 16 MiB
 */
export function readInput(file: string, io: Io): Input {
  const name = nameOf(file);
  let read: Omit<Input, 'name'>;
  try {
    read = file === STDIN ? { bytes: io.readStdin(MAX_BYTES), isSpecial: true } : readFile(file, io);
  } catch (error) {
    throw systemError(`${displayFile(name)} cannot be read`, error);
  }
  const input = { ...read, name };
  refuseTooLarge(input);
  return input;
}

/** @throws LintError where it is larger than 16 MiB */
export function refuseTooLarge({ bytes, name }: Input): void {
  if (bytes.length <= MAX_BYTES) return;
  throw new LintError(
    `${displayFile(name)} is larger than 16 MiB, so it was not checked`,
    'Helm cannot install anything that large. Check the file name.',
  );
}

/** Whether a file is larger than what `readInput` reads: no values that Helm could install. */
export function isTooLarge(file: string): boolean {
  if (file === STDIN) return false;
  try {
    return statSync(file).size > MAX_BYTES;
  } catch {
    // Reading it says what is wrong.
    return false;
  }
}

/** What the report calls an input: redacted where it is no path, not escaped. */
export function nameOf(file: string): string {
  return file === STDIN ? STDIN_NAME : namedPath(file);
}

/**
 * Refuses a file to write that is also an input, by whatever path or link it is named.
 * @param flag the flag that names it, such as `--output`
 * @param inputs the paths that the command or Helm reads, `-` for standard input
 * @throws LintError where one of them would be overwritten
 */
export function refuseOverwriting(flag: string, output: string | null, inputs: readonly string[]): void {
  if (output === null || !inputs.some((input) => isSameFile(input, output))) return;
  throw overwriting(`${flag} ${displayNamed(output)}`);
}

/**
 * Refuses to write to a file that this run has read, whatever flag or variable named it: the last guard, after which
 * nothing that was read can be lost.
 * @throws LintError where it has
 */
export function refuseFileRead(path: string, { filesRead }: Io): void {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    // To write it will say why.
  }
  if (stats !== undefined && filesRead.has(identityOf(stats)))
    throw overwriting(`to write ${displayNamed(path)}`);
}

function overwriting(what: string): LintError {
  return new LintError(`${what} would overwrite a file that is read`, 'Name another file.');
}

/** A file by whatever name: its device and number there. */
function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** Whether an input is the file at a path, also by another path or link, or redirected to standard input. */
function isSameFile(input: string, path: string): boolean {
  if (input !== STDIN && resolve(input) === resolve(path)) return true;
  try {
    const [one, other]: Stats[] = [input === STDIN ? fstatSync(0) : statSync(input), statSync(path)];
    return one?.isFile() === true && one.dev === other?.dev && one.ino === other.ino;
  } catch {
    // One of them does not exist.
    return false;
  }
}

/** `/dev/stdin` and the like name another file in another process, even where they lead to a regular file. */
export const DESCRIPTOR = /^\/(?:dev|proc)\//;

function readFile(path: string, io: Io): Omit<Input, 'name'> {
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) io.filesRead.add(identityOf(stats));
    const bytes = readAll(descriptor, MAX_BYTES, Math.min(stats.size, MAX_BYTES + 1));
    return stats.isFile() && !DESCRIPTOR.test(resolve(path)) ? { bytes } : { bytes, isSpecial: true };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads from a descriptor to its end, at most `limit` bytes and one more.
 * @param expected how many bytes there probably are
 * @throws a system error where it cannot be read
 */
export function readAll(descriptor: number, limit: number, expected = 0): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total <= limit) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(expected + 1 - total, CHUNK), limit + 1 - total));
    const count = readSome(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** A terminal or pipe in non-blocking mode may have nothing yet; a closed pipe on Windows ends with EOF. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
