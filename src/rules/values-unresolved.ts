import { escapeUnsafe } from '../text/escape.ts';
import type { SettingName } from '../values/settings.ts';
import { STDIN_NAME } from '../values/stdin.ts';
import { type Resolver, resolverOf } from '../values/unresolved.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const valuesUnresolved: Rule = {
  id: 'values-unresolved',
  severity: 'warning',
  stage: 'values',
  title: 'a value that is still to be decrypted or filled in was not judged',
  means:
    'A value is a reference to something that another tool puts in later: SOPS (ENC[…]), vals (ref+vault://…), the Argo CD Vault plugin (<path:…>), a variable in ${…} and the like. It was not judged. In a command that goes on to run Helm it is an error.',
  why: 'What has not been seen cannot be called right; and where nothing fills it in, Helm installs the reference itself.',
  sources: [measured('Helm hands such a text on as it stands')],
  bad: 'certificate:\n  tls:\n    crt: "ENC[AES256_GCM,data:…]"\n    key: "ENC[AES256_GCM,data:…]"',
  good: 'sops --decrypt values.yaml | helm lightrun-cert lint -',
  fix: 'Lint the values as they are after the other tool has filled them in.',
  appliesTo: [
    ['certificate'],
    ['tls'],
    ['existingCert'],
    ['crt'],
    ['key'],
    ['pins'],
    ['endpoint'],
    ['deploySecrets'],
    ['deploySecretsEnabled'],
    ['internalTls'],
    ['keystorePassword'],
  ],
  stops: 'always',
  check(target, _options, [name]) {
    const about = name as SettingName;
    const resolver = firstResolver(target.settings[about].value);
    if (resolver === null) return [];
    return [
      {
        about,
        message: `${pathOf(target, about)} was not judged: ${resolver.name} is to fill it in later. If nothing does, Helm installs the reference as it stands.`,
        help: `Lint the values as they are then:\n  ${resolver.command.replace(/\bFILE\b/g, () => shellWord(target.settings[about].location?.file ?? STDIN_NAME))}`,
      },
    ];
  },
};

function firstResolver(value: unknown): Resolver | null {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const each of values) {
    const resolver = resolverOf(each);
    if (resolver) return resolver;
  }
  return null;
}

/** A file's name for pasting into a shell; `FILE` where it cannot be written there, or there is none. */
function shellWord(name: string): string {
  if (name === STDIN_NAME || escapeUnsafe(name) !== name) return 'FILE';
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
