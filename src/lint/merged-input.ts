import { realpathSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { resolve } from 'node:path';
import { LintError } from '../errors.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import { chartPaths } from '../helm/chart.ts';
import { readsStdin, setFiles, type ValuesWord, valuesFiles } from '../helm/values.ts';
import type { Io } from '../io.ts';
import { quote } from '../options/flags.ts';

/**
 * The files and the standard input behind values flags, for this program and for Helm alike.
 * @returns standard input, read to its end where one of the flags takes it, and what reads a file
 * @throws LintError where standard input cannot be read
 */
export function mergedInput(
  words: readonly ValuesWord[],
  io: Io,
): { stdin: Buffer | null; readFile(file: string): Input } {
  for (const file of [...valuesFiles(words), ...setFiles(words)]) refuseOnce(file);
  const stdin = readsStdin(words) ? readInput(STDIN, io) : null;
  return {
    stdin: stdin?.bytes ?? null,
    readFile(file) {
      if (file.trim() === STDIN && stdin !== null) return stdin;
      return readInput(file, io);
    },
  };
}

/**
 * The files that values flags and a chart name, `-` for standard input.
 * @param chart a chart as Helm's commands name it; null where there is none, or none on disk
 */
export function filesOf(words: readonly ValuesWord[], chart: string | null): string[] {
  const files = [...valuesFiles(words), ...setFiles(words)];
  const named = files.map((file) => (file.trim() === STDIN ? STDIN : file));
  return chart === null ? named : [...named, ...chartPaths(chart.trim())];
}

/** What can be read only once, such as `<(sops -d …)`, cannot be both judged and installed. */
function refuseOnce(file: string): void {
  if (file === '') {
    throw new LintError(
      'a flag names a file without a name',
      'Look for an empty variable, or a comma too many, in -f or --set-file.',
    );
  }
  if (file.trim() === STDIN || resolve(file) === devNull) return;
  const stats = statSync(file, { throwIfNoEntry: false });
  const isPlain = stats === undefined || stats.isFile() || stats.isDirectory();
  if (isPlain && !isDescriptor(file)) return;
  throw new LintError(
    `${quote(file)} can be read only once, and Helm has to read it too`,
    'Hand it over by standard input instead, such as: sops --decrypt FILE | helm lightrun-cert … -f -',
  );
}

/** `/dev/stdin` and its like are another file in another process, also where a regular file is behind them. */
function isDescriptor(file: string): boolean {
  const place = /^\/(?:dev|proc)\//;
  if (place.test(resolve(file))) return true;
  try {
    return place.test(realpathSync(file));
  } catch {
    return false;
  }
}
