import type { Rule } from './rule.ts';
import { measured, rfc } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const keyUnreadable: Rule = {
  id: 'key-unreadable',
  severity: 'error',
  stage: 'private key',
  title: 'the private key cannot be loaded',
  means: 'The block is PEM, but what is in it is no private key that OpenSSL can load.',
  why: 'nginx, OpenSSL and Node refuse it.',
  sources: [rfc(5958, '2'), rfc(8017, 'A.1.2'), measured('OpenSSL refuses a damaged key')],
  bad: '-----BEGIN PRIVATE KEY-----\n(a part is missing)\n-----END PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----\n(the whole key)\n-----END PRIVATE KEY-----',
  fix: 'Take the key file from where it came once more.',
  appliesTo: [['key']],
  stops: 'error',
  check(target) {
    const { privateKey } = target.material ?? {};
    if (privateKey?.state !== 'unreadable') return [];
    if (privateKey.container === 'openssh' || privateKey.container === 'other') return [];
    return [
      {
        about: 'key',
        message: `The private key in ${pathOf(target, 'key')} is damaged: it stands in a PEM block, but OpenSSL cannot load it. On install, the router would not start.`,
        help: "Take the key file from where it came once more, try it, and encode it anew:\n  openssl pkey -in leaf.key -noout\n  base64 < leaf.key | tr -d '\\n'",
      },
    ];
  },
};
