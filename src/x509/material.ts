import { type Base64Facts, readBase64 } from './base64.ts';
import { isCertificateBlock, isPrivateKeyBlock } from './blocks.ts';
import { type Certificate, readCertificate, type UnreadableCertificate } from './certificate.ts';
import { buildChain, type Chain, type KnownRoots } from './chain/chain.ts';
import { MAX_SECRET_SIZE } from './limits.ts';
import { refusalOfPair } from './pair.ts';
import { type PemFacts, readPem } from './pem.ts';
import { type PrivateKeyFacts, readPrivateKey } from './private-key.ts';
import { sameKey } from './public-key.ts';
import { publicRoots } from './roots.ts';

/** What one of the two values holds, as far down as it could be followed. */
export interface EncodedMaterial {
  base64: Base64Facts;
  pem: PemFacts | null;
}

/** All that is known about the bytes of a certificate and its key. */
export interface Material {
  crt: EncodedMaterial | null;
  key: EncodedMaterial | null;
  /** Decoded bytes of both. */
  size: number;
  certificates: readonly Certificate[];
  unreadable: readonly UnreadableCertificate[];
  /** Null where there is no certificate, one cannot be read, or the Secret is too large. */
  chain: Chain | null;
  privateKey: PrivateKeyFacts | null;
  /** The certificates to whose public key the private key belongs; none where it could not be opened. */
  owned: readonly Certificate[];
  /** Why OpenSSL refuses the pair as it stands, null where it loads it or one of them is not there. */
  refusal(): string | null;
}

/**
 * Follows both values from base64 down to certificates, chain and key. Judges nothing.
 * @param crt the text of `tls.crt`, null where there is none to read
 * @param key the text of `tls.key`, likewise
 * @param passphrase tried where the key is encrypted, as the router does (chart fact 8)
 * @param roots what counts as a known root; null for the public ones alone
 */
export function readMaterial(
  crt: string | null,
  key: string | null,
  passphrase: string | null,
  roots: KnownRoots | null,
): Material {
  const crtMaterial = crt === null ? null : readEncoded(crt);
  const keyMaterial = key === null ? null : readEncoded(key);
  const size = (crtMaterial?.base64.bytes?.length ?? 0) + (keyMaterial?.base64.bytes?.length ?? 0);
  const tooLarge = size > MAX_SECRET_SIZE;

  const keyBlock = tooLarge ? undefined : keyMaterial?.pem?.blocks.find(isPrivateKeyBlock);
  const privateKey = keyBlock ? readPrivateKey(keyBlock, passphrase) : null;

  const certificates: Certificate[] = [];
  const unreadable: UnreadableCertificate[] = [];
  const blocks = tooLarge ? [] : (crtMaterial?.pem?.blocks.filter(isCertificateBlock) ?? []);
  for (const [index, block] of blocks.entries()) {
    const read = readCertificate(block, index);
    if (read.ok) certificates.push(read.certificate);
    else unreadable.push(read.unreadable);
  }
  const complete = unreadable.length === 0 && certificates.length > 0;
  const keyOwner = privateKey?.publicKey ?? null;
  return {
    crt: crtMaterial,
    key: keyMaterial,
    size,
    certificates,
    unreadable,
    chain: complete ? buildChain(certificates, { keyOwner, roots: roots ?? publicRoots() }) : null,
    privateKey,
    owned: keyOwner ? certificates.filter(({ publicKey }) => sameKey(publicKey, keyOwner)) : [],
    refusal() {
      const [crtBytes, keyBytes] = [crtMaterial?.base64.bytes, keyMaterial?.base64.bytes];
      return crtBytes && keyBytes ? refusalOfPair(crtBytes, keyBytes, passphrase) : null;
    },
  };
}

function readEncoded(text: string): EncodedMaterial {
  const base64 = readBase64(text);
  return { base64, pem: base64.bytes && readPem(base64.bytes) };
}
