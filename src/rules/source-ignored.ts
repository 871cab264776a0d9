import { deploysSecrets } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const sourceIgnored = rule({
  id: 'source-ignored',
  severity: 'error',
  refusedBy: [],
  stage: 'values',
  title: 'tls is set, but the chart makes no Secret from it',
  means: 'certificate.tls is set, but general.deploy_secrets is off.',
  why: 'No Secret is rendered, yet the pods mount it: they wait for it forever, unless someone made it by hand.',
  sources: [measured('with deploy_secrets off, certificate.tls is silently ignored')],
  bad: 'general:\n  deploy_secrets:\n    enabled: false\ncertificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  good: 'general:\n  deploy_secrets:\n    enabled: false\ncertificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Create the Secret yourself and name it in certificate.existing_cert, or turn general.deploy_secrets on.',
  needs: values('certificate', 'tls', 'existingCert', 'deploySecrets', 'deploySecretsEnabled'),
  check({ target: { settings, source }, path }) {
    if (source !== 'inline' || deploysSecrets(settings)) return null;
    return {
      about: 'tls',
      message: `${path('tls')} is set, but ${path('deploySecrets')} is off, so no Secret is made from it. On install, the pods would wait for a Secret that does not exist.`,
      help: `Turn ${path('deploySecretsEnabled')} on, or create the Secret yourself (kubectl create secret tls) and name it in ${path('existingCert')}.`,
    };
  },
});
