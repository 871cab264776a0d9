import type { Input } from '../files/read.ts';
import { replaceFile } from '../files/replace.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { editValues, type ValueEdit } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { readSettings, type Settings } from '../values/settings.ts';
import { resolvedText } from '../values/unresolved.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import { describeAppliedFix } from './applied-fix.ts';
import { type Fixed, fix } from './fix.ts';

export interface FixOptions {
  /** Where the Lightrun chart's values sit; empty for the top. */
  root: readonly string[];
  roots: KnownRoots;
  /** Says what it would do, and leaves the file alone. */
  isDryRun: boolean;
}

/**
 * Mends a values file in place, and says on standard error what was done.
 * @param path of the file
 * @param input what is in it
 * @returns what is in it afterwards
 * @throws LintError where the file cannot be replaced
 */
export async function fixFile(path: string, input: Input, options: FixOptions, io: Io): Promise<Buffer> {
  const { bytes, name } = input;
  const file = await readValues(bytes, name);
  if (!file.ok) return bytes;
  const settings = readSettings(file.values, options.root);
  const fixed = fixedOf(settings, options.roots);
  const { next, edits, refused } = await edited(input, settings, fixed);

  const shown = displayFile(name);
  if (edits.length > 0) {
    if (!options.isDryRun) replaceFile(path, bytes, next);
    io.stderr(`${shown}: ${options.isDryRun ? 'would be mended' : 'mended'}\n`);
    for (const appliedFix of fixed.applied.filter(({ about }) => edits.includes(about))) {
      const { path: where, location } = settings[appliedFix.about];
      io.stderr(`  ${displayPath(where)} (line ${location?.line}): ${describeAppliedFix(appliedFix)}\n`);
    }
  }
  for (const about of refused) {
    io.stderr(
      `${shown}: ${displayPath(settings[about].path)} was not mended: other values share it through an anchor, and would change too\n  Give it a text of its own, then run --fix again.\n`,
    );
  }
  return options.isDryRun ? bytes : next;
}

/** Whether there is anything in the two values that has one right answer. */
export function isFixable(settings: Settings, roots: KnownRoots): boolean {
  return fixedOf(settings, roots).applied.length > 0;
}

function fixedOf({ crt, key }: Settings, roots: KnownRoots): Fixed {
  return fix(resolvedText(crt.value), resolvedText(key.value), roots);
}

type About = 'crt' | 'key';

/** The file with as many of the two values mended as can be; two that were swapped go together. */
async function edited(
  { bytes, name }: Input,
  settings: Settings,
  fixed: Fixed,
): Promise<{ next: Buffer; edits: About[]; refused: About[] }> {
  const wanted = (['crt', 'key'] as const).filter((about) => fixed[about] !== null);
  const isSwapped = fixed.applied.some(({ kind }) => kind === 'swapped');
  const groups = isSwapped ? [wanted] : wanted.map((about) => [about]);
  let next = bytes;
  const edits: About[] = [];
  const refused: About[] = [];
  for (const group of groups) {
    const values = group.map(
      (about): ValueEdit => ({ path: settings[about].path, text: fixed[about] ?? '' }),
    );
    const attempt = await editValues(next, name, values);
    if (attempt.ok) {
      next = attempt.bytes;
      edits.push(...group);
    } else refused.push(...group);
  }
  return { next, edits, refused };
}
