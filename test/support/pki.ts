/**
 * A certification authority for tests. Everything is synchronous, made on the spot and kept in memory only.
 *
 *     const root = issue({ subject: 'CN=Test Root', ca: true });
 *     const leaf = issue({ issuer: root, san: ['lightrun.example.com'] });
 *     const { leaf, intermediates, root, pem } = chain({ depth: 2, keyKind: 'rsa2048' });
 */
import { createHash, type KeyObject } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  type Asn1,
  constructed,
  decoded,
  encoded,
  generalName,
  type KeyUsageName,
  keyUsageAsn1,
  type Name,
  nameAsn1,
  oid,
  PURPOSES,
  sequence,
  tagged,
  universal,
} from './asn1.ts';
import { type KeyKind, key, pemBlock, spkiOf } from './keys.ts';
import { type Hash, type PssOptions, signature, signatureAlgorithm } from './signature.ts';

export {
  type Attribute,
  encoded,
  type KeyUsageName,
  type Name,
  nameAsn1,
  type StringType,
} from './asn1.ts';
export { type KeyKind, key, pemBlock, pkcs1, pkcs8, sec1, spkiOf } from './keys.ts';
export type { Hash } from './signature.ts';

/** A raw extension: `value` is the DER that goes into the OCTET STRING. */
export interface RawExtension {
  oid: string;
  /** `encoded false`: the flag is there although DER leaves the default out. */
  critical?: boolean | 'encoded false';
  value: Uint8Array;
}

/** Encoded fields of a certificate, valid or not (RFC 5280 section 4.1). */
export interface RawFields {
  version?: Asn1;
  serial?: Asn1;
  /** The algorithm inside what is signed, and the one beside the signature. */
  innerAlgorithm?: Asn1;
  outerAlgorithm?: Asn1;
  publicKey?: Asn1;
  /** What comes between the public key and the extensions. */
  uniqueIds?: readonly Asn1[];
  /** What comes after the version in place of `[3]`. */
  extensions?: Asn1;
  /** What comes after the extensions. */
  more?: readonly Asn1[];
  signature?: (bytes: Buffer) => Asn1;
  /** Changes the encoded TBSCertificate before it is signed, to what need not be DER. */
  body?: (tbs: Buffer) => Buffer;
}

export interface IssueOptions {
  /** `CN=lightrun.example.com` by default. */
  subject?: Name;
  /** Who issues it: gives the issuer's name, the signing key and the authority key identifier. Itself, if left out. */
  issuer?: Issued;
  /** An issuer's name other than `issuer` has. */
  issuerName?: Name;
  /** The key the certificate is for: a private key or a kind; P-256 by default. */
  key?: KeyObject | KeyKind;
  /** A signing key other than the issuer's. */
  signWith?: KeyObject;
  hash?: Hash;
  /** RSASSA-PSS with an ordinary RSA key; always with a key of kind `rsa-pss`. */
  pss?: boolean | PssOptions;
  /** Valid from a day before `at` for 90 days (CA: ten years) by default. */
  at?: Date;
  notBefore?: Date | Asn1;
  notAfter?: Date | Asn1;
  /** Hosts, IP addresses, or with a prefix `dns:`, `email:`, `uri:`, `dir:`; a leaf has `lightrun.example.com` by default. */
  san?: readonly string[] | null;
  /** cA of basicConstraints; null leaves the extension out. False by default. */
  ca?: boolean | null;
  pathLength?: number;
  /** A CA may sign certificates and revocation lists, a leaf may sign, by default; null leaves it out. */
  keyUsage?: readonly KeyUsageName[] | null;
  /** Names or OIDs; a leaf has `serverAuth` by default; null leaves it out. */
  eku?: readonly string[] | null;
  /** False leaves the identifier out. */
  skid?: boolean | Uint8Array;
  akid?: boolean | Uint8Array;
  /** With the prefixes of `san`, and `ip:10.0.0.0/8`. */
  nameConstraints?: { permitted?: readonly string[]; excluded?: readonly string[] };
  extensions?: readonly RawExtension[];
  /** Version 1 has no extensions at all. */
  version?: 1 | 3;
  serial?: Uint8Array;
  corruptSignature?: boolean;
  raw?: RawFields;
}

/** A certificate and its key. */
export interface Issued {
  der: Buffer;
  pem: string;
  privateKey: KeyObject;
  subject: Name;
  subjectKeyId: Buffer;
  notBefore: Date;
  notAfter: Date;
}

