import { displayPath } from '../text/display.ts';
import type { SettingName } from '../values/settings.ts';
import type { DuplicateKey } from '../values/values.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';

/** The settings that lie on the way to the certificate, or are it. */
const ON_THE_WAY: readonly SettingName[] = ['certificate', 'tls', 'existingCert', 'crt', 'key', 'pins'];

export const valuesDuplicateKey: Rule = {
  id: 'values-duplicate-key',
  severity: 'warning',
  stage: 'values',
  title: 'a key on the way to the certificate stands twice',
  means:
    'The same key stands more than once in one mapping, on the way to the certificate. Both lines are named.',
  why: 'Helm takes the last one without a word and drops the others whole, with everything under them.',
  sources: [measured('Helm 3.17 and 4.1 accept a key written twice; the last wins')],
  bad: 'certificate:\n  existing_cert: old-secret\n  existing_cert: new-secret',
  good: 'certificate:\n  existing_cert: new-secret',
  fix: 'Keep one of the two, with everything that belongs under it.',
  appliesTo: [['certificate']],
  check({ values, root, settings }) {
    const paths = [
      root.map((_, index) => root.slice(0, index + 1)),
      ON_THE_WAY.map((name) => settings[name].path),
    ].flat();
    const parents = new Map(paths.map((path) => [path.slice(0, -1).join('\0'), path.slice(0, -1)]));
    const wanted = new Set(paths.map((path) => path.join('\0')));
    return [...parents.values()]
      .flatMap((parent) => values.duplicates(parent))
      .filter(({ path }) => wanted.has(path.join('\0')))
      .map((duplicate) => ({
        about: 'certificate',
        message: `${displayPath(duplicate.path)} stands ${times(duplicate)}. Helm takes only the last and drops the rest without a word.`,
        help: 'Keep one of them, with everything that belongs under it, and delete the others.',
        location: duplicate.locations.at(-1) ?? null,
        path: duplicate.path,
      }));
  },
};

function times({ locations }: DuplicateKey): string {
  const lines = locations.map(({ line }) => line);
  const number = lines.length === 2 ? 'twice' : `${lines.length} times`;
  const different = [...new Set(lines)];
  if (different.length === 1) return `${number} on line ${different[0]}`;
  return `${number}, on lines ${different.slice(0, -1).join(', ')} and ${different.at(-1)}`;
}
