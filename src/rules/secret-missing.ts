import type { Rule } from './rule.ts';
import { makeSecret } from './shared/commands.ts';
import { measured } from './shared/sources.ts';
import { list, pathOf, show } from './shared/words.ts';

export const secretMissing: Rule = {
  id: 'secret-missing',
  severity: 'error',
  stage: 'cluster',
  title: 'the Secret that existing_cert names is not there',
  means:
    "The cluster was asked, and there is no Secret of that name in the release's namespace. Names that are like it are shown where listing is allowed.",
  why: 'Every pod that mounts the Secret waits for it, and never starts.',
  sources: [measured('backend, crons and router mount the Secret that existing_cert names')],
  bad: 'kubectl get secret my-tls-secret --namespace lightrun   # NotFound',
  good: 'kubectl create secret tls my-tls-secret --namespace lightrun --cert=fullchain.crt --key=leaf.key',
  fix: 'Make the Secret, or correct the name or the namespace. Where cert-manager or the like makes it after the install, use --rule secret-missing=warning.',
  appliesTo: [['existingCert']],
  check(target) {
    const { live } = target;
    if (live === null || live.found !== null) return [];
    const { name, namespace, near } = live;
    const likely = near.length > 0 ? ` There are: ${list(near)}.` : '';
    return [
      {
        about: 'existingCert',
        message: `${pathOf(target, 'existingCert')} names the Secret ${show(name)}, but the namespace ${show(namespace)} holds none of that name.${likely} On install, the pods that mount it would never start.`,
        help: [
          `Correct the name, or the namespace (--namespace), or make the Secret first:\n  ${makeSecret(live)}`,
          'Does cert-manager or the like make it after the install? Then: --rule secret-missing=warning',
        ].join('\n'),
      },
    ];
  },
};
