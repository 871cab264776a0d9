import type { Rule } from './rule.ts';
import { ENCODED_VALUES } from './shared/base64.ts';
import { isUnsupported, isWeak, keysOf } from './shared/keys.ts';
import { measured, rfc } from './shared/sources.ts';

export const keyUnsupported: Rule = {
  id: 'key-unsupported',
  severity: 'error',
  stage: 'private key',
  title: 'a kind of key that TLS clients refuse',
  means:
    'The key loads, but is of a kind that TLS clients do not accept: a curve other than P-256, P-384 and P-521, explicit curve parameters, DSA.',
  why: 'Everything starts, and every handshake fails.',
  sources: [
    rfc(8446, '4.2.3'),
    rfc(5480, '2.1.1'),
    measured('a server with such a key loads, its handshakes fail'),
  ],
  bad: 'openssl ecparam -name secp256k1 -genkey',
  good: 'openssl ecparam -name prime256v1 -genkey',
  fix: 'Make a new key, and have the certificate issued anew.',
  appliesTo: ENCODED_VALUES,
  check(target, _options, [name]) {
    const isDsaFile = target.material?.privateKey?.container.startsWith('dsa') ?? false;
    return keysOf(target)
      .filter(({ about, publicKey }) => about === name && isUnsupported(publicKey) && !isWeak(publicKey))
      .filter(({ about }) => !(about === 'key' && isDsaFile))
      .map(({ about, what, publicKey }) => ({
        about,
        message: `${what()} is of a kind that TLS clients refuse: ${publicKey.description}. On install, everything would start, and every connection would fail.`,
        help: 'Make a new key (RSA 2048 or EC P-256), and have the certificate issued anew for it:\n  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr',
      }));
  },
};
