import type { SettingName } from '../values/settings.ts';
import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { ofValues } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

/** The switches that the chart asks with `if`. */
const SWITCHES: readonly [SettingName, ...SettingName[]] = [
  'internalTls',
  'internalTlsVerification',
  'routerTls',
  'deploySecretsEnabled',
];

export const switchText = rule({
  id: 'switch-text',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'a switch that is a string',
  means:
    'general.internal_tls.enabled, its certificates.verification, general.router.tls.enabled or general.deploy_secrets.enabled is a string, such as "false".',
  why: 'Helm takes every string that is not empty for on, also "false" and "no".',
  sources: [measured('the string "false" counts as on')],
  bad: 'general:\n  router:\n    tls:\n      enabled: "false"',
  good: 'general:\n  router:\n    tls:\n      enabled: false',
  fix: 'Write true or false without quotes.',
  needs: ofValues(...SWITCHES),
  check({ entries, ...context }) {
    const strings = entries.filter(({ entry: { value } }) => typeof value === 'string' && value !== '');
    return byMistake(strings, ({ entry }) => String(entry.value)).map((alike) => ({
      ...valuesOf(alike),
      message: `${subject(context, alike, 'is', 'are')} the string "${context.show(String(alike[0].entry.value), 'value')}". Helm takes every string that is not empty for on.`,
      help: 'Write true or false without quotes, whichever is meant.',
    }));
  },
});
