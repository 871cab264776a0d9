import { runInspect } from '../../src/commands/inspect.ts';
import { LintError } from '../../src/errors.ts';
import { reportError } from '../../src/files/system-error.ts';
import { foundInFile } from '../../src/inspect/in-file.ts';
import { foundInValues } from '../../src/inspect/in-values.ts';
import { type Inspection, inspect } from '../../src/inspect/inspect.ts';
import type { KnownRoots } from '../../src/x509/chain/chain.ts';
import { type Ended, fakeIo, type Surroundings } from './command.ts';

/** Runs `inspect` with these arguments in this process. */
export async function inspectCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  const ended: Ended = { status: 0, stdout: '', stderr: '' };
  const io = fakeIo(surroundings, ended);
  try {
    ended.status = await runInspect(args, io);
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    reportError(error, io);
    ended.status = 2;
  }
  return ended;
}

/** Looks into the text or bytes of a file, `values.yaml` or bare, as `inspect` does. */
export async function inspectFile(
  file: string | Buffer,
  at = new Date(),
  roots: KnownRoots | null = null,
): Promise<Inspection> {
  const bytes = Buffer.from(file as string);
  const found =
    foundInFile(bytes, 'fullchain.pem', roots) ?? (await foundInValues(bytes, 'values.yaml', [], roots));
  return inspect(found, roots, at);
}
