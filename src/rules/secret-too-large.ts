import { MAX_SECRET_SIZE } from '../x509/secret-size.ts';
import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { material } from './shared/needs.ts';

export const secretTooLarge = rule({
  id: 'secret-too-large',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'pair and platform',
  title: 'more than a Secret can hold',
  means: 'Certificate and key decode to more than 1 MiB in all. Their content is then not checked.',
  why: 'Kubernetes refuses the Secret.',
  sources: ['Kubernetes: the data of a Secret may have 1 MiB (MaxSecretSize)'],
  bad: 'base64 -w 0 /etc/ssl/certs/ca-certificates.crt   # several times over',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0',
  fix: "Keep only the leaf's chain.",
  // However broken the values are, their size is known: `crt` and `key` may be stopped, `tls` is not.
  needs: material('tls'),
  check({ material: { size }, ...context }) {
    const { path } = context;
    if (size <= MAX_SECRET_SIZE) return null;
    return {
      about: 'crt',
      message: `${path('crt')} and ${path('key')} decode to ${size} bytes; a Secret may hold ${MAX_SECRET_SIZE}. On install, Kubernetes would refuse it. Their content was not checked.`,
      help: 'Keep only the leaf, its intermediates and its root.',
      commands: encodeOwn(context, 'crt'),
    };
  },
});
