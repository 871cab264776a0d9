import type { Certificate } from '../../x509/certificate.ts';
import type { PublicKeyFacts } from '../../x509/public-key.ts';
import type { EncodedName } from './base64.ts';
import type { Target } from './target.ts';
import { nameOf, pathOf } from './words.ts';

const LEAST_RSA_BITS = 2048;
const LEAST_EC_BITS = 256;
const CURVES = new Set(['P-256', 'P-384', 'P-521']);
const OTHER_TYPES = new Set(['rsa', 'rsa-pss', 'ed25519', 'ed448']);

/** Too short to be accepted: RSA under 2048 bits, EC under 256 bits. */
export function isWeak({ type, bits }: PublicKeyFacts): boolean {
  if (bits === null) return false;
  if (type === 'ec') return bits < LEAST_EC_BITS;
  return (type === 'rsa' || type === 'rsa-pss') && bits < LEAST_RSA_BITS;
}

/** Of a kind that TLS clients do not accept from a server, however long. */
export function isUnsupported({ type, curve }: PublicKeyFacts): boolean {
  return type === 'ec' ? !CURVES.has(curve ?? '') : !OTHER_TYPES.has(type);
}

/** A key that stands in one of the two values, and what to call it in a sentence. */
export interface NamedKey {
  about: EncodedName;
  /** Worked out only where a finding is made: to decode a name costs more than to look at a key. */
  what(): string;
  publicKey: PublicKeyFacts;
}

/**
 * The key in `tls.key`, and those of the certificates in the chain; a certificate's that is the same key as the
 * one in `tls.key` is left out, since both are one mistake.
 */
export function keysOf(target: Target): NamedKey[] {
  const { material } = target;
  const { privateKey, chain, owned } = material ?? {};
  const keys: NamedKey[] = [];
  if (privateKey?.publicKey) {
    keys.push({
      about: 'key',
      what: () => `The private key in ${pathOf(target, 'key')}`,
      publicKey: privateKey.publicKey,
    });
  }
  const certificates: readonly Certificate[] = chain?.members ?? [];
  for (const certificate of certificates) {
    if (owned?.includes(certificate)) continue;
    const what = () => `The public key of ${nameOf(certificate)} in ${pathOf(target, 'crt')}`;
    keys.push({ about: 'crt', what, publicKey: certificate.publicKey });
  }
  return keys;
}
