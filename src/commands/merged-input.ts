import { statSync } from 'node:fs';
import { CannotJudge } from '../errors.ts';
import { readsStdin, type ValuesWord } from '../helm/values-words.ts';
import type { Io } from '../io.ts';
import { quote } from './flags.ts';
import { type Input, readInput, STDIN } from './input.ts';

/**
 * The files and the standard input behind values flags, for this program and for Helm alike.
 * @returns standard input, read to its end where one of the flags takes it, and what reads a file
 * @throws CannotJudge where standard input cannot be read
 */
export function mergedInput(
  words: readonly ValuesWord[],
  io: Io,
): { stdin: Buffer | null; readFile(file: string): Input } {
  const stdin = readsStdin(words) ? readInput(STDIN, io) : null;
  return {
    stdin: stdin?.bytes ?? null,
    readFile(file) {
      if (file.trim() === STDIN && stdin !== null) return stdin;
      refuseOnce(file);
      return readInput(file, io);
    },
  };
}

/** What can be read only once, such as `<(sops -d …)`, cannot be both judged and installed. */
function refuseOnce(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return;
  throw new CannotJudge(
    `${quote(file)} can be read only once, and Helm has to read it too`,
    'Hand it over by standard input instead, such as: sops --decrypt FILE | helm lightrun-cert … -f -',
  );
}
