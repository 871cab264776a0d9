import { LintError } from '../errors.ts';
import { readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { readValues } from '../values/read.ts';
import { readSettings } from '../values/settings.ts';

const KEY = 'PRIVATE KEY-----';

/**
 * Refuses to write a pair over a private key that may be the only copy there is. Of a file that cannot be read or
 * edited, it leaves it to the writing to say so.
 * @param file a values file
 * @param root where the Lightrun chart's values sit; empty for the top
 * @throws LintError where one of the two values holds a private key
 */
export async function guardExistingKey(file: string, root: readonly string[], io: Io): Promise<void> {
  if (file === STDIN) return;
  const { bytes, name } = readInput(file, io);
  const read = await readValues(bytes, name);
  if (!read.ok) return;
  const { crt, key } = readSettings(read.values, root);
  const holder = [key, crt].find(({ value }) => holdsKey(value));
  if (holder === undefined) return;
  throw new LintError(
    `${displayFile(name)}: ${displayPath(holder.path)} holds a private key already, so nothing was written`,
    'Name another file; or, where nobody needs that key any more, add --force to overwrite it.',
  );
}

function holdsKey(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value.includes(KEY) || Buffer.from(value, 'base64').includes(KEY);
}
