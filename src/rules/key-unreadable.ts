import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { privateKey } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';

export const keyUnreadable = rule({
  id: 'key-unreadable',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'private key',
  title: 'the private key cannot be loaded',
  means: 'The block is PEM, but its content is not a private key that OpenSSL can load.',
  why: 'nginx, OpenSSL and Node refuse it.',
  sources: [rfc(5958, '2'), rfc(8017, 'A.1.2'), measured('OpenSSL refuses a damaged key')],
  bad: '-----BEGIN PRIVATE KEY-----\n(a part is missing)\n-----END PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----\n(the whole key)\n-----END PRIVATE KEY-----',
  fix: 'Get a fresh copy of the key file.',
  stops: 'error',
  needs: privateKey,
  check({ privateKey: { state, container }, ...context }) {
    // `key-format` explains those that OpenSSL never loads.
    if (state !== 'unreadable' || container === 'openssh' || container === 'other') return null;
    return {
      message: `The private key in ${context.path('key')} is damaged: it is a PEM block, but OpenSSL cannot load it. On install, the router would not start.`,
      help: 'Take the key from its file again; if that is damaged too, get a fresh copy of it.',
      commands: encodeOwn(context, 'key'),
    };
  },
});
