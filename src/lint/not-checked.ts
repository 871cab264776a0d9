import { isUnset, type SettingName } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { ReportedTarget } from './summary.ts';

/** A value that was there to be judged, or should have been, and was not followed to its end. */
export interface NotChecked {
  name: SettingName;
  /** Why, for people; null where a finding says it, unless the user turned that rule off. */
  reason: string | null;
  /** It is not in this file at all. */
  isAbsent: boolean;
}

/** The values that no one can call right: to be filled in later, absent, or broken so that rules could not go on. */
export function notCheckedValues({ settings, source, material, live }: ReportedTarget): NotChecked[] {
  const names = Object.keys(settings) as SettingName[];
  const unresolved = names.flatMap((name) => {
    const resolver = [settings[name].value]
      .flat()
      .map(resolverOf)
      .find((each) => each !== null);
    return resolver ? [{ name, reason: `${resolver.name} is to fill it in`, isAbsent: false }] : [];
  });
  const isUnresolved = (name: SettingName) => unresolved.some((each) => each.name === name);
  if (live !== null && live.found === null)
    return [...unresolved, { name: 'existingCert', reason: 'there is no such Secret', isAbsent: false }];
  const isFollowed = live !== null || source === 'inline';
  if (!isFollowed || isUnresolved('certificate') || isUnresolved('tls')) return unresolved;
  const isRead = { crt: material?.chain != null, key: material?.privateKey?.state === 'opened' };
  const unread = (['crt', 'key'] as const)
    .filter((name) => !isRead[name] && !isUnresolved(name))
    .map((name) => {
      const isAbsent = isUnset(settings[name].value);
      return { name, reason: isAbsent ? 'it is not set here' : null, isAbsent };
    });
  return [...unresolved, ...unread];
}
