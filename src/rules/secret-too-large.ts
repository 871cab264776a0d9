import { MAX_SECRET_SIZE } from '../x509/limits.ts';
import type { Rule } from './rule.ts';
import { pathOf } from './shared/words.ts';

export const secretTooLarge: Rule = {
  id: 'secret-too-large',
  severity: 'error',
  stage: 'pair and platform',
  title: 'more than a Secret can hold',
  means: 'Certificate and key decode to more than 1 MiB in all. Nothing in them is then looked at.',
  why: 'Kubernetes refuses the Secret.',
  sources: ['Kubernetes: the data of a Secret may have 1 MiB (MaxSecretSize)'],
  bad: 'base64 -w 0 /etc/ssl/certs/ca-certificates.crt   # several times over',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Keep the chain of the leaf alone.',
  // However broken the values are, their size is known.
  appliesTo: [['tls']],
  check(target) {
    const size = target.material?.size ?? 0;
    if (size <= MAX_SECRET_SIZE) return [];
    return [
      {
        about: 'crt',
        message: `${pathOf(target, 'crt')} and ${pathOf(target, 'key')} decode to ${size} bytes; a Secret may hold ${MAX_SECRET_SIZE}. On install, Kubernetes would refuse it. What is in them was not judged.`,
        help: 'Keep only the leaf, its intermediates and its root in the file.',
      },
    ];
  },
};
