import { rule } from './rule.ts';
import { createSecret } from './shared/commands.ts';
import { liveSecret } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const secretMissing = rule({
  id: 'secret-missing',
  severity: 'error',
  refusedBy: [],
  stage: 'cluster',
  title: 'the Secret that existing_cert names does not exist',
  means:
    "The cluster was asked, and there is no Secret of that name in the release's namespace. In the gate: nor does the very command that is to run make it.",
  why: 'Every pod that mounts the Secret waits for it, and never starts.',
  sources: [measured('backend, crons and router mount the Secret that existing_cert names')],
  bad: 'kubectl get secret my-tls-secret --namespace lightrun   # NotFound',
  good: 'kubectl create secret tls my-tls-secret --namespace lightrun --cert=full-chain.crt --key=my-cert.key',
  fix: 'Create the Secret, or correct the name or the namespace. If cert-manager or another tool creates it after the install, use --rule secret-missing=warning.',
  needs: liveSecret,
  check({ target, live, path, show, options }) {
    // Where the values name none, `source-missing` says which is missing.
    if (live.found !== null || live.going !== null || target.source === 'missing') return null;
    const { isNamespaceMissing } = live;
    const { kubectl } = options.invocation;
    const namespace = show(live.namespace, 'object name');
    return {
      message: `${path('existingCert')} names the Secret ${show(live.name, 'object name')}, ${isNamespaceMissing ? `but there is no namespace ${namespace}` : `but the namespace ${namespace} has no Secret of that name`}. On install, the pods that mount it would never start.`,
      help: [
        'Create it first, or correct the name or the namespace (--namespace).',
        ...(isNamespaceMissing
          ? []
          : [`See which there are: ${kubectl} get secrets --namespace ${namespace}`]),
        'If cert-manager or another tool creates it after the install, use --rule secret-missing=warning.',
      ].join('\n'),
      commands: createSecret(live, kubectl),
    };
  },
});
