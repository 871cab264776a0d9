import { escapeUnsafe } from '../text/display.ts';
import { resolverOf } from '../values/unresolved.ts';
import { STDIN_NAME } from '../values/values.ts';
import { rule } from './rule.ts';
import { eachValue } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const valuesUnresolved = rule({
  id: 'values-unresolved',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'a value that is not decrypted or filled in yet was not checked',
  means:
    'A value is a reference that another tool fills in later: SOPS (ENC[…]), vals (ref+vault://…), the Argo CD Vault plugin (<path:…>), a variable in ${…} and the like. It was not checked. In a command that goes on to run Helm it is an error.',
  why: 'A value that has not been seen cannot be called right; and if nothing fills it in, Helm installs the reference itself.',
  sources: [measured('Helm passes such a string on as it is')],
  bad: 'certificate:\n  tls:\n    crt: "ENC[AES256_GCM,data:…]"\n    key: "ENC[AES256_GCM,data:…]"',
  good: 'sops --decrypt values.yaml | helm lightrun-cert lint -',
  fix: 'Lint the values as they are after the other tool has filled them in.',
  stops: 'always',
  needs: eachValue(
    'certificate',
    'tls',
    'existingCert',
    'crt',
    'key',
    'pins',
    'endpoint',
    'deploySecrets',
    'deploySecretsEnabled',
    'internalTls',
    'keystorePassword',
  ),
  check({ about, entry, path }) {
    const resolver = [entry.value]
      .flat()
      .map(resolverOf)
      .find((each) => each !== null);
    if (!resolver) return null;
    const file = shellWord(entry.location?.file ?? STDIN_NAME);
    return {
      message: `${path(about)} was not checked: it is filled in later (${resolver.name}). If nothing fills it in, Helm installs the reference as it is.`,
      help: `Lint the values as they are then:\n  ${resolver.command.replace(/\bFILE\b/g, () => file)}`,
    };
  },
});

/** A file's name for pasting into a shell; `FILE` where it cannot be written there, or there is none. */
function shellWord(name: string): string {
  if (name === STDIN_NAME || escapeUnsafe(name) !== name) return 'FILE';
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
