import { rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { foundSecret } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { list } from './shared/words.ts';

export const secretKeyMissing = rule({
  id: 'secret-key-missing',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'cluster',
  title: 'the Secret lacks tls.crt or tls.key',
  means:
    'The Secret that existing_cert names exists, but tls.crt or tls.key in its data is missing or empty.',
  why: 'The chart mounts exactly these two files; the router and the init container of the backend fail without them.',
  sources: [measured('the router reads tls.crt and tls.key of the Secret')],
  bad: 'kubectl create secret generic my-tls-secret --from-file=cert.pem --from-file=key.pem',
  good: 'kubectl create secret tls my-tls-secret --cert=cert.pem --key=key.pem',
  fix: 'Create the Secret again with kubectl create secret tls, which names the two entries right.',
  needs: foundSecret,
  checkMaker({ kind, keys }, { show }) {
    const missing = keys === null ? [] : ['tls.crt', 'tls.key'].filter((key) => !keys.includes(key));
    if (missing.length === 0) return null;
    return {
      field: kind === 'SealedSecret' ? ['spec', 'encryptedData'] : ['spec', 'target', 'template', 'data'],
      message: `The Secret that this ${kind} makes has no ${missing.join(' and no ')}; it holds ${list(keys ?? [], (name) => show(name, 'YAML key')) || 'nothing'}. On install, the pods that mount it would not start.`,
      help: 'Give it both entries.',
    };
  },
  check({ live, found: { crt, key, keys }, ...context }) {
    const missing = [...(crt ? [] : ['tls.crt']), ...(key ? [] : ['tls.key'])];
    if (missing.length === 0) return null;
    return {
      about: crt ? 'key' : 'crt',
      message: `The Secret ${context.show(live.name, 'object name')} in the namespace ${context.show(live.namespace, 'object name')} has no ${missing.join(' and no ')}, or an empty one; it holds ${list(keys, (name) => context.show(name, 'YAML key')) || 'nothing'}. On install, the pods that mount it would not start.`,
      help: 'Put both entries in it.',
      commands: encodeFiles(context, { cert: [OWN_FILES.chain], key: OWN_FILES.key }),
    };
  },
});
