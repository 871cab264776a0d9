import type { Consumer } from '../clients/refusal.ts';
import type { PublicKeyFacts } from '../x509/public-key.ts';
import { rule } from './rule.ts';
import { isWeak } from './shared/keys.ts';
import { publicKeys } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const keyWeak = rule({
  id: 'key-weak',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'java', 'browser'],
  stage: 'private key',
  title: 'the key is too short',
  means:
    'An RSA key is shorter than 2048 bits, or an EC key shorter than 256 bits: the private key, or a key in the certificates.',
  why: 'nginx refuses RSA 1024 (ee key too small), and so do clients.',
  sources: [
    'CA/Browser Forum Baseline Requirements, section 6.1.5',
    measured('nginx refuses RSA 1024: ee key too small'),
  ],
  bad: 'openssl genrsa 1024',
  good: 'openssl genrsa 2048',
  fix: 'Make a new key, and have the certificate reissued for it.',
  needs: publicKeys,
  check: ({ publicKeys }) =>
    publicKeys
      .filter(({ publicKey }) => isWeak(publicKey))
      .map(({ what, publicKey, isLeaf, certificate }) => ({
        refusedBy: refusedFor(publicKey, isLeaf),
        ...(certificate === null ? {} : { certificates: [certificate] }),
        message: `${what()} is too short: ${publicKey.description}. On install, the router would refuse it (ee key too small), and so would clients.`,
        help: 'Make a new key (RSA 2048 or EC P-256), and have the certificate reissued for it.',
      })),
});

/** Level 2 of OpenSSL, which Debian sets for nginx and curl, asks 2048 bits of RSA and 224 of EC, Apple 2048, Java 1024. */
function refusedFor({ type, bits }: PublicKeyFacts, isLeaf: boolean): readonly Consumer[] {
  if (type === 'ec') {
    if ((bits ?? 0) < 224)
      return ['openssl', 'nginx', ...(isLeaf ? (['go'] as const) : []), 'java', 'browser'];
    return isLeaf ? ['openssl', 'java', 'browser'] : ['java', 'browser'];
  }
  return (bits ?? 0) < 1024 ? ['openssl', 'nginx', 'java', 'browser'] : ['openssl', 'nginx', 'browser'];
}
