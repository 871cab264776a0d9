import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Integer, Sequence } from 'asn1js';
import {
  Asn1Error,
  type Asn1Node,
  children,
  decodeAsn1,
  encodedBytes,
  oidOf,
  tryDecodeAsn1,
} from '../asn1.ts';
import { Budget } from '../budget.ts';
import { canSign, MAX_KEY_SIZE } from '../private-key.ts';
import { MAX_SECRET_SIZE } from '../secret-size.ts';
import { explicitContent, octetsOf, UnsupportedError, unsupported } from './algorithms.ts';
import { CostlyError, type EncodedPassphrase, encodePassphrase } from './key-derivation.ts';
import { decryptWithPassphrase, macMatches } from './password-modes.ts';

/** A PKCS#12 file (`.p12`, `.pfx`), read. */
export type Pkcs12Reading =
  /** The certificates in DER, not parsed, and the private keys, both in the file's order. */
  | { state: 'opened'; certificates: Buffer[]; keys: KeyObject[] }
  /** The passphrase is wrong; a damaged file may look the same. */
  | { state: 'locked' }
  /** The name of the algorithm, or its OID. */
  | { state: 'unsupported'; algorithm: string }
  /** Why, in a few words without a final full stop; quotes no bytes. */
  | { state: 'unreadable'; reason: string };

/** RFC 5652 sections 4 and 8. */
const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
/** RFC 7292 section 4.2. */
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const PKCS8_SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERT_BAG = '1.2.840.113549.1.12.10.1.3';
const SAFE_CONTENTS_BAG = '1.2.840.113549.1.12.10.1.6';
/** RFC 7292 section 4.2.3: the other type is SDSI. */
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

const VERSION = 3;
/** Twice what a Secret holds, in bytes. */
const MAX_SIZE = 2 * MAX_SECRET_SIZE;
/** MAC, certificates and key of 800,000 iterations each, eight times the most that Java ever used: some seconds. */
const MAX_ITERATIONS = 2_400_000;
/** The Java keystore of a large company; each key is tried. */
const MAX_KEYS = 100;

class LockedError extends Error {}

/**
 * Reads a PKCS#12 file (RFC 7292) in DER or BER, as Windows, Azure Key Vault, Java and OpenSSL write it: encrypted with
 * AES or triple DES, with RC2 in older ones, or not at all; its MAC is verified where it has one. CRLs and secrets in it
 * are ignored. Every key returned can sign. Never throws.
 * @param der the file
 * @param passphrase an empty one also means none
 */
export function readPkcs12(der: Buffer, passphrase: string): Pkcs12Reading {
  try {
    return { state: 'opened', ...new Pfx(passphrase).read(der) };
  } catch (error) {
    if (error instanceof LockedError) return { state: 'locked' };
    if (error instanceof UnsupportedError) return { state: 'unsupported', algorithm: error.message };
    if (error instanceof Asn1Error || error instanceof CostlyError) {
      return { state: 'unreadable', reason: error.message };
    }
    throw error;
  }
}

/** A PFX (RFC 7292 section 4) while it is read. */
class Pfx {
  /** The encoding that the MAC, or else a decryption, has proved right comes first. */
  #passphrases: EncodedPassphrase[];
  #isVerified = false;
  readonly #budget = new Budget(MAX_ITERATIONS);
  readonly #certificates: Buffer[] = [];
  readonly #keys: KeyObject[] = [];

  constructor(passphrase: string) {
    this.#passphrases = encodePassphrase(passphrase);
  }

