import { type Base64Facts, readBase64 } from './base64.ts';
import { type Certificate, readCertificate, type UnreadableCertificate } from './certificate.ts';
import { buildChain, type Chain, type Trust } from './chain/chain.ts';
import { type PemFacts, readPem } from './pem.ts';
import { isCertificateBlock, isPrivateKeyBlock } from './pem-label.ts';
import { keyDerivation, type PrivateKeyFacts, readPrivateKey } from './private-key.ts';
import { sameKey } from './public-key.ts';
import { MAX_SECRET_SIZE } from './secret-size.ts';

/** What one of the two values holds, as far as it could be decoded. */
export interface EncodedMaterial {
  base64: Base64Facts;
  pem: PemFacts | null;
}

/** All that is known of the bytes of a certificate file and its key. */
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
  /** The certificates whose private key it is; none where it could not be opened. */
  owned: readonly Certificate[];
  /** Whether to load the key, OpenSSL would have to derive one from a passphrase, which is too costly. */
  isCostly: boolean;
  /** Why OpenSSL refuses to load exactly this pair; null where it loads it, or one of the two is missing. */
  refusal(): string | null;
}

/**
 * Reads both values from base64 to certificates, chain and key. It has no opinion on them.
 * @param crt the text of `tls.crt`; null where there is none to read
 * @param key the text of `tls.key`, likewise
 * @param passphrase tried where the key is encrypted, as in the router (chart fact 8)
 */
export function readMaterial(
  crt: string | null,
  key: string | null,
  passphrase: string | null,
  trust: Trust,
): Material {
  const crtMaterial = crt === null ? null : readEncoded(crt);
  const keyMaterial = key === null ? null : readEncoded(key);
  const size = (crtMaterial?.base64.bytes?.length ?? 0) + (keyMaterial?.base64.bytes?.length ?? 0);
  const tooLarge = size > MAX_SECRET_SIZE;

  const keyBlock = tooLarge ? undefined : keyMaterial?.pem?.blocks.find(isPrivateKeyBlock);
  const privateKey = keyBlock ? readPrivateKey(keyBlock, passphrase) : null;

  // OpenSSL decrypts what it finds first, whatever its label, and without a passphrase by an empty one.
  const isCostly = (keyMaterial?.pem?.blocks ?? []).some(({ der }) => keyDerivation(der) === 'costly');

  const certificates: Certificate[] = [];
  const unreadable: UnreadableCertificate[] = [];
  const blocks = tooLarge ? [] : (crtMaterial?.pem?.blocks.filter(isCertificateBlock) ?? []);
  for (const [index, block] of blocks.entries()) {
    const read = readCertificate(block, index);
    if (read.ok) certificates.push(read.certificate);
    else unreadable.push(read.unreadable);
  }
  let refusal: string | null | undefined;
  const complete = unreadable.length === 0 && certificates.length > 0;
  const keyOwner = privateKey?.publicKey ?? null;
  return {
    crt: crtMaterial,
    key: keyMaterial,
    size,
    certificates,
    unreadable,
    chain: complete ? buildChain(certificates, keyOwner, trust) : null,
    privateKey,
    isCostly,
    owned: keyOwner ? certificates.filter(({ publicKey }) => sameKey(publicKey, keyOwner)) : [],
    refusal() {
      const [crtBytes, keyBytes] = [crtMaterial?.base64.bytes, keyMaterial?.base64.bytes];
      if (!crtBytes || !keyBytes) return null;
      if (refusal === undefined) refusal = isCostly ? COSTLY : refusalOfPair(crtBytes, keyBytes, passphrase);
      return refusal;
    },
  };
}

/** OpenSSL is not asked: it would work for minutes, or years. */
const COSTLY = 'key derivation too costly';

/** Every cipher, and the security level of OpenSSL 3.0 (SSL_CTX_set_security_level); weaker keys have rules of their own. */
const CIPHERS = 'DEFAULT:@SECLEVEL=1';

/** What `createSecureContext` calls for its options, in all versions of Node from 20 to 26. */
interface NativeContext {
  setCert(crt: Buffer): void;
  setKey(key: Buffer, passphrase?: string): void;
}

function readEncoded(text: string): EncodedMaterial {
  const base64 = readBase64(text);
  return { base64, pem: base64.bytes && readPem(base64.bytes) };
}

/**
 * Asks OpenSSL, which nginx runs too, to load a certificate file with its key, as a TLS server does.
 * @param crt the decoded bytes of `tls.crt`
 * @param key the decoded bytes of `tls.key`
 * @param passphrase for an encrypted key
 * @returns why it refuses, in OpenSSL's own words, which quote nothing of the input; null where it loads
 */
function refusalOfPair(crt: Buffer, key: Buffer, passphrase: string | null): string | null {
  const tls = process.getBuiltinModule('node:tls');
  try {
    // An empty list of CAs keeps Node from parsing all its public roots. The level comes first, so that neither OPENSSL_CONF
    // nor NODE_OPTIONS decides: given as options, Node would load certificate and key before it.
    const { context } = tls.createSecureContext({ ciphers: CIPHERS, ca: [] }) as { context: NativeContext };
    context.setCert(crt);
    context.setKey(key, passphrase ?? undefined);
    return null;
  } catch (error) {
    const { code, reason } = error as { code?: string; reason?: string };
    return reason ?? code ?? 'no reason given';
  }
}
