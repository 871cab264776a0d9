import type { SettingName } from '../values/settings.ts';
import { rule } from './rule.ts';
import { eachValue } from './shared/needs.ts';
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
  needs: eachValue(...SWITCHES),
  check({ about, entry: { value }, path, show }) {
    if (typeof value !== 'string' || value === '') return null;
    return {
      message: `${path(about)} is the string "${show(value, 'value')}". Helm takes every string that is not empty for on.`,
      help: 'Write true or false without quotes, whichever is meant.',
    };
  },
});
