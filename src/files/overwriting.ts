import { LintError } from '../errors.ts';
import { quote } from '../options/flags.ts';
import { isSameFile } from './read.ts';

/**
 * Refuses a report file that is also an input, by whatever path or link it is named.
 * @param flag the flag that names the report file, such as `--output`
 * @param inputs lists the paths that the command reads, `-` for standard input; called only where the flag is given
 * @throws LintError where the report would replace one of them
 */
export function refuseOverwriting(
  flag: string,
  output: string | null,
  inputs: () => readonly string[],
): void {
  if (output === null || !inputs().some((input) => isSameFile(input, output))) return;
  throw new LintError(
    `${flag} ${quote(output)} would overwrite a file that is read`,
    'Name another file for the report.',
  );
}
