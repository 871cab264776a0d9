import { foundInFile, foundInValues } from '../../src/inspect/found.ts';
import { type Inspection, inspect } from '../../src/inspect/inspect.ts';
import type { KnownRoots } from '../../src/x509/roots.ts';
import { command, type Ended, type Surroundings } from './command.ts';

/** Runs `inspect` with these arguments in this process. */
export function inspectCommand(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return command(['inspect', ...args], surroundings);
}

/** Looks into the text or bytes of a file, `values.yaml` or bare, as `inspect` does. */
export async function inspectFile(
  file: string | Buffer,
  at = new Date(),
  roots: KnownRoots | null = null,
): Promise<Inspection> {
  const bytes = Buffer.from(file as string);
  const trust = { roots, at };
  const found =
    foundInFile(bytes, 'fullchain.pem', trust) ?? (await foundInValues(bytes, 'values.yaml', [], trust));
  return inspect(found, trust);
}
