import { Boolean as Asn1Boolean, BitString, Integer } from 'asn1js';
import {
  Asn1Error,
  type Asn1Node,
  children,
  contentBytes,
  decodeAsn1,
  isTagged,
  isUniversal,
  oidOf,
} from './asn1.ts';
import { readName, relativeNames } from './name.ts';

/** RFC 5280 section 4.2.1.3, in the names of the ASN.1 module. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** RFC 5280 section 4.2.1.10, as far as servers' names go. */
export interface NameConstraints {
  permitted: Subtrees;
  excluded: Subtrees;
}
export interface Subtrees {
  dns: string[];
  /** Address followed by mask, 8 or 32 bytes. */
  ip: Buffer[];
  /** Each a distinguished name: its relative names in order, each in the comparable form of `name.ts`. */
  directory: string[][];
  /** Other forms, by the names of the ASN.1 module, that cannot concern a server. */
  other: string[];
}

/** What the extensions of a certificate say (RFC 5280 section 4.2). */
export interface ExtensionFacts {
  /** Subject alternative names that name a server; untrusted text, DNS as they stand, IP as text. */
  dnsNames: string[];
  ipAddresses: string[];
  /** Whether there is any subject alternative name, be it of another form. */
  hasSubjectAltName: boolean;
  /** cA of basicConstraints; null where the extension is missing. */
  isCa: boolean | null;
  pathLength: number | null;
  keyUsage: readonly KeyUsage[] | null;
  /** OIDs in dots, null where the extension is missing. */
  extendedKeyUsage: readonly string[] | null;
  nameConstraints: NameConstraints | null;
  /** OIDs of critical extensions that not all TLS clients (OpenSSL, Java) process. */
  unknownCritical: readonly string[];
  /** Hexadecimal, null where missing. */
  subjectKeyId: string | null;
  authorityKeyId: string | null;
  /** The issuer's serial number, and its issuer's relative names in the comparable form of `name.ts`; null where missing. */
  authoritySerial: bigint | null;
  authorityIssuer: readonly string[] | null;
}

const KEY_USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** GeneralName's forms by their tags (RFC 5280 section 4.2.1.6). */
const GENERAL_NAMES = [
  'otherName',
  'rfc822Name',
  'dNSName',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'uniformResourceIdentifier',
  'iPAddress',
  'registeredID',
];
const DNS_NAME = 2;
const DIRECTORY_NAME = 4;
const IP_ADDRESS = 7;

const READERS: Readonly<Record<string, (value: Asn1Node, facts: ExtensionFacts) => void>> = {
  '2.5.29.14': readSubjectKeyId,
  '2.5.29.15': readKeyUsage,
  '2.5.29.17': readSubjectAltName,
  '2.5.29.19': readBasicConstraints,
  '2.5.29.30': readNameConstraints,
  '2.5.29.35': readAuthorityKeyId,
  '2.5.29.37': readExtendedKeyUsage,
};

/**
 * What both OpenSSL 3 (X509_supported_extension) and Java's PKIX validation (17, without revocation) accept as
 * critical. Each alone accepts more: OpenSSL takes cRLDistributionPoints, Java refuses it.
 */
const PROCESSED_CRITICAL: ReadonlySet<string> = new Set([
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.30', // nameConstraints
  '2.5.29.32', // certificatePolicies
  '2.5.29.33', // policyMappings
  '2.5.29.36', // policyConstraints
  '2.5.29.37', // extKeyUsage
  '2.5.29.54', // inhibitAnyPolicy
]);

/**
 * Reads the extensions of a certificate.
 * @param list the decoded Extensions, undefined where there are none
 * @throws Asn1Error where one that matters is malformed, or one stands twice (RFC 5280 section 4.2 forbids it, and clients refuse it)
 */
export function readExtensions(list: Asn1Node | undefined): ExtensionFacts {
  const unknownCritical: string[] = [];
  const facts: ExtensionFacts = {
    dnsNames: [],
    ipAddresses: [],
    hasSubjectAltName: false,
    isCa: null,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
    nameConstraints: null,
    unknownCritical,
    subjectKeyId: null,
    authorityKeyId: null,
    authoritySerial: null,
    authorityIssuer: null,
  };
  const seen = new Set<string>();
  for (const extension of list ? children(list) : []) {
    const [idNode, second, third] = children(extension);
    const id = oidOf(idNode);
    if (seen.has(id)) throw new Asn1Error(`the extension ${id} stands twice`);
    seen.add(id);
    const critical = second instanceof Asn1Boolean && second.getValue();
    if (critical && !PROCESSED_CRITICAL.has(id)) unknownCritical.push(id);
    const read = READERS[id];
    if (!read) continue;
    try {
      read(decodeAsn1(contentBytes(third ?? second)), facts);
    } catch {
      throw new Asn1Error(`the extension ${id} is malformed`);
    }
  }
  return facts;
}

