import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Certificate } from '../x509/certificate.ts';
import type { KnownRoots, Top } from '../x509/chain/chain.ts';
import { publicKeyFacts, sameKey } from '../x509/public-key.ts';
import { orderedChain } from './chain.ts';
import type { PemPair } from './pair.ts';
import { pemText } from './pem-text.ts';

/** A chain put together from loose certificates, with its key. */
export interface Assembled {
  pair: PemPair;
  /** Leaf, intermediates, root, as they stand in the pair. */
  certificates: readonly Certificate[];
  /** Second and further copies, left out. */
  copies: readonly Certificate[];
  /** Certificates without a part in the chain, left out. */
  unrelated: readonly Certificate[];
  /** What the chain ends in; null where it could not be put in order. */
  top: Top | null;
}

/** The same chain with one more certificate at its end. */
export function withRoot(assembled: Assembled, root: Certificate): Assembled {
  const certificates = [...assembled.certificates, root];
  return { ...assembled, certificates, pair: { ...assembled.pair, crt: pemOf(certificates) } };
}

/**
 * Puts loose certificates in order above the one that the key belongs to. Where it belongs to several, the one that
 * is valid longest is the leaf; where it belongs to none, all stay as they were given.
 * @param certificates in the order in which they were given, at least one
 * @param key the private key
 * @param roots what counts as a known root
 */
export function assemble(certificates: readonly Certificate[], key: KeyObject, roots: KnownRoots): Assembled {
  const keyOwner = publicKeyFacts(createPublicKey(key));
  const owned = certificates
    .filter(({ publicKey }) => sameKey(publicKey, keyOwner))
    .sort((one, other) => other.notAfter.getTime() - one.notAfter.getTime());
  const others = certificates.filter((each) => !owned.includes(each));
  const ranked = [...owned, ...others].map((certificate, index) => ({ ...certificate, index }));
  const ordered = owned.length > 0 ? orderedChain(ranked, keyOwner, roots) : null;
  const used = ordered ? [...ordered.members, ...ordered.disconnected] : certificates;
  return {
    pair: { crt: pemOf(used), key: pkcs8Text(key) },
    certificates: used,
    copies: ordered?.copies ?? [],
    unrelated: ordered?.unrelated ?? [],
    top: ordered?.chain.top ?? null,
  };
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => pemText('CERTIFICATE', der)).join('');
}

/** Unencrypted PKCS#8 as PEM (RFC 5208, RFC 7468 section 10). */
function pkcs8Text(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
