import { rule } from './rule.ts';
import { createSecret } from './shared/commands.ts';
import { liveSecret } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { list } from './shared/words.ts';

export const secretMissing = rule({
  id: 'secret-missing',
  severity: 'error',
  refusedBy: [],
  stage: 'cluster',
  title: 'the Secret that existing_cert names does not exist',
  means:
    "The cluster was asked, and there is no Secret of that name in the release's namespace. Similar names are shown where listing is allowed.",
  why: 'Every pod that mounts the Secret waits for it, and never starts.',
  sources: [measured('backend, crons and router mount the Secret that existing_cert names')],
  bad: 'kubectl get secret my-tls-secret --namespace lightrun   # NotFound',
  good: 'kubectl create secret tls my-tls-secret --namespace lightrun --cert=full-chain.crt --key=my-cert.key',
  fix: 'Create the Secret, or correct the name or the namespace. If cert-manager or another tool creates it after the install, use --rule secret-missing=warning.',
  needs: liveSecret,
  check({ live, path, show, options }) {
    if (live.found !== null) return null;
    const { name, namespace, near, isNamespaceMissing } = live;
    const similar = near.length > 0 ? ` There are: ${list(near)}.` : '';
    return {
      message: `${path('existingCert')} names the Secret ${show(name, 'object name')}, ${isNamespaceMissing ? `but there is no namespace ${show(namespace, 'object name')}` : `but the namespace ${show(namespace, 'object name')} has no Secret of that name`}.${similar} On install, the pods that mount it would never start.`,
      help: [
        'Create it first, or correct the name or the namespace (--namespace).',
        'If cert-manager or another tool creates it after the install, use --rule secret-missing=warning.',
      ].join('\n'),
      commands: createSecret(live, options.invocation.kubectl),
    };
  },
});
