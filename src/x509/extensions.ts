import {
  type Asn1Element,
  contentOf,
  dottedOid,
  integerOf,
  readElement,
  sequenceOf,
  splitElements,
  TAG,
} from './asn1.ts';
import {
  directoryRdns,
  type GeneralName,
  ia5Text,
  readGeneralName,
  readGeneralNames,
} from './general-name.ts';
import {
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from './policies.ts';

/** An extension as encoded (RFC 5280 section 4.1.2.9). */
export interface Extension {
  critical: boolean;
  /** What its OCTET STRING holds. */
  value: Buffer;
}

/** Identifiers of extensions (RFC 5280 section 4.2). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/**
 * Reads Extensions, without decoding what they hold.
 * @param list the SEQUENCE; null where the certificate has none
 * @returns the first of each kind by its OID, in the order of the certificate; and the OIDs of those that come again
 * @throws Asn1Error where it is malformed
 */
export function readExtensions(list: Asn1Element | null): {
  extensions: ReadonlyMap<string, Extension>;
  duplicates: readonly string[];
} {
  const extensions = new Map<string, Extension>();
  const duplicates: string[] = [];
  for (const extension of list ? sequenceOf(list) : []) {
    const [oid, second, third] = sequenceOf(extension);
    const id = dottedOid(oid);
    const critical = second?.tag === TAG.boolean && second.content[0] !== 0;
    const value = contentOf(third ?? second, TAG.octetString);
    if (extensions.has(id)) duplicates.push(id);
    else extensions.set(id, { critical, value });
  }
  return { extensions, duplicates };
}

/**
 * What both OpenSSL 3 (X509_supported_extension) and Java's PKIX validation (17, without revocation) accept as
 * critical. Each alone accepts more: OpenSSL takes cRLDistributionPoints, Java refuses it.
 */
export const PROCESSED_CRITICAL: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.extKeyUsage,
  EXTENSION.inhibitAnyPolicy,
]);

/** RFC 5280 section 4.2.1.3, in the names of the ASN.1 module and the order of their bits. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** basicConstraints (RFC 5280 section 4.2.1.9). */
export interface BasicConstraints {
  cA: boolean;
  pathLenConstraint: number | null;
}

/** authorityKeyIdentifier (RFC 5280 section 4.2.1.1); each part is null where it is missing. */
export interface AuthorityKeyIdentifier {
  /** Hexadecimal. */
  keyIdentifier: string | null;
  /** The relative names of the first directory name, which OpenSSL looks at, in the comparable form of `name.ts`. */
  authorityCertIssuer: readonly string[] | null;
  authorityCertSerialNumber: bigint | null;
}

/** nameConstraints (RFC 5280 section 4.2.1.10). */
export interface NameConstraints {
  permittedSubtrees: readonly GeneralSubtree[];
  excludedSubtrees: readonly GeneralSubtree[];
}
export interface GeneralSubtree {
  base: GeneralName;
  /** Whether it has a minimum other than 0 or a maximum, which RFC 5280 forbids and no client processes. */
  hasDistance: boolean;
}

/** Reads the value of basicConstraints. @throws Asn1Error where it is malformed */
function readBasicConstraints(value: Buffer): BasicConstraints {
  const [first, second] = sequenceOf(readElement(value));
  const cA = first?.tag === TAG.boolean && first.content[0] !== 0;
  const length = first?.tag === TAG.boolean ? second : first;
  if (length === undefined) return { cA, pathLenConstraint: null };
  const limit = Number(integerOf(contentOf(length, TAG.integer)));
  return { cA, pathLenConstraint: Math.min(limit, Number.MAX_SAFE_INTEGER) };
}

