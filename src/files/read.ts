import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import { displayFile } from '../text/display.ts';
import { STDIN_NAME } from '../values/stdin.ts';
import { systemError } from './system-error.ts';

/** The file name that stands for standard input. */
export const STDIN = '-';

/** Larger files are not read: a Secret holds 1 MiB, and a release with all its values not much more. */
const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK = 64 * 1024;

/** A file's bytes, and what the report calls it. */
export interface Input {
  bytes: Buffer;
  name: string;
}

/**
 * Reads a file, a pipe or standard input whole.
 * @throws LintError where it cannot be read, is a folder, or is larger than 16 MiB
 */
export function readInput(file: string, io: Io): Input {
  const name = nameOf(file);
  const shown = displayFile(name);
  let bytes: Buffer;
  try {
    bytes = file === STDIN ? io.readStdin(MAX_BYTES) : readFile(file);
  } catch (error) {
    throw systemError(`${shown} cannot be read`, error);
  }
  if (bytes.length > MAX_BYTES) {
    throw new LintError(
      `${shown} is larger than 16 MiB, so it was not judged`,
      'Nothing that Helm can install is as large. Name the right file.',
    );
  }
  return { bytes, name };
}

/** What the report calls an input. */
export function nameOf(file: string): string {
  return file === STDIN ? STDIN_NAME : file;
}

/** Whether an input is the file of a path, be it by another way or a link; standard input may be redirected from it. */
export function isSameFile(input: string, path: string): boolean {
  if (input !== STDIN && resolve(input) === resolve(path)) return true;
  try {
    const [one, other]: Stats[] = [input === STDIN ? fstatSync(0) : statSync(input), statSync(path)];
    return one?.isFile() === true && one.dev === other?.dev && one.ino === other.ino;
  } catch {
    // One of them is not there.
    return false;
  }
}

function readFile(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const size = Math.min(fstatSync(descriptor).size, MAX_BYTES + 1);
    return readAll(descriptor, MAX_BYTES, size);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads from a descriptor to its end, but at most `limit` bytes and one more.
 * @param expected how many there probably are
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
