import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { keyDerivation } from './key-derivation.ts';
import type { PemBlock } from './pem-block.ts';
import { canSign } from './private-key-check.ts';
import { type PublicKeyFacts, publicKeyFacts } from './public-key.ts';

/** An RSA key of 16384 bits, the longest that OpenSSL computes with, has about 9,300 bytes in DER. */
export const MAX_KEY_SIZE = 32 * 1024;

/** The container of a private key's PEM block. */
export type KeyContainer =
  | 'pkcs1'
  | 'pkcs8'
  | 'pkcs8-encrypted'
  | 'pkcs1-encrypted'
  | 'sec1'
  | 'sec1-encrypted'
  | 'dsa'
  | 'dsa-encrypted'
  | 'openssh'
  | 'other';

/** What a private key's PEM block is. Holds nothing of the private key itself. */
export interface PrivateKeyFacts {
  container: KeyContainer;
  encrypted: boolean;
  /** `opened` where it loads (without a passphrase, or with the one given); `locked` where no passphrase, or a wrong one, was given. */
  state: 'opened' | 'locked' | 'unreadable';
  /** Whether it needed a passphrase, and the one given opened it. */
  openedWithPassphrase: boolean;
  publicKey: PublicKeyFacts | null;
}

/** By label: the container of a plain body, and of an encrypted one (by its header in RFC 1421, or in PKCS#8). */
const CONTAINERS: Record<string, readonly [KeyContainer, KeyContainer]> = {
  'PRIVATE KEY': ['pkcs8', 'pkcs8-encrypted'],
  'ENCRYPTED PRIVATE KEY': ['pkcs8', 'pkcs8-encrypted'],
  'RSA PRIVATE KEY': ['pkcs1', 'pkcs1-encrypted'],
  'EC PRIVATE KEY': ['sec1', 'sec1-encrypted'],
  'DSA PRIVATE KEY': ['dsa', 'dsa-encrypted'],
  'OPENSSH PRIVATE KEY': ['openssh', 'openssh'],
};

/**
 * Reads a private key as OpenSSL 3 loads it (`PEM_read_bio_PrivateKey`), also under a wrong label where OpenSSL does.
 * `unreadable` is also what loads but cannot make a signature that its own public key verifies, and what is larger
 * than any key. An encrypted key is `locked` without a passphrase, with a wrong one, and where trying it would cost too
 * much (see `keyDerivation`). Keys that no certificate in TLS can hold (X25519, DH) are `opened`. Never throws; keeps
 * nothing of the private key.
 * @param passphrase tried only on an encrypted key; null for none
 */
export function readPrivateKey(block: PemBlock, passphrase: string | null): PrivateKeyFacts {
  const derivation = block.label === 'ENCRYPTED PRIVATE KEY' ? keyDerivation(block.der) : 'none';
  const encrypted = block.encrypted || derivation !== 'none';
  const container = CONTAINERS[block.label]?.[encrypted ? 1 : 0] ?? 'other';
  const unopened = { container, encrypted, openedWithPassphrase: false, publicKey: null };
  if (block.der.length > MAX_KEY_SIZE) return { ...unopened, state: 'unreadable' };

  const pem = Buffer.from(block.text, 'latin1');
  if (!encrypted) {
    const { key } = load(pem, null);
    const publicKey = key && publicFacts(key);
    return publicKey ? { ...unopened, state: 'opened', publicKey } : { ...unopened, state: 'unreadable' };
  }
  if (derivation === 'costly' || (derivation !== 'none' && passphrase === null)) {
    return { ...unopened, state: 'locked' };
  }
  const { key, code } = load(pem, passphrase);
  if (key === null) return { ...unopened, state: isHeaderError(code) ? 'unreadable' : 'locked' };
  const publicKey = publicFacts(key);
  if (publicKey === null) return { ...unopened, state: 'unreadable' };
  return { ...unopened, state: 'opened', openedWithPassphrase: true, publicKey };
}

/** What OpenSSL could not read of a certificate before stays in its queue of errors, and Node takes it for the key's. */
function load(pem: Buffer, passphrase: string | null): { key: KeyObject | null; code: string } {
  const loaded = loadOnce(pem, passphrase);
  return loaded.code.startsWith('ERR_OSSL_ASN1_') ? loadOnce(pem, passphrase) : loaded;
}

function loadOnce(pem: Buffer, passphrase: string | null): { key: KeyObject | null; code: string } {
  try {
    const key = createPrivateKey(passphrase === null ? pem : { key: pem, passphrase });
    return { key, code: '' };
  } catch (error) {
    return { key: null, code: String((error as NodeJS.ErrnoException).code) };
  }
}

/** Whether OpenSSL failed on the encryption header itself, which no passphrase can fix. */
function isHeaderError(code: string): boolean {
  return /^ERR_OSSL_PEM_(UNSUPPORTED_|BAD_IV|MISSING_DEK|UNEXPECTED_DEK|NOT_|SHORT_)/.test(code);
}

function publicFacts(key: KeyObject): PublicKeyFacts | null {
  try {
    const publicKey = createPublicKey(key);
    return canSign(key, publicKey) ? publicKeyFacts(publicKey) : null;
  } catch {
    return null;
  }
}