/** Reads the value of keyUsage: bit 0 is the highest of the first byte. @throws Asn1Error where it is malformed */
function readKeyUsage(value: Buffer): readonly KeyUsage[] {
  const [, ...bytes] = contentOf(readElement(value), TAG.bitString);
  return KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Reads the value of extKeyUsage (RFC 5280 section 4.2.1.12): OIDs. @throws Asn1Error where it is malformed */
function readExtKeyUsage(value: Buffer): readonly string[] {
  return sequenceOf(readElement(value)).map(dottedOid);
}

/** Reads the value of subjectAltName (RFC 5280 section 4.2.1.6). @throws Asn1Error where it is malformed */
function readSubjectAltName(value: Buffer): readonly GeneralName[] {
  return readGeneralNames(contentOf(readElement(value), TAG.sequence));
}

/** Reads the value of subjectKeyIdentifier (RFC 5280 section 4.2.1.2), in hexadecimal. @throws Asn1Error where it is malformed */
function readSubjectKeyIdentifier(value: Buffer): string {
  return contentOf(readElement(value), TAG.octetString).toString('hex');
}

/** Reads the value of authorityKeyIdentifier. @throws Asn1Error where it is malformed */
function readAuthorityKeyIdentifier(value: Buffer): AuthorityKeyIdentifier {
  const parts = sequenceOf(readElement(value));
  const part = (tag: number) => parts.find((each) => each.tag === tag)?.content;
  const [issuer, serial] = [part(0xa1), part(0x82)];
  const name = issuer && readGeneralNames(issuer).find(({ form }) => form === 'directoryName');
  return {
    keyIdentifier: part(0x80)?.toString('hex') ?? null,
    authorityCertIssuer: name ? directoryRdns(name) : null,
    authorityCertSerialNumber: serial ? integerOf(serial) : null,
  };
}

/** Reads the value of nameConstraints. @throws Asn1Error where it is malformed */
function readNameConstraints(value: Buffer): NameConstraints {
  const parts = sequenceOf(readElement(value));
  const subtrees = (tag: number) => {
    const part = parts.find((each) => each.tag === tag);
    return part ? splitElements(part.content).map(readSubtree) : [];
  };
  return { permittedSubtrees: subtrees(0xa0), excludedSubtrees: subtrees(0xa1) };
}

function readSubtree(subtree: Asn1Element): GeneralSubtree {
  const [baseElement, ...distance] = sequenceOf(subtree);
  const base = readGeneralName(baseElement);
  return {
    base,
    hasDistance: distance.some(({ tag, content }) => tag !== 0x80 || integerOf(content) !== 0n),
  };
}

const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';

/**
 * Reads the value of authorityInfoAccess (RFC 5280 section 4.2.2.1).
 * @returns where the issuer's certificate is available: URLs, untrusted text
 * @throws Asn1Error where it is malformed
 */
function readCaIssuers(value: Buffer): readonly string[] {
  return sequenceOf(readElement(value)).flatMap((description) => {
    const [method, location] = sequenceOf(description);
    const name = readGeneralName(location);
    const isUrl = name.form === 'uniformResourceIdentifier';
    return isUrl && dottedOid(method) === CA_ISSUERS ? [ia5Text(name)] : [];
  });
}

/** By OID, what reads the value of an extension; each throws Asn1Error where it is malformed. */
export const VALUE_READERS = {
  [EXTENSION.subjectKeyIdentifier]: readSubjectKeyIdentifier,
  [EXTENSION.keyUsage]: readKeyUsage,
  [EXTENSION.subjectAltName]: readSubjectAltName,
  [EXTENSION.basicConstraints]: readBasicConstraints,
  [EXTENSION.nameConstraints]: readNameConstraints,
  [EXTENSION.certificatePolicies]: readCertificatePolicies,
  [EXTENSION.policyMappings]: readPolicyMappings,
  [EXTENSION.authorityKeyIdentifier]: readAuthorityKeyIdentifier,
  [EXTENSION.policyConstraints]: readPolicyConstraints,
  [EXTENSION.extKeyUsage]: readExtKeyUsage,
  [EXTENSION.inhibitAnyPolicy]: readInhibitAnyPolicy,
  [EXTENSION.authorityInfoAccess]: readCaIssuers,
} as const;
export type ExtensionId = keyof typeof VALUE_READERS;
export type ExtensionValue<I extends ExtensionId> = ReturnType<(typeof VALUE_READERS)[I]>;
