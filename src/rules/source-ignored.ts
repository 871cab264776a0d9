import { deploysSecrets } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const sourceIgnored: Rule = {
  id: 'source-ignored',
  severity: 'error',
  stage: 'values',
  title: 'tls is set, but the chart makes no Secret of it',
  means: 'certificate.tls is set, but general.deploy_secrets is off.',
  why: 'No Secret is rendered, yet the pods mount it: they wait for it for ever, unless someone made it by hand.',
  sources: [measured('with deploy_secrets off, certificate.tls is ignored without a word')],
  bad: 'general:\n  deploy_secrets:\n    enabled: false\ncertificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  good: 'general:\n  deploy_secrets:\n    enabled: false\ncertificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Make the Secret yourself and name it in certificate.existing_cert, or turn general.deploy_secrets on.',
  appliesTo: [['certificate', 'tls', 'existingCert', 'deploySecrets', 'deploySecretsEnabled']],
  check(target) {
    const { settings, source } = target;
    if (source !== 'inline' || deploysSecrets(settings)) return [];
    const [tls, existing] = [pathOf(target, 'tls'), pathOf(target, 'existingCert')];
    return [
      {
        about: 'tls',
        message: `${tls} is set, but ${pathOf(target, 'deploySecrets')} is off, so no Secret is made of it. On install, the pods would wait for a Secret that does not exist.`,
        help: [
          'Make the Secret yourself and name it:',
          '  kubectl create secret tls lightrun-tls --cert=fullchain.crt --key=leaf.key',
          `  ${existing}: "lightrun-tls"`,
          `or turn ${pathOf(target, 'deploySecretsEnabled')} on.`,
        ].join('\n'),
      },
    ];
  },
};
