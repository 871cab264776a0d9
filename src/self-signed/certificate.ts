import { randomBytes, webcrypto } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { type BaseBlock, BitString, Integer, Null, OctetString, Utf8String } from 'asn1js';
import {
  AltName,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  ExtKeyUsage,
  GeneralName,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs';
import type { PemPair } from '../fix/write-values.ts';
import { DAY } from '../text/amount.ts';
import { pemText } from '../x509/pem-block.ts';

/** The certificate to make. */
export interface SelfSignedRequest {
  /** DNS names in A-labels and lower case, wildcards too, and IP addresses. */
  hosts: readonly [string, ...string[]];
  /** How long it is valid from now on. */
  days: number;
  keyKind: KeyKind;
  now: Date;
}

/** A certificate with its private key. */
export interface SelfSigned {
  der: Buffer;
  /** The certificate, and the private key as unencrypted PKCS#8. */
  pair: PemPair;
  notBefore: Date;
  notAfter: Date;
}

/** How long before now validity begins, in milliseconds: for clients whose clocks are slow. */
const BACKDATED = 60 * 60 * 1000;

const SECOND = 1000;
const V3 = 2;
const SERIAL_BYTES = 16;
const KEY_ID_BYTES = 20;

/**
 * Makes a private key and a self-signed certificate for a TLS server (RFC 5280 section 4.1): not a CA, with every host
 * as a subject alternative name.
 */
export async function selfSigned({ hosts, days, keyKind, now }: SelfSignedRequest): Promise<SelfSigned> {
  const keyPair = await generateKeyPair(keyKind);
  const second = Math.floor(now.getTime() / SECOND) * SECOND;
  const [notBefore, notAfter] = [new Date(second - BACKDATED), new Date(second + days * DAY)];
  const subject = subjectOf(hosts);
  const certificate = new Certificate({
    version: V3,
    serialNumber: new Integer({ valueHex: serialNumber() }),
    issuer: subject,
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    subject,
  });
  await certificate.subjectPublicKeyInfo.importKey(keyPair.publicKey, ENGINE);
  // RFC 7093 section 2, method 1: as RFC 5280 has it, but without SHA-1.
  const hash = await certificate.getKeyHash('SHA-256', ENGINE);
  const keyId = new OctetString({ valueHex: hash.slice(0, KEY_ID_BYTES) });
  certificate.extensions = [...serverExtensions(hosts, keyPair.type), extension('2.5.29.14', false, keyId)];
  await certificate.sign(keyPair.privateKey, keyPair.hash, ENGINE);
  const der = Buffer.from(certificate.toSchema(true).toBER());
  const pair = { crt: pemText('CERTIFICATE', der), key: pemText('PRIVATE KEY', await pkcs8Of(keyPair)) };
  return { der, pair, notBefore, notAfter };
}

/** Positive, 126 random bits in 16 bytes (RFC 5280 section 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** RFC 5280 section 4.1.2.5: UTCTime, whose two-digit year means 1950 to 2049, where it can; else GeneralizedTime. */
function timeOf(value: Date): Time {
  const year = value.getUTCFullYear();
  return new Time({ type: year >= 1950 && year < 2050 ? 0 : 1, value });
}

/** The key kinds; the first is the one that Lightrun's page makes. */
export const KEY_KINDS = ['rsa2048', 'rsa4096', 'ec256', 'ec384'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A key pair and the hash that it signs with. */
interface KeyPair {
  privateKey: webcrypto.CryptoKey;
  publicKey: webcrypto.CryptoKey;
  type: 'rsa' | 'ec';
  hash: 'SHA-256' | 'SHA-384';
}

const RSA = 'RSASSA-PKCS1-v1_5';
const F4 = Uint8Array.of(1, 0, 1);
const PARAMETERS = {
  rsa2048: { name: RSA, modulusLength: 2048, publicExponent: F4, hash: 'SHA-256' },
  rsa4096: { name: RSA, modulusLength: 4096, publicExponent: F4, hash: 'SHA-256' },
  ec256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  ec384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
} as const;

/** Generates a key pair of a kind. */
async function generateKeyPair(kind: KeyKind): Promise<KeyPair> {
  const { hash, ...parameters } = PARAMETERS[kind];
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey({ ...parameters, hash }, true, [
    'sign',
    'verify',
  ]);
  return { privateKey, publicKey, type: parameters.name === RSA ? 'rsa' : 'ec', hash };
}

/** The private key as unencrypted PKCS#8, in DER (RFC 5958 section 2). */
async function pkcs8Of({ privateKey }: KeyPair): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
}

/** RFC 4055 section 5: the AlgorithmIdentifier of an RSA signature has parameters, NULL. pkijs leaves them out. */
class Engine extends CryptoEngine {
  override async getSignatureParameters(key: webcrypto.CryptoKey, hash?: string) {
    const signature = await super.getSignatureParameters(key, hash);
    if (key.algorithm.name === RSA) signature.signatureAlgorithm.algorithmParams = new Null();
    return signature;
  }
}

/** What pkijs signs and hashes with: Node's own cryptography. */
const ENGINE = new Engine({ crypto: webcrypto });

/** RFC 5280 appendix A.1: ub-common-name. */
const MAX_COMMON_NAME = 64;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

const DNS_NAME = 2;
const IP_ADDRESS = 7;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;

/**
 * The subject: the first host short enough for a common name. Where none is, an organization: the subject is also the
 * issuer, which must not be empty (RFC 5280 section 4.1.2.4), and Java refuses an empty one.
 */
function subjectOf(hosts: readonly string[]): RelativeDistinguishedNames {
  const host = hosts.find(({ length }) => length <= MAX_COMMON_NAME);
  const [type, value] = host === undefined ? [ORGANIZATION, 'Self-signed for testing'] : [COMMON_NAME, host];
  const attribute = new AttributeTypeAndValue({ type, value: new Utf8String({ value }) });
  return new RelativeDistinguishedNames({ typesAndValues: [attribute] });
}

/**
 * The extensions of a TLS server certificate that is not a CA (RFC 5280 section 4.2), without key identifiers.
 * @param hosts DNS names in A-labels, wildcards too, and IP addresses
 * @param keyType only an RSA key may encipher others (RFC 5246 section 7.4.2)
 */
function serverExtensions(hosts: readonly string[], keyType: 'rsa' | 'ec'): Extension[] {
  return [
    extension('2.5.29.19', true, new BasicConstraints().toSchema()),
    extension('2.5.29.15', true, keyUsage(keyType)),
    extension('2.5.29.37', false, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] }).toSchema()),
    extension('2.5.29.17', false, new AltName({ altNames: hosts.map(generalName) }).toSchema()),
  ];
}

/** One extension, its value encoded in DER. */
function extension(extnID: string, critical: boolean, value: BaseBlock): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

/** DER has no trailing zero bits in a named bit list (ITU-T X.690 section 11.2.2). */
function keyUsage(keyType: 'rsa' | 'ec'): BitString {
  return keyType === 'rsa'
    ? new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT), unusedBits: 5 })
    : new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE), unusedBits: 7 });
}

function generalName(host: string): GeneralName {
  return isIP(host)
    ? new GeneralName({ type: IP_ADDRESS, value: new OctetString({ valueHex: addressBytes(host) }) })
    : new GeneralName({ type: DNS_NAME, value: host });
}

/** The 4 or 16 bytes of an IP address in network byte order (RFC 5280 section 4.2.1.6). */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [front = [], back = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