const DAY = 24 * 60 * 60 * 1000;
/** The time the defaults count from: the start of the process, in whole seconds. */
const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);
let serials = 0;

/** All certificates of this process: what a user who made the files of a case could have. */
export const ISSUED: Issued[] = [];

/** Issues one certificate (RFC 5280 section 4.1). */
export function issue(options: IssueOptions = {}): Issued {
  const subject = options.subject ?? 'CN=lightrun.example.com';
  const ca = options.ca === undefined ? false : options.ca;
  const privateKey = typeof options.key === 'object' ? options.key : key(options.key);
  const signer = options.signWith ?? options.issuer?.privateKey ?? privateKey;
  const spki = spkiOf(privateKey);
  const subjectKeyId = options.skid instanceof Uint8Array ? Buffer.from(options.skid) : keyId(spki);
  const at = (options.at ?? NOW).getTime();
  const from = options.notBefore ?? new Date(at - DAY);
  const until = options.notAfter ?? new Date(at - DAY + (ca === true ? 3650 : 90) * DAY);
  const hash = options.hash ?? 'sha256';
  const pss = options.pss ?? signer.asymmetricKeyType === 'rsa-pss';
  const algorithm = (): Asn1 => signatureAlgorithm(signer.asymmetricKeyType, hash, pss);
  const raw = options.raw ?? {};
  const fields = [
    raw.serial ?? new asn1js.Integer({ valueHex: options.serial ?? nextSerial() }),
    raw.innerAlgorithm ?? algorithm(),
    nameAsn1(options.issuerName ?? options.issuer?.subject ?? subject),
    sequence([timeAsn1(from), timeAsn1(until)]),
    nameAsn1(subject),
    raw.publicKey ?? decoded(spki),
    ...(raw.uniqueIds ?? []),
  ];
  if (options.version !== 1) {
    fields.unshift(constructed(0, [raw.version ?? new asn1js.Integer({ value: 2 })]));
    const extensions = extensionsOf({ ...options, ca }, subjectKeyId);
    if (raw.extensions) fields.push(raw.extensions);
    else if (extensions.length > 0) fields.push(constructed(3, [sequence(extensions.map(extensionAsn1))]));
  }
  fields.push(...(raw.more ?? []));
  const fixed = encoded(sequence(fields));
  const tbs = raw.body?.(fixed) ?? fixed;
  const bytes = signature(signer, tbs, hash, pss);
  if (options.corruptSignature) bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  const value = raw.signature?.(bytes) ?? new asn1js.BitString({ valueHex: bytes });
  const der = joined([tbs, encoded(raw.outerAlgorithm ?? algorithm()), encoded(value)]);
  const issued = {
    der,
    pem: pemBlock('CERTIFICATE', der),
    privateKey,
    subject,
    subjectKeyId,
    notBefore: from instanceof Date ? from : NOW,
    notAfter: until instanceof Date ? until : NOW,
  };
  ISSUED.push(issued);
  return issued;
}

/** A SEQUENCE of values that are encoded already. */
function joined(parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const shell = encoded(universal(16, content));
  shell[0] = 0x30;
  return shell;
}

function extensionsOf(options: IssueOptions, subjectKeyId: Buffer): RawExtension[] {
  const isCa = options.ca === true;
  const found: RawExtension[] = [];
  const add = (id: string, critical: boolean, value: Asn1): void => {
    found.push({ oid: id, critical, value: encoded(value) });
  };
  if (options.ca !== null && options.ca !== undefined) {
    const fields: Asn1[] = isCa ? [new asn1js.Boolean({ value: true })] : [];
    if (options.pathLength !== undefined) fields.push(new asn1js.Integer({ value: options.pathLength }));
    add('2.5.29.19', true, sequence(fields));
  }
  const usage = options.keyUsage === undefined ? (isCa ? CA_USAGE : LEAF_USAGE) : options.keyUsage;
  if (usage) add('2.5.29.15', true, keyUsageAsn1(usage));
  const purposes = options.eku === undefined ? (isCa ? null : ['serverAuth']) : options.eku;
  if (purposes)
    add('2.5.29.37', false, sequence(purposes.map((purpose) => oid(PURPOSES[purpose] ?? purpose))));
  const names = options.san === undefined ? (isCa ? null : ['lightrun.example.com']) : options.san;
  if (names) add('2.5.29.17', false, sequence(names.map(generalName)));
  if (options.skid !== false) add('2.5.29.14', false, new asn1js.OctetString({ valueHex: subjectKeyId }));
  const authority =
    options.akid instanceof Uint8Array
      ? options.akid
      : options.akid === false
        ? null
        : options.signWith
          ? keyId(spkiOf(options.signWith))
          : (options.issuer?.subjectKeyId ?? (options.akid === true ? subjectKeyId : null));
  if (authority) add('2.5.29.35', false, sequence([tagged(0, authority)]));
  if (options.nameConstraints) {
    const subtrees = (tag: number, list?: readonly string[]): Asn1[] =>
      list
        ? [
            constructed(
              tag,
              list.map((name) => sequence([generalName(name)])),
            ),
          ]
        : [];
    const { permitted, excluded } = options.nameConstraints;
    add('2.5.29.30', true, sequence([...subtrees(0, permitted), ...subtrees(1, excluded)]));
  }
  return [...found, ...(options.extensions ?? [])];
}

