import type { Certificate } from '../../x509/certificate.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../../x509/pem-label.ts';
import type { KeyContainer } from '../../x509/private-key.ts';
import type { PublicKeyFacts } from '../../x509/public-key.ts';
import type { Target } from './target.ts';
import { nameOf, pathOf } from './words.ts';

const MIN_RSA_BITS = 2048;
const MIN_EC_BITS = 256;
const CURVES = new Set(['P-256', 'P-384', 'P-521']);
const OTHER_TYPES = new Set(['rsa', 'rsa-pss', 'ed25519', 'ed448']);

/** Too short to be accepted: RSA under 2048 bits, EC under 256 bits. */
export function isWeak({ type, bits }: PublicKeyFacts): boolean {
  if (bits === null) return false;
  if (type === 'ec') return bits < MIN_EC_BITS;
  return (type === 'rsa' || type === 'rsa-pss') && bits < MIN_RSA_BITS;
}

/** Of a kind that TLS clients do not accept from a server, however long. */
export function isUnsupported({ type, curve }: PublicKeyFacts): boolean {
  return type === 'ec' ? !CURVES.has(curve ?? '') : !OTHER_TYPES.has(type);
}

/** A public key and what to call it in a sentence. */
export interface NamedKey {
  /** Worked out only where a finding is made: to decode a name costs more than to look at a key. */
  what(): string;
  publicKey: PublicKeyFacts;
  /** Whether it is that of the leaf. */
  isLeaf: boolean;
  /** The certificate that holds it; null for that of the private key. */
  certificate: Certificate | null;
  /** How the private key is stored; null for a certificate's key. */
  container: KeyContainer | null;
}

/**
 * The public keys of one of the two values: that of the private key, or those of the chain's certificates. A
 * certificate's that belongs to the private key is left out, since both are one mistake.
 */
export function publicKeysIn(target: Target, name: 'crt' | 'key'): NamedKey[] {
  const { privateKey, chain, owned } = target.material ?? {};
  if (name === 'key') {
    if (!privateKey?.publicKey) return [];
    const { publicKey, container } = privateKey;
    return [
      {
        what: () => `The private key in ${pathOf(target, 'key')}`,
        publicKey,
        isLeaf: true,
        certificate: null,
        container,
      },
    ];
  }
  const others = chain?.members.filter((certificate) => !owned?.includes(certificate)) ?? [];
  return others.map((certificate) => ({
    what: () => `The public key of ${nameOf(certificate)} in ${pathOf(target, 'crt')}`,
    publicKey: certificate.publicKey,
    isLeaf: certificate === chain?.leaf,
    certificate,
    container: null,
  }));
}

/** A private key that could be opened, and the certificate that it does not belong to. */
export interface Mismatch {
  publicKey: PublicKeyFacts;
  /** The leaf, or the first certificate of the file where no chain could be built. */
  expected: Certificate;
  /** The certificates of the file that the key does belong to. */
  owned: readonly Certificate[];
}

/** Whether the private key could be opened and belongs to another certificate than it should; null where not. */
export function mismatchOf({ material }: Target): Mismatch | null {
  const publicKey = material?.privateKey?.publicKey;
  if (!material || !publicKey) return null;
  const { chain, certificates, owned } = material;
  const expected = chain ? chain.leaf : certificates.find(({ index }) => index === 0);
  return expected && !owned.includes(expected) ? { publicKey, expected, owned } : null;
}

/**
 * Whether the file holds only CA certificates, none of them the key's: the server's own certificate is missing.
 * A self-signed one alone may be meant for a server, as `openssl req -x509` makes it.
 */
export function isServerMissing(target: Target): boolean {
  const chain = target.material?.chain;
  if (!chain || chain.top.kind === 'self-signed-leaf') return false;
  const isOnlyCa = chain.leaf.isCa === true && !chain.leaf.hasServerNames;
  return isOnlyCa && mismatchOf(target)?.owned.length === 0;
}

/** Whether the leaf can only be a CA's: it names no server, and its key usage does not let it sign as one. */
export function isCaAsLeaf(target: Target): boolean {
  const leaf = target.material?.chain?.leaf;
  if (leaf?.isCa !== true || leaf.hasServerNames || isServerMissing(target)) return false;
  return leaf.keyUsage?.includes('digitalSignature') === false;
}

/** Whether `crt` holds the private key and `key` holds the certificates. */
export function isSwapped({ material }: Target): boolean {
  const crt = material?.crt?.pem?.blocks ?? [];
  const key = material?.key?.pem?.blocks ?? [];
  const isKeyInCrt = crt.some(isPrivateKeyBlock) && !crt.some(isCertificateBlock);
  return isKeyInCrt && key.some(isCertificateBlock) && !key.some(isPrivateKeyBlock);
}
