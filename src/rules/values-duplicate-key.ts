import type { SettingName } from '../values/settings.ts';
import type { DuplicateKey } from '../values/values.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

/** The settings that are the certificate, or above it. */
const ON_THE_PATH: readonly SettingName[] = ['certificate', 'tls', 'existingCert', 'crt', 'key', 'pins'];

export const valuesDuplicateKey = rule({
  id: 'values-duplicate-key',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'a duplicate key on the path to the certificate',
  means:
    'One mapping on the path to the certificate has the same key more than once. The message names the lines.',
  why: 'Helm silently takes the last one and drops the others whole, with everything under them.',
  sources: [measured('Helm 3.17 and 4.1 accept a duplicate key; the last wins')],
  bad: 'certificate:\n  existing_cert: old-secret\n  existing_cert: new-secret',
  good: 'certificate:\n  existing_cert: new-secret',
  fix: 'Keep one of the two, with everything that belongs under it.',
  needs: values('certificate'),
  check({ target: { values, root, settings }, showPath }) {
    const paths = [
      root.map((_, index) => root.slice(0, index + 1)),
      ON_THE_PATH.map((name) => settings[name].path),
    ].flat();
    const parents = new Map(paths.map((path) => [path.slice(0, -1).join('\0'), path.slice(0, -1)]));
    const wanted = new Set(paths.map((path) => path.join('\0')));
    return [...parents.values()]
      .flatMap((parent) => values.duplicates(parent))
      .filter(({ path }) => wanted.has(path.join('\0')))
      .map((duplicate) => ({
        message: `${showPath(duplicate.path)} is a duplicate key: it is there ${times(duplicate)}. Helm silently takes only the last and drops the rest.`,
        help: 'Keep one of them, with everything that belongs under it, and delete the others.',
        location: duplicate.locations.at(-1) ?? null,
        path: duplicate.path,
      }));
  },
});

function times({ locations }: DuplicateKey): string {
  const lines = locations.map(({ line }) => line);
  const number = lines.length === 2 ? 'twice' : `${lines.length} times`;
  const different = [...new Set(lines)];
  if (different.length === 1) return `${number} on line ${different[0]}`;
  return `${number}, on lines ${different.slice(0, -1).join(', ')} and ${different.at(-1)}`;
}
