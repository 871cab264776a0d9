import { displayPath } from '../text/display.ts';
import type { ValueEdit } from '../values/edit.ts';
import { resolvedText } from '../values/unresolved.ts';
import type { Entry } from '../values/values.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { describeAppliedFix, fix } from './fix.ts';

/** A file as `lint --fix` leaves it. */
export interface FixedFile {
  /** The same bytes where there is nothing to fix. */
  bytes: Buffer;
  /** What was fixed, in lines for people. */
  fixed: readonly string[];
  /** What was not, though it could be, and what to do. */
  refused: readonly string[];
}

type About = 'crt' | 'key';

/** Changes a file; null where it cannot. */
type Edit = (
  bytes: Buffer,
  edits: readonly ValueEdit[],
) => Promise<{ ok: true; bytes: Buffer } | { ok: false }>;

/**
 * Fixes as many as possible of the two values of a file; two that were swapped go together.
 * @param refusal what to say of a value that cannot be edited
 */
export async function fixPair(
  bytes: Buffer,
  pair: Readonly<Record<About, Entry>>,
  trust: Trust,
  refusal: { why: string; help: string },
  edit: Edit,
): Promise<FixedFile> {
  const fixed = fix(resolvedText(pair.crt.value), resolvedText(pair.key.value), trust);
  const wanted = (['crt', 'key'] as const).filter((about) => fixed[about] !== null);
  const isSwapped = fixed.applied.some(({ kind }) => kind === 'swapped');
  const groups = isSwapped ? [wanted] : wanted.map((about) => [about]);
  let next = bytes;
  const edited: About[] = [];
  const refused: string[] = [];
  for (const group of groups) {
    const attempt = await edit(
      next,
      group.map((about) => ({ path: pair[about].path, text: fixed[about] ?? '' })),
    );
    if (attempt.ok) {
      next = attempt.bytes;
      edited.push(...group);
      continue;
    }
    for (const about of group) {
      refused.push(`${displayPath(pair[about].path)} was not fixed: ${refusal.why}\n  ${refusal.help}`);
    }
  }
  const lines = fixed.applied
    .filter(({ about }) => edited.includes(about))
    .map((applied) => {
      const { path, location } = pair[applied.about];
      return `${displayPath(path)} (line ${location?.line}): ${describeAppliedFix(applied)}`;
    });
  return { bytes: next, fixed: lines, refused };
}
