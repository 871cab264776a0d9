import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  Set as Asn1Set,
  type BaseBlock,
  BitString,
  Constructed,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  Sequence,
  UTCTime,
  Utf8String,
} from 'asn1js';
import type { PemPair } from '../fix/pair.ts';
import { pemText } from '../fix/pem-text.ts';
import { DAY } from '../text/amount.ts';
import { children, contentBytes, decodeAsn1 } from '../x509/asn1.ts';
import { serverExtensions } from './extensions.ts';

/** The kinds of key; the first is what Lightrun's page makes. */
export const KEY_KINDS = ['rsa2048', 'rsa4096', 'ec256', 'ec384'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What is wanted. */
export interface SelfSignedRequest {
  /** DNS names in A-labels, lower case, also with a wildcard, and IP addresses. */
  hosts: readonly [string, ...string[]];
  /** How long it is valid from now on. */
  days: number;
  keyKind: KeyKind;
  now: Date;
}

/** A certificate with its key. */
export interface SelfSigned {
  der: Buffer;
  /** The certificate, and the key as unencrypted PKCS#8. */
  pair: PemPair;
  notBefore: Date;
  notAfter: Date;
}

/** How long before now validity begins, in milliseconds: for clients whose clocks are behind. */
const BACKDATED = 60 * 60 * 1000;

const SECOND = 1000;
const SERIAL_BYTES = 16;
/** RFC 5280, appendix A.1: ub-common-name. */
const LONGEST_COMMON_NAME = 64;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** How a kind of key is made, and what it signs with. */
interface Recipe {
  type: 'rsa' | 'ec';
  make(): KeyObject;
  hash: 'sha256' | 'sha384';
  /** The AlgorithmIdentifier's OID: RFC 4055 section 5, RFC 5758 section 3.2. */
  signature: string;
}

const rsa = (modulusLength: number): Recipe => ({
  type: 'rsa',
  make: () => generateKeyPairSync('rsa', { modulusLength }).privateKey,
  hash: 'sha256',
  signature: '1.2.840.113549.1.1.11',
});
const ec = (namedCurve: string, hash: Recipe['hash'], signature: string): Recipe => ({
  type: 'ec',
  make: () => generateKeyPairSync('ec', { namedCurve }).privateKey,
  hash,
  signature,
});
const RECIPES: Readonly<Record<KeyKind, Recipe>> = {
  rsa2048: rsa(2048),
  rsa4096: rsa(4096),
  ec256: ec('prime256v1', 'sha256', '1.2.840.10045.4.3.2'),
  ec384: ec('secp384r1', 'sha384', '1.2.840.10045.4.3.3'),
};

/**
 * Makes a key, and a self-signed certificate for it that TLS servers can use (RFC 5280 section 4.1): no CA, every
 * host a subject alternative name.
 */
export function selfSigned({ hosts, days, keyKind, now }: SelfSignedRequest): SelfSigned {
  const recipe = RECIPES[keyKind];
  const key = recipe.make();
  const second = Math.floor(now.getTime() / SECOND) * SECOND;
  const [notBefore, notAfter] = [new Date(second - BACKDATED), new Date(second + days * DAY)];
  const spki = decodeAsn1(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const tbs = sequence(
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new Integer({ value: 2 })] }),
    new Integer({ valueHex: serialNumber() }),
    algorithm(recipe),
    subject(hosts),
    sequence(time(notBefore), time(notAfter)),
    subject(hosts),
    spki,
    // The first byte counts the bits that are not in use: none.
    serverExtensions(hosts, recipe.type, contentBytes(children(spki)[1]).subarray(1)),
  );
  const signature = sign(recipe.hash, encoded(tbs), key);
  const der = encoded(sequence(tbs, algorithm(recipe), new BitString({ valueHex: signature })));
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { der, pair: { crt: pemText('CERTIFICATE', der), key: pem }, notBefore, notAfter };
}

/** Positive, 126 random bits in 16 bytes (RFC 5280 section 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** RSA has parameters, NULL (RFC 4055 section 5); ECDSA has none (RFC 5758 section 3.2). */
function algorithm({ type, signature }: Recipe): BaseBlock {
  const id = new ObjectIdentifier({ value: signature });
  return type === 'rsa' ? sequence(id, new Null()) : sequence(id);
}

/**
 * The first host that fits as common name. Where none does there is another name in its place: this is the issuer too,
 * which is never empty (RFC 5280 section 4.1.2.4), and Java refuses one that is.
 */
function subject(hosts: readonly string[]): BaseBlock {
  const host = hosts.find(({ length }) => length <= LONGEST_COMMON_NAME);
  const [type, value] = host === undefined ? [ORGANIZATION, 'Self-signed for testing'] : [COMMON_NAME, host];
  const attribute = sequence(new ObjectIdentifier({ value: type }), new Utf8String({ value }));
  return sequence(new Asn1Set({ value: [attribute] }));
}

/** RFC 5280 section 4.1.2.5: UTCTime, whose two digits of the year mean 1950 to 2049, where it can; else GeneralizedTime. */
function time(date: Date): BaseBlock {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? new UTCTime({ valueDate: date })
    : new GeneralizedTime({ valueDate: date });
}

function sequence(...value: BaseBlock[]): BaseBlock {
  return new Sequence({ value });
}

function encoded(node: BaseBlock): Buffer {
  return Buffer.from(node.toBER());
}
