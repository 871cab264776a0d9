import { LintError } from '../errors.ts';
import type { Target } from '../rules/shared/target.ts';
import { displayPath } from '../text/display.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { isUnset, type SettingName } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Summary } from './summary.ts';

/** A value that should have been checked and could not be checked to the end. */
export interface NotChecked {
  name: SettingName;
  /** The whole path in the file. */
  path: readonly string[];
  /** Why, for people; null where a finding says it, unless the user turned that rule off. */
  reason: string | null;
  /** It is not in this file at all. */
  isAbsent: boolean;
}

/** The values that nobody can call right: filled in later, absent, or so broken that the rules stopped. */
export function notCheckedValues({ settings, source, material, live }: Target): NotChecked[] {
  const named = (name: SettingName, reason: string | null, isAbsent: boolean): NotChecked => ({
    name,
    path: settings[name].path,
    reason,
    isAbsent,
  });
  const unresolved = (Object.keys(settings) as SettingName[]).flatMap((name) => {
    const resolver = [settings[name].value]
      .flat()
      .map(resolverOf)
      .find((each) => each !== null);
    return resolver ? [named(name, `it is filled in later by ${resolver.name}`, false)] : [];
  });
  const isUnresolved = (name: SettingName) => unresolved.some((each) => each.name === name);
  if (live !== null && live.found === null) {
    return [...unresolved, named('existingCert', 'there is no such Secret', false)];
  }
  const isFollowed = live !== null || source === 'inline';
  if (!isFollowed || isUnresolved('certificate') || isUnresolved('tls')) return unresolved;
  const isRead = { crt: material?.chain != null, key: material?.privateKey?.state === 'opened' };
  const unread = (['crt', 'key'] as const)
    .filter((name) => !isRead[name] && !isUnresolved(name))
    .map((name) => {
      const isAbsent = isUnset(settings[name].value);
      return named(name, isAbsent ? 'it is not set here' : null, isAbsent);
    });
  return [...unresolved, ...unread];
}

/**
 * What was not checked though no finding says so: the cluster could not be asked, or a rule that would say it was
 * turned off. It is never skipped silently. Where there are errors, they come first.
 * @param partial missing values are not reported
 */
export function notCheckedError(summary: Summary, partial: boolean): LintError | null {
  const { name, source, findings, notChecked, unread } = summary;
  if (unread) return new LintError(unread.message, unread.help);
  const help = 'Fix it, or set the rule to warning or info instead of off.';
  const file = escapeUnsafe(name);
  if (findings.some(({ severity }) => severity === 'error')) return null;
  if (source === 'unreadable' && findings.length === 0) {
    return new LintError(
      `${file} was not checked: Helm cannot read it as YAML, and --rule values-syntax=off hides that`,
      help,
    );
  }
  const reported = new Set(findings.map(({ path }) => path.join('.')));
  const hidden = notChecked.filter(
    ({ path, isAbsent }) => !(isAbsent && partial) && !reported.has(path.join('.')),
  );
  if (hidden.length === 0) return null;
  return new LintError(
    `${file}: ${hidden.map(({ path }) => displayPath(path)).join(', ')} was not checked, and a rule that is off hides why`,
    help,
  );
}
