import type { Input } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { editValues, type ValueEdit } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { readSettings, type Settings } from '../values/settings.ts';
import { resolvedText } from '../values/unresolved.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { describeAppliedFix, type Fixed, fix } from './fix.ts';

export interface FixOptions extends Trust {
  /** Where the Lightrun chart's values are; empty for the top. */
  root: readonly string[];
  /** Only says what it would fix. */
  isDryRun: boolean;
}

/**
 * Fixes a values file in place, and says on standard error what was fixed.
 * @param path of the file
 * @param input its content
 * @returns its content afterwards
 * @throws LintError where the file cannot be replaced
 */
export async function fixFile(path: string, input: Input, options: FixOptions, io: Io): Promise<Buffer> {
  const { bytes, name } = input;
  const file = await readValues(bytes, name);
  if (!file.ok) return bytes;
  const settings = readSettings(file.values, options.root);
  const fixed = fixedOf(settings, options);
  const { next, edits, refused } = await edited(input, settings, fixed);

  const shown = displayFile(name);
  if (edits.length > 0) {
    const notes = options.isDryRun ? [] : replaceFile(path, bytes, next);
    io.stderr(`${shown}: ${options.isDryRun ? 'would be fixed' : 'fixed'}\n`);
    for (const note of notes) io.stderr(`${shown}: ${note}\n`);
    for (const appliedFix of fixed.applied.filter(({ about }) => edits.includes(about))) {
      const { path: where, location } = settings[appliedFix.about];
      io.stderr(`  ${displayPath(where)} (line ${location?.line}): ${describeAppliedFix(appliedFix)}\n`);
    }
  }
  for (const about of refused) {
    io.stderr(
      `${shown}: ${displayPath(settings[about].path)} was not fixed: other values share it through an anchor, and would change too\n  Write the value there without the anchor, then run --fix again.\n`,
    );
  }
  return options.isDryRun ? bytes : next;
}

/** A values file as `lint --fix` would leave it; the same bytes where there is nothing to fix. */
export async function fixedBytes(input: Input, options: Omit<FixOptions, 'isDryRun'>): Promise<Buffer> {
  const file = await readValues(input.bytes, input.name);
  if (!file.ok) return input.bytes;
  const settings = readSettings(file.values, options.root);
  return (await edited(input, settings, fixedOf(settings, options))).next;
}

function fixedOf({ crt, key }: Settings, trust: Trust): Fixed {
  return fix(resolvedText(crt.value), resolvedText(key.value), trust);
}

type About = 'crt' | 'key';

/** The file with as many of the two values fixed as possible; two that were swapped go together. */
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
