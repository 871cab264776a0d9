import { type RuleFinding, rule } from './rule.ts';
import { encodeCommand } from './shared/commands.ts';
import { isServerMissing, type Mismatch } from './shared/keys.ts';
import { mismatch } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { nameOf } from './shared/words.ts';

export const keyMismatch = rule({
  id: 'key-mismatch',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'private key',
  title: 'the private key does not belong to the certificate',
  means:
    'The private key does not belong to the first certificate. If it belongs to another one in the file, the message names that.',
  why: 'nginx refuses to start: key values mismatch. With an RSA key and an EC certificate it starts, and every handshake fails.',
  sources: [
    measured('the key of another certificate is refused: key values mismatch'),
    measured('an RSA key with an EC certificate loads, and every handshake fails'),
  ],
  bad: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of old.key>"',
  good: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of new.key>"',
  fix: 'Find the key that the certificate was requested with.',
  needs: mismatch,
  check({ target, mismatch, path }) {
    if (isServerMissing(target)) return serverMissing(target, path('crt'));
    const [other] = mismatch.owned;
    const found = other ? ` It belongs to ${nameOf(other)} in the same file.` : '';
    return {
      about: 'key',
      message: `The private key in ${path('key')} does not belong to ${nameOf(mismatch.expected)}.${found} ${consequence(mismatch)}`,
      help: [
        'Find the key that this certificate was requested with: both commands must print the same.',
        '  openssl x509 -in my-cert.crt -noout -pubkey',
        '  openssl pkey -in my-cert.key -pubout',
      ].join('\n'),
    };
  },
});

function consequence({ publicKey, expected }: Mismatch): string {
  return publicKey.type === expected.publicKey.type
    ? 'On install, the router would not start (key values mismatch).'
    : `The key is ${publicKey.description}, the certificate ${expected.publicKey.description}: on install, the router might even start, and every connection would fail.`;
}

function serverMissing(target: Target, path: string): RuleFinding {
  return {
    about: 'crt',
    message: `${path} holds only CA certificates: the server's own certificate, to which the private key belongs, is missing. On install, the router would not start (key values mismatch), and clients would be told to pin the key of a CA.`,
    help: `Put the server's certificate before them, and encode the file again:\n  ${encodeCommand(target, 'crt')}`,
  };
}