function readBasicConstraints(value: Asn1Node, facts: ExtensionFacts): void {
  const [first, second] = children(value);
  facts.isCa = first instanceof Asn1Boolean && first.getValue();
  const length = first instanceof Asn1Boolean ? second : first;
  if (length === undefined) return;
  if (!(length instanceof Integer)) throw new Asn1Error('a path length is a number');
  facts.pathLength = Math.min(Number(length.toBigInt()), Number.MAX_SAFE_INTEGER);
}

/** Bit 0 is the highest of the first byte; the highest number in use is 8. */
function readKeyUsage(value: Asn1Node, facts: ExtensionFacts): void {
  if (!(value instanceof BitString)) throw new Asn1Error('a key usage is a string of bits');
  const bytes = value.valueBlock.valueHexView;
  facts.keyUsage = KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function readExtendedKeyUsage(value: Asn1Node, facts: ExtensionFacts): void {
  facts.extendedKeyUsage = children(value).map(oidOf);
}

function readSubjectKeyId(value: Asn1Node, facts: ExtensionFacts): void {
  if (!isUniversal(value, 4)) throw new Asn1Error('a key identifier is a string of octets');
  facts.subjectKeyId = contentBytes(value).toString('hex');
}

function readAuthorityKeyId(value: Asn1Node, facts: ExtensionFacts): void {
  for (const part of children(value)) {
    if (isTagged(part, 0)) facts.authorityKeyId = contentBytes(part).toString('hex');
    else if (isTagged(part, 1)) facts.authorityIssuer = directoryNameIn(part);
    else if (isTagged(part, 2)) {
      facts.authoritySerial = new Integer({ valueHex: contentBytes(part) }).toBigInt();
    }
  }
}

/** The first directory name of GeneralNames, which is the one that OpenSSL looks at; null where it is no name that can be decoded. */
function directoryNameIn(names: Asn1Node): readonly string[] | null {
  const name = children(names).find((each) => isTagged(each, DIRECTORY_NAME));
  try {
    return name ? relativeNames(readName(children(name)[0]).key) : null;
  } catch {
    return null;
  }
}

function readSubjectAltName(value: Asn1Node, facts: ExtensionFacts): void {
  facts.hasSubjectAltName = true;
  for (const name of children(value)) {
    if (isTagged(name, DNS_NAME)) facts.dnsNames.push(contentBytes(name).toString('latin1'));
    else if (isTagged(name, IP_ADDRESS)) facts.ipAddresses.push(ipText(contentBytes(name)));
  }
}

/**
 * An IP address as text: dotted, or as RFC 5952 has it.
 * @param bytes 4 or 16; any other number is shown in hexadecimal
 */
function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return bytes.toString('hex');
  const groups = bytes.toString('hex').replace(/.{4}(?=.)/g, '$&:');
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}

function readNameConstraints(value: Asn1Node, facts: ExtensionFacts): void {
  const parts = children(value);
  const subtrees = (tag: number): Subtrees => readSubtrees(parts.find((part) => isTagged(part, tag)));
  facts.nameConstraints = { permitted: subtrees(0), excluded: subtrees(1) };
}

function readSubtrees(list: Asn1Node | undefined): Subtrees {
  const found: Subtrees = { dns: [], ip: [], directory: [], other: [] };
  for (const subtree of list ? children(list) : []) {
    const [base] = children(subtree);
    if (isTagged(base, DNS_NAME)) found.dns.push(contentBytes(base).toString('latin1'));
    else if (isTagged(base, IP_ADDRESS)) found.ip.push(contentBytes(base));
    else if (isTagged(base, DIRECTORY_NAME)) {
      found.directory.push(relativeNames(readName(children(base)[0]).key));
    } else found.other.push(GENERAL_NAMES[base?.idBlock.tagNumber ?? -1] ?? 'unknown');
  }
  return found;
}
