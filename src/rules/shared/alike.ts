import type { SettingName } from '../../values/settings.ts';
import type { Context } from '../rule.ts';

/** What was found in one value. */
export interface FoundIn {
  about: SettingName;
}

/**
 * Sorts what was found by the mistake, so that the same in both values is one finding.
 * @param mistakeOf the same text for the same mistake
 */
export function byMistake<Found extends FoundIn>(
  found: readonly Found[],
  mistakeOf: (each: Found) => string,
): [Found, ...Found[]][] {
  const groups = new Map<string, [Found, ...Found[]]>();
  for (const each of found) {
    const group = groups.get(mistakeOf(each));
    if (group) group.push(each);
    else groups.set(mistakeOf(each), [each]);
  }
  return [...groups.values()];
}

/** The values of one mistake, for a finding: the first, and the others. */
export function valuesOf([first, ...others]: readonly [FoundIn, ...FoundIn[]]): {
  about: SettingName;
  also: SettingName[];
} {
  return { about: first.about, also: others.map(({ about }) => about) };
}

/** The values of one mistake as the subject of a sentence, with its verb: `certificate.tls.crt holds`. */
export function subject(
  { path }: Pick<Context, 'path'>,
  found: readonly FoundIn[],
  singular: string,
  plural: string,
): string {
  const names = found.map(({ about }) => path(about));
  if (names.length < 3) return `${names.join(' and ')} ${names.length === 1 ? singular : plural}`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} ${plural}`;
}
