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
import { MAX_KEY_SIZE, MAX_SECRET_SIZE } from '../limits.ts';
import { canSign } from '../private-key-check.ts';
import { explicitContent, octetsOf } from './octets.ts';
import { type PassphraseForm, passphraseForms } from './passphrase-forms.ts';
import { UnsupportedError } from './password-algorithms.ts';
import { decryptByPassphrase } from './password-decrypt.ts';
import { CostlyError, Effort } from './password-effort.ts';
import { macFits } from './pkcs12-mac.ts';

/** A PKCS#12 file (`.p12`, `.pfx`), read. */
export type Pkcs12Reading =
  /** Certificates in DER, as they stand and unparsed, and the private keys, both in the order of the file. */
  | { state: 'opened'; certificates: Buffer[]; keys: KeyObject[] }
  /** The passphrase is not the right one; a file that was damaged may look the same. */
  | { state: 'locked' }
  /** By the name of the algorithm, or its object identifier. */
  | { state: 'unsupported'; algorithm: string }
  /** What is wrong, in a few words without a final full stop; quotes no bytes. */
  | { state: 'unreadable'; reason: string };

const PKCS7 = '1.2.840.113549.1.7';
const DATA = `${PKCS7}.1`;
const ENCRYPTED_DATA = `${PKCS7}.6`;
const BY_KEYS: Readonly<Record<string, string>> = {
  [`${PKCS7}.2`]: 'a signature in place of a passphrase',
  [`${PKCS7}.3`]: 'encryption to a certificate in place of a passphrase',
};
/** RFC 7292 section 4.2. */
const BAGS = '1.2.840.113549.1.12.10.1';
const KEY_BAG = `${BAGS}.1`;
const SHROUDED_KEY_BAG = `${BAGS}.2`;
const CERTIFICATE_BAG = `${BAGS}.3`;
const SAFE_CONTENTS_BAG = `${BAGS}.6`;
/** RFC 2985 section 5.6.1; the other kind of certificate is not X.509. */
const X509 = '1.2.840.113549.1.9.22.1';

const VERSION = 3;
/** Twice what a Secret holds, in bytes. */
const MAX_SIZE = 2 * MAX_SECRET_SIZE;
/** A Java keystore of a large company; each one is tried. */
const MAX_KEYS = 100;

class LockedError extends Error {}

/**
 * Reads a PKCS#12 file (RFC 7292), in DER or BER, as Windows, Azure Key Vault, Java and OpenSSL write it: encrypted
 * by AES or triple DES, or RC2 in older ones, or not at all; with a MAC, which is verified, or without one. CRLs and
 * secrets in it are passed over. Every key has been found able to sign. Never throws.
 * @param der the file
 * @param passphrase may be empty, which also stands for none
 */
export function readPkcs12(der: Buffer, passphrase: string): Pkcs12Reading {
  try {
    return { state: 'opened', ...new Pkcs12File(passphrase).read(der) };
  } catch (error) {
    if (error instanceof LockedError) return { state: 'locked' };
    if (error instanceof UnsupportedError) return { state: 'unsupported', algorithm: error.algorithm };
    if (error instanceof Asn1Error || error instanceof CostlyError) {
      return { state: 'unreadable', reason: error.message };
    }
    throw error;
  }
}

class Pkcs12File {
  /** The form that the MAC, or else a decryption, has proved comes first. */
  #forms: PassphraseForm[];
  #verified = false;
  readonly #effort = new Effort();
  readonly #certificates: Buffer[] = [];
  readonly #keys: KeyObject[] = [];

  constructor(passphrase: string) {
    this.#forms = passphraseForms(passphrase);
  }

  read(der: Buffer): { certificates: Buffer[]; keys: KeyObject[] } {
    if (der.length > MAX_SIZE) throw new Asn1Error('it is larger than 2 MiB');
    const [version, authSafe, macData] = children(decodeAsn1(der));
    if (!(version instanceof Integer) || version.valueBlock.valueDec !== VERSION) {
      throw new Asn1Error('it is no PKCS#12 file of version 3');
    }
    const content = dataOf(authSafe);
    if (macData) this.#verify(macData, content);
    for (const part of children(decodeAsn1(content))) this.#readPart(part);
    return { certificates: this.#certificates, keys: this.#keys };
  }

  #verify(macData: Asn1Node, content: Buffer): void {
    const form = this.#forms.find((each) => macFits(macData, content, each, this.#effort));
    if (!form) throw new LockedError();
    this.#prefer(form);
    this.#verified = true;
  }

  #prefer(form: PassphraseForm): void {
    this.#forms = [form, ...this.#forms.filter((each) => each !== form)];
  }

  /** One ContentInfo: a SafeContents, encrypted or not. */
  #readPart(part: Asn1Node): void {
    const [type, content] = children(part);
    if (oidOf(type) !== ENCRYPTED_DATA) {
      this.#readBags(children(decodeAsn1(dataOf(part))));
      return;
    }
    const [, encrypted] = children(explicitContent(content));
    const [, algorithm, data] = children(encrypted);
    this.#readBags(children(this.#decrypted(algorithm, data)));
  }

  #readBags(bags: readonly Asn1Node[]): void {
    for (const bag of bags) {
      const [id, value] = children(bag);
      this.#readBag(oidOf(id), explicitContent(value));
    }
  }

  #readBag(id: string, value: Asn1Node): void {
    switch (id) {
      case CERTIFICATE_BAG: {
        const [type, certificate] = children(value);
        if (oidOf(type) === X509) this.#certificates.push(octetsOf(explicitContent(certificate)));
        break;
      }
      case KEY_BAG:
        this.#addKey(encodedBytes(value));
        break;
      case SHROUDED_KEY_BAG: {
        const [algorithm, data] = children(value);
        this.#addKey(encodedBytes(this.#decrypted(algorithm, data)));
        break;
      }
      case SAFE_CONTENTS_BAG:
        this.#readBags(children(value));
        break;
    }
  }

  /** The SEQUENCE that is encrypted. A wrong passphrase seldom leaves a padding, and never one. */
  #decrypted(algorithm: Asn1Node | undefined, data: Asn1Node | undefined): Asn1Node {
    const bytes = octetsOf(data);
    for (const form of this.#forms) {
      const plain = decryptByPassphrase(algorithm, bytes, form, this.#effort);
      const node = plain && tryDecodeAsn1(plain);
      if (node instanceof Sequence) {
        this.#prefer(form);
        return node;
      }
    }
    if (!this.#verified) throw new LockedError();
    throw new Asn1Error('a part of it has another passphrase than the whole, or is damaged');
  }

  #addKey(der: Buffer): void {
    if (this.#keys.length === MAX_KEYS) throw new Asn1Error(`it holds more than ${MAX_KEYS} private keys`);
    this.#keys.push(loadKey(der));
  }
}

/** The OCTET STRING in a ContentInfo of type data (RFC 5652 section 4). */
function dataOf(node: Asn1Node | undefined): Buffer {
  const [type, content] = children(node);
  const id = oidOf(type);
  if (id !== DATA) throw new UnsupportedError(BY_KEYS[id] ?? id);
  return octetsOf(explicitContent(content));
}

/** @param der a PrivateKeyInfo (RFC 5958 section 2) */
function loadKey(der: Buffer): KeyObject {
  if (der.length <= MAX_KEY_SIZE) {
    try {
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      if (canSign(key, createPublicKey(key))) return key;
    } catch {
      // OpenSSL's own words say no more.
    }
  }
  throw new Asn1Error('a private key in it is damaged, or of a kind that OpenSSL does not know');
}
