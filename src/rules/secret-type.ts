import { rule } from './rule.ts';
import { retypeSecret, TLS_SECRET } from './shared/commands.ts';
import { foundSecret } from './shared/needs.ts';

export const secretType = rule({
  id: 'secret-type',
  severity: 'warning',
  refusedBy: [],
  stage: 'cluster',
  title: 'the Secret is not of type kubernetes.io/tls',
  means: 'The Secret that existing_cert names exists, but has another type, such as Opaque.',
  why: 'Pods mount it all the same, but Ingress controllers and tools that look for TLS Secrets may ignore it, and nothing ensures that it has both entries.',
  sources: ['Kubernetes: Secrets of type kubernetes.io/tls must hold tls.crt and tls.key'],
  bad: 'kubectl create secret generic my-tls-secret --from-file=tls.crt --from-file=tls.key',
  good: 'kubectl create secret tls my-tls-secret --cert=tls.crt --key=tls.key',
  fix: 'Delete the Secret and create it again with kubectl create secret tls; the type of a Secret cannot be changed.',
  needs: foundSecret,
  checkMaker({ kind, type }, { show }) {
    if (type === null || type === TLS_SECRET) return null;
    return {
      field: ['spec', ...(kind === 'SealedSecret' ? [] : ['target']), 'template', 'type'],
      message: `The Secret that this ${kind} makes is of type ${show(type, 'value')}, not ${TLS_SECRET}. Pods mount it, but some Ingress controllers may ignore it.`,
      help: `Set its template's type to ${TLS_SECRET}.`,
    };
  },
  check({ live, found: { type, crt, key }, options, show }) {
    if (type === TLS_SECRET) return null;
    return {
      message: `The Secret ${show(live.name, 'object name')} in the namespace ${show(live.namespace, 'object name')} is of type ${show(type || 'Opaque', 'value')}, not ${TLS_SECRET}. Pods mount it, but some Ingress controllers may ignore it.`,
      help: 'The type of a Secret cannot be changed: it has to be deleted and made again.',
      // Without both entries the API server refuses that type; `secret-key-missing` makes it again with them.
      commands: crt && key ? [retypeSecret(live, options.invocation.kubectl)] : [],
    };
  },
});