  read(der: Buffer): { certificates: Buffer[]; keys: KeyObject[] } {
    if (der.length > MAX_SIZE) throw new Asn1Error('it is larger than 2 MiB');
    const [version, authSafe, macData] = children(decodeAsn1(der));
    if (!(version instanceof Integer) || version.valueBlock.valueDec !== VERSION) {
      throw new Asn1Error('it is not a PKCS#12 file of version 3');
    }
    const content = dataOf(authSafe);
    if (macData) this.#verifyMac(macData, content);
    for (const contentInfo of children(decodeAsn1(content))) this.#readContentInfo(contentInfo);
    return { certificates: this.#certificates, keys: this.#keys };
  }

  #verifyMac(macData: Asn1Node, content: Buffer): void {
    const match = this.#passphrases.find((each) => macMatches(macData, content, each, this.#budget));
    if (!match) throw new LockedError();
    this.#prefer(match);
    this.#isVerified = true;
  }

  #prefer(passphrase: EncodedPassphrase): void {
    this.#passphrases = [passphrase, ...this.#passphrases.filter((each) => each !== passphrase)];
  }

  /** SafeContents, encrypted or not. */
  #readContentInfo(contentInfo: Asn1Node): void {
    const [type, content] = children(contentInfo);
    if (oidOf(type) !== ENCRYPTED_DATA) {
      this.#readBags(children(decodeAsn1(dataOf(contentInfo))));
      return;
    }
    const [, encryptedContentInfo] = children(explicitContent(content));
    const [, algorithm, ciphertext] = children(encryptedContentInfo);
    this.#readBags(children(this.#decrypt(algorithm, ciphertext)));
  }

  #readBags(bags: readonly Asn1Node[]): void {
    for (const bag of bags) {
      const [id, value] = children(bag);
      this.#readBag(oidOf(id), explicitContent(value));
    }
  }

  #readBag(id: string, value: Asn1Node): void {
    switch (id) {
      case KEY_BAG:
        this.#addKey(encodedBytes(value));
        break;
      case PKCS8_SHROUDED_KEY_BAG: {
        const [algorithm, ciphertext] = children(value);
        this.#addKey(encodedBytes(this.#decrypt(algorithm, ciphertext)));
        break;
      }
      case CERT_BAG: {
        const [type, certificate] = children(value);
        if (oidOf(type) === X509_CERTIFICATE) this.#certificates.push(octetsOf(explicitContent(certificate)));
        break;
      }
      case SAFE_CONTENTS_BAG:
        this.#readBags(children(value));
        break;
    }
  }

  /** The encrypted SEQUENCE. With a wrong passphrase the padding is seldom valid, and what it leaves never a SEQUENCE. */
  #decrypt(algorithm: Asn1Node | undefined, ciphertext: Asn1Node | undefined): Asn1Node {
    const bytes = octetsOf(ciphertext);
    for (const passphrase of this.#passphrases) {
      const plaintext = decryptWithPassphrase(algorithm, bytes, passphrase, this.#budget);
      const node = plaintext && tryDecodeAsn1(plaintext);
      if (node instanceof Sequence) {
        this.#prefer(passphrase);
        return node;
      }
    }
    if (!this.#isVerified) throw new LockedError();
    throw new Asn1Error('a part of it has another passphrase, or is damaged');
  }

  #addKey(der: Buffer): void {
    if (this.#keys.length === MAX_KEYS) throw new Asn1Error(`it holds more than ${MAX_KEYS} private keys`);
    this.#keys.push(loadKey(der));
  }
}

/** The OCTET STRING in a ContentInfo of type data (RFC 5652 section 4). */
function dataOf(contentInfo: Asn1Node | undefined): Buffer {
  const [type, content] = children(contentInfo);
  const id = oidOf(type);
  if (id !== DATA) throw unsupported(id);
  return octetsOf(explicitContent(content));
}

/** @param der a PrivateKeyInfo (RFC 5958 section 2) */
function loadKey(der: Buffer): KeyObject {
  if (der.length <= MAX_KEY_SIZE) {
    try {
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      if (canSign(key, createPublicKey(key))) return key;
    } catch {
      // OpenSSL's own message adds nothing.
    }
  }
  throw new Asn1Error('a private key in it is damaged, or of a type that OpenSSL does not support');
}
