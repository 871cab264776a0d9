import { randomBytes } from 'node:crypto';
import { Integer, OctetString } from 'asn1js';
import { Certificate, Time } from 'pkijs';
import type { PemPair } from '../fix/chain.ts';
import { DAY } from '../text/amount.ts';
import { pemText } from '../x509/pem-block.ts';
import { ENGINE, generateKeyPair, type KeyKind, pkcs8Of } from './key-pair.ts';
import { extension, serverExtensions, subjectOf } from './server.ts';

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
  const subject = subjectOf(hosts, 'Self-signed for testing');
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
