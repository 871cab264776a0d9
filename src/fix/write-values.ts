import { LintError } from '../errors.ts';
import { readInput, STDIN } from '../files/read.ts';
import { replaceFile } from '../files/replace.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { type EditProblem, editValues, type ValueEdit } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { isUnset, readSettings } from '../values/settings.ts';
import { encodedPair, type PemPair } from './pair.ts';

/**
 * Puts a certificate and its key into a values file, in place, and empties `existing_cert` where it is set. Says on
 * standard error what was done.
 * @param file its path
 * @param root where the Lightrun chart's values sit; empty for the top
 * @returns what the file holds then
 * @throws LintError where the file cannot be read, edited or replaced; then it is as it was
 */
export async function writeIntoValues(
  file: string,
  root: readonly string[],
  pair: PemPair,
  io: Io,
): Promise<Buffer> {
  if (file === STDIN) {
    throw new LintError(
      '--write edits a file in place, and standard input (-) is none',
      'Name the file itself.',
    );
  }
  const { bytes, name } = readInput(file, io);
  const values = await readValues(bytes, name);
  if (!values.ok) throw cannotEdit(name, { kind: 'syntax', problem: values.problem });
  const { existingCert, crt, key } = readSettings(values.values, root);
  const text = encodedPair(pair);
  const isEmptied = !isUnset(existingCert.value);
  const edits: ValueEdit[] = [
    ...(isEmptied ? [{ path: existingCert.path, text: '' }] : []),
    { path: crt.path, text: text.crt },
    { path: key.path, text: text.key },
  ];
  const edited = await editValues(bytes, name, edits);
  if (!edited.ok) throw cannotEdit(name, edited.problem);
  replaceFile(file, bytes, edited.bytes);
  const emptied = isEmptied ? `, and ${displayPath(existingCert.path)} was emptied` : '';
  io.stderr(
    `${displayFile(name)}: ${displayPath(crt.path)} and ${displayPath(key.path)} were written${emptied}\n`,
  );
  return edited.bytes;
}

function cannotEdit(name: string, problem: EditProblem): LintError {
  const shown = displayFile(name);
  if (problem.kind === 'syntax') {
    const { reason, help, location } = problem.problem;
    return new LintError(`${shown}:${location.line}: ${reason}, so nothing was written`, help);
  }
  return new LintError(
    `${shown}: there is no place for ${displayPath(problem.path)} that would not change other values too, so nothing was written`,
    'A text or a list stands where its mapping should be, or a mapping is shared through an anchor. Put a mapping of its own there, then run the command again.',
  );
}