const CA_USAGE: readonly KeyUsageName[] = ['keyCertSign', 'cRLSign'];
const LEAF_USAGE: readonly KeyUsageName[] = ['digitalSignature', 'keyEncipherment'];

function extensionAsn1({ oid: id, critical, value }: RawExtension): Asn1 {
  const flag = critical ? [new asn1js.Boolean({ value: critical === true })] : [];
  return sequence([oid(id), ...flag, new asn1js.OctetString({ valueHex: value })]);
}

/** RFC 5280 section 4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050. */
function timeAsn1(time: Date | Asn1): Asn1 {
  if (!(time instanceof Date)) return time;
  const year = time.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? new asn1js.UTCTime({ valueDate: time })
    : new asn1js.GeneralizedTime({ valueDate: time });
}

const keyId = (spki: Buffer): Buffer => createHash('sha1').update(spki).digest();

function nextSerial(): Buffer {
  serials += 1;
  const bytes = createHash('sha256').update(`${NOW.getTime()} ${serials}`).digest().subarray(0, 16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** A chain of `depth` certificates above the leaf: 0 is a self-signed leaf, 1 is leaf and root, 2 has one intermediate. */
export interface ChainOptions {
  depth?: number;
  keyKind?: KeyKind;
  /** Sets the keys and names apart from another chain in the same process. */
  tag?: string;
  at?: Date;
  /** Changes to the certificates: of the leaf, of every intermediate, of the root. */
  leaf?: IssueOptions;
  intermediate?: IssueOptions;
  root?: IssueOptions;
}
export interface IssuedChain {
  leaf: Issued;
  /** From the leaf's issuer upwards. */
  intermediates: Issued[];
  root: Issued;
  /** Leaf first, root last. */
  all: Issued[];
  /** All of `all` as PEM. */
  pem: string;
}

/** Issues a whole chain: leaf, intermediates and root. */
export function chain(options: ChainOptions = {}): IssuedChain {
  const { depth = 2, keyKind = 'p256', tag = '' } = options;
  const offset = tag === '' ? 0 : 100 * (1 + (createHash('sha1').update(tag).digest()[0] ?? 0));
  const common = options.at ? { at: options.at } : {};
  if (depth === 0) {
    const leaf = issue({ ...common, key: key(keyKind, offset), ...options.leaf });
    return { leaf, intermediates: [], root: leaf, all: [leaf], pem: leaf.pem };
  }
  const name = (what: string): string => `CN=Test ${what}${tag === '' ? '' : ` ${tag}`},O=Test`;
  const root = issue({
    ...common,
    subject: name('Root'),
    key: key(keyKind, offset + depth),
    ca: true,
    ...options.root,
  });
  const intermediates: Issued[] = [];
  for (let level = depth - 1; level > 0; level -= 1) {
    const issued = issue({
      ...common,
      subject: name(depth === 2 ? 'Intermediate' : `Intermediate ${level}`),
      issuer: intermediates[0] ?? root,
      key: key(keyKind, offset + level),
      ca: true,
      ...options.intermediate,
    });
    intermediates.unshift(issued);
  }
  const leaf = issue({
    ...common,
    issuer: intermediates[0] ?? root,
    key: key(keyKind, offset),
    ...options.leaf,
  });
  const all = [leaf, ...intermediates, root];
  return { leaf, intermediates, root, all, pem: all.map((each) => each.pem).join('') };
}
