import type { Rule } from './rule.ts';
import { ENCODED_VALUES } from './shared/base64.ts';
import { isWeak, keysOf } from './shared/keys.ts';
import { measured } from './shared/sources.ts';

export const keyWeak: Rule = {
  id: 'key-weak',
  severity: 'error',
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
  fix: 'Make a new key and have the certificate issued anew.',
  appliesTo: ENCODED_VALUES,
  check(target, _options, [name]) {
    return keysOf(target)
      .filter(({ about, publicKey }) => about === name && isWeak(publicKey))
      .map(({ about, what, publicKey }) => ({
        about,
        message: `${what()} is too short: ${publicKey.description}. On install, the router would refuse it (ee key too small), and clients would too.`,
        help: 'Make a new key, and have the certificate issued anew for it:\n  openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr',
      }));
  },
};
