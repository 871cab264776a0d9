import { CHECKED_SETTINGS } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import { rule } from './rule.ts';
import { subject, valuesOf } from './shared/alike.ts';
import { ofValues } from './shared/needs.ts';
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
  needs: ofValues(...CHECKED_SETTINGS),
  check({ entries, ...context }) {
    const unresolved = entries.flatMap(({ about, entry }) => {
      const resolver = [entry.value]
        .flat()
        .map(resolverOf)
        .find((each) => each !== null);
      return resolver ? { about, by: resolver.name } : [];
    });
    const [first, ...others] = unresolved;
    if (!first) return null;
    const all = [first, ...others] as const;
    const tools = [...new Set(unresolved.map(({ by }) => by))];
    return {
      ...valuesOf(all),
      message: `${subject(context, all, 'was', 'were')} not checked: ${others.length > 0 ? 'they are' : 'it is'} filled in later, by ${tools.join(', and by ')}. If nothing does that, Helm installs the reference as it is.`,
      help: 'Lint the values as they are after that: lint reads standard input where the file is named -.',
    };
  },
});
