/** Certificates byte by byte, for what no library would write. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { encoded, type Issued, key, nameAsn1, pemBlock, spkiOf } from '../support/pki.ts';

/** One element: its tag byte and contents, with the length in its shortest form. */
export function tlv(tag: number, ...contents: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(contents.map((each) => (typeof each === 'string' ? hex(each) : each)));
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
export const seq = (...contents: readonly Uint8Array[]): Buffer => tlv(0x30, ...contents);
export const ascii = (tag: number, text: string): Buffer => tlv(tag, Buffer.from(text, 'latin1'));
export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | (left % 128));
    }
    return groups;
  });
  return tlv(0x06, Buffer.from(bytes));
};

/** An extension; `critical` as DER wants it, left out where false. */
export const extension = (id: string, value: Uint8Array, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [hex('0101ff')] : []), tlv(0x04, value));

/** A name of one relative name with one attribute. */
export const nameOf = (type: string, value: Uint8Array): Buffer => seq(tlv(0x31, seq(oid(type), value)));
export const usualName = (text: string): Buffer => encoded(nameAsn1(text));

/** Every part of a certificate as it stands in DER (RFC 5280 section 4.1). */
export interface Parts {
  version: Uint8Array;
  serial: Uint8Array;
  algorithm: Uint8Array;
  issuer: Uint8Array;
  validity: Uint8Array;
  subject: Uint8Array;
  spki: Uint8Array;
  /** What follows the key: unique identifiers, extensions with their tag. */
  rest: Uint8Array;
  /** The algorithm outside what is signed. */
  outer: Uint8Array;
  /** The BIT STRING of a signature. */
  bits(signature: Buffer): Uint8Array;
  /** The whole, from the three parts; and where something follows it. */
  whole(tbs: Buffer, outer: Uint8Array, bits: Uint8Array): Buffer;
}

const ECDSA_SHA256 = seq(oid('1.2.840.10045.4.3.2'));

const DAY = 24 * 60 * 60 * 1000;
export const utc = (time: number): string => new Date(time).toISOString().replace(/^..|[-:T]|\.\d+/g, '');
/** A UTCTime or GeneralizedTime by its text. */
export const time = (text: string): Buffer => ascii(/^\d{12}Z$/.test(text) ? 0x17 : 0x18, text);
const usualValidity = (days: number): Buffer =>
  seq(time(utc(Date.now() - DAY)), time(utc(Date.now() + days * DAY)));

/** Extensions with their tag. */
export const extensions = (...each: readonly Uint8Array[]): Buffer => tlv(0xa3, seq(...each));

export const keyId = (privateKey: KeyObject): Buffer =>
  createHash('sha1').update(spkiOf(privateKey)).digest();

/** Which certificate of a chain of three. */
export type Level = 0 | 1 | 2;
export const HOST_NAME = 'lightrun.example.com';
const NAMES = [`CN=${HOST_NAME}`, 'CN=Field Intermediate,O=Fields', 'CN=Field Root,O=Fields'] as const;
export const keyOfLevel = (level: number): KeyObject => key('p256', 320 + level);
const USAGES = ['03020780', '03020106', '03020106'] as const;

/** The extensions that a certificate of a level has, by identifier and in order. */
export function usualExtensions(level: Level): Map<string, Buffer> {
  const issuer = Math.min(level + 1, 2);
  const found = new Map([
    ['2.5.29.19', extension('2.5.29.19', level === 0 ? hex('3000') : hex('30030101ff'), true)],
    ['2.5.29.15', extension('2.5.29.15', hex(USAGES[level]), true)],
    ['2.5.29.14', extension('2.5.29.14', tlv(0x04, keyId(keyOfLevel(level))))],
  ]);
  if (level < 2) found.set('2.5.29.35', extension('2.5.29.35', seq(tlv(0x80, keyId(keyOfLevel(issuer))))));
  if (level === 0) {
    found.set('2.5.29.37', extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.1'))));
    found.set('2.5.29.17', extension('2.5.29.17', seq(ascii(0x82, HOST_NAME))));
  }
  return found;
}

/** A change of some parts of the certificate of a level. */
export type Edit = (level: Level) => Partial<Parts>;

let serials = 0;

/** Leaf, intermediate and root, one of them with some parts as they are given. What it is named as issuer follows. */
export function chainWith(edited: Level, edit: Edit): Issued[] {
  const subjects = NAMES.map((name) => usualName(name) as Uint8Array);
  const changed = edit(edited);
  if (changed.subject) subjects[edited] = changed.subject;
  return ([0, 1, 2] as const).map((level) => {
    const parts: Parts = {
      version: hex('a003020102'),
      serial: tlv(0x02, serialOf()),
      algorithm: ECDSA_SHA256,
      issuer: subjects[Math.min(level + 1, 2)] as Uint8Array,
      validity: usualValidity(level === 0 ? 89 : 3000),
      subject: subjects[level] as Uint8Array,
      spki: spkiOf(keyOfLevel(level)),
      rest: extensions(...usualExtensions(level).values()),
      outer: ECDSA_SHA256,
      bits: (signature) => tlv(0x03, hex('00'), signature),
      whole: (tbs, outer, bits) => seq(tbs, outer, bits),
      ...(level === edited ? changed : {}),
    };
    return signed(parts, level);
  });
}

function serialOf(): Buffer {
  serials += 1;
  const bytes = createHash('sha256').update(`${Date.now()} field ${serials}`).digest().subarray(0, 16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function signed(parts: Parts, level: Level): Issued {
  const { version, serial, algorithm, issuer, validity, subject, spki, rest, outer } = parts;
  const tbs = seq(version, serial, algorithm, issuer, validity, subject, spki, rest);
  const signature = sign('sha256', tbs, keyOfLevel(Math.min(level + 1, 2)));
  const der = parts.whole(tbs, outer, parts.bits(signature));
  const privateKey = keyOfLevel(level);
  const now = new Date();
  return {
    der,
    pem: pemBlock('CERTIFICATE', der),
    privateKey,
    subject: NAMES[level],
    subjectKeyId: keyId(privateKey),
    notBefore: now,
    notAfter: now,
  };
}
