import { runInspect } from '../../src/commands/inspect.ts';
import { reportProblem } from '../../src/commands/problem.ts';
import { CannotJudge } from '../../src/errors.ts';
import { foundInFile } from '../../src/inspection/in-file.ts';
import { foundInValues } from '../../src/inspection/in-values.ts';
import { type Inspection, inspect } from '../../src/inspection/inspection.ts';
import type { KnownRoots } from '../../src/material/chain.ts';
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
    if (!(error instanceof CannotJudge)) throw error;
    reportProblem(error, io);
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
