import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

const LONGEST = 100;

/** A name that nothing has, beside a file that is to be replaced in one step. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, LONGEST)}.${randomBytes(8).toString('hex')}`);
}
