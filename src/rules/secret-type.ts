import type { Rule } from './rule.ts';
import { makeSecret } from './shared/commands.ts';
import { show } from './shared/words.ts';

const TLS = 'kubernetes.io/tls';

export const secretType: Rule = {
  id: 'secret-type',
  severity: 'warning',
  stage: 'cluster',
  title: 'the Secret is not of type kubernetes.io/tls',
  means: 'The Secret that existing_cert names is there, but has another type, such as Opaque.',
  why: 'Pods mount it all the same, but Ingress controllers and tools that look for TLS Secrets pass it over, and nothing makes sure that it has both entries.',
  sources: ['Kubernetes: Secrets of type kubernetes.io/tls must hold tls.crt and tls.key'],
  bad: 'kubectl create secret generic my-tls-secret --from-file=tls.crt --from-file=tls.key',
  good: 'kubectl create secret tls my-tls-secret --cert=tls.crt --key=tls.key',
  fix: 'Delete the Secret and make it anew with kubectl create secret tls; the type of a Secret cannot be changed.',
  appliesTo: [['existingCert']],
  check({ live }) {
    if (!live?.found || live.found.type === TLS) return [];
    return [
      {
        about: 'existingCert',
        message: `The Secret ${show(live.name)} in the namespace ${show(live.namespace)} is of type ${show(live.found.type || 'Opaque')}, not ${TLS}. Pods mount it, but some Ingress controllers pass it over.`,
        help: `The type cannot be changed: delete the Secret, and make it anew:\n  ${makeSecret(live)}`,
      },
    ];
  },
};
