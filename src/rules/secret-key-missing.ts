import type { Rule } from './rule.ts';
import { makeSecret } from './shared/commands.ts';
import { measured } from './shared/sources.ts';
import { list, show } from './shared/words.ts';

export const secretKeyMissing: Rule = {
  id: 'secret-key-missing',
  severity: 'error',
  stage: 'cluster',
  title: 'the Secret lacks tls.crt or tls.key',
  means:
    'The Secret that existing_cert names is there, but its data has no tls.crt, no tls.key, or an empty one.',
  why: 'The chart mounts exactly these two files; the router and the init container of the backend fail without them.',
  sources: [measured('the router reads tls.crt and tls.key of the Secret')],
  bad: 'kubectl create secret generic my-tls-secret --from-file=cert.pem --from-file=key.pem',
  good: 'kubectl create secret tls my-tls-secret --cert=cert.pem --key=key.pem',
  fix: 'Make the Secret anew with kubectl create secret tls, which names the two entries right.',
  appliesTo: [['existingCert']],
  check(target) {
    const { live } = target;
    if (!live?.found) return [];
    const { crt, key, keys } = live.found;
    const missing = [...(crt ? [] : ['tls.crt']), ...(key ? [] : ['tls.key'])];
    if (missing.length === 0) return [];
    const holds = keys.length === 0 ? 'nothing' : list(keys);
    return [
      {
        about: crt ? 'key' : 'crt',
        message: `The Secret ${show(live.name)} in the namespace ${show(live.namespace)} has no ${missing.join(' and no ')}, or an empty one; it holds ${holds}. On install, the pods that mount it would not start.`,
        help: `Make it anew with both entries:\n  ${makeSecret(live)}`,
      },
    ];
  },
};
