import { type Asn1Element, Asn1Error, TAG } from '../x509/asn1.ts';
import type { Certificate } from '../x509/certificate.ts';
import { contextTag, DerError, fieldsOf, isMinimalInteger, isOid, NULL, oidOf, readFields } from './der.ts';
import { type Extension, type Parts, partsOf } from './parts.ts';
import { type Client, JAVA, type Refusal, refusedBy } from './refusal.ts';
import { isGoUri, isJavaUri } from './uri.ts';

/**
 * Why clients cannot parse a certificate that OpenSSL loads, or refuse it by itself; empty where all take it.
 *
 * Read in the sources and measured: Java 8u252, 11.0.13, 17.0.9, 21.0.8, 25.0.2 (`sun.security.x509`: X509CertInfo,
 * CertificateExtensions, GeneralName and its kinds), Go 1.26 (`crypto/x509/parser.go`), Chromium 147 (BoringSSL's
 * `pki/`: parse_certificate.cc, general_names.cc, verify_name_match.cc), BoringSSL as curl_cffi 0.17 has it
 * (`crypto/x509`), OpenSSL 3.0 (`ossl_x509v3_cache_extensions`). Safari and Firefox are not measured.
 *
 * Go as it is in use here (an Ingress controller) parses the first certificate of the file only.
 */
export function parseRefusals(certificate: Certificate): readonly Refusal[] {
  const refusals = known.get(certificate) ?? refusalsOf(certificate);
  known.set(certificate, refusals);
  return refusals;
}

/** The gate asks about the same certificates twice: while Helm is at work, and of what Helm merged. */
const known = new WeakMap<Certificate, readonly Refusal[]>();

function refusalsOf(certificate: Certificate): readonly Refusal[] {
  let parts: Parts;
  try {
    parts = partsOf(certificate);
  } catch (error) {
    const asn1Error = asAsn1Error(error);
    const javas = asn1Error instanceof DerError && asn1Error.length ? BER_LENGTHS[asn1Error.length] : [];
    return refusedBy(['go', ...javas, ...DER_ONLY], 'BER where DER is required');
  }
  const found: Refusal[] = [];
  let isMalformed = false;
  for (const { is, by, what } of PARSING) {
    try {
      if (is(parts)) found.push(...refusedBy(typeof by === 'function' ? by(parts) : by, what));
    } catch (error) {
      isMalformed ||= asAsn1Error(error) !== null;
    }
  }
  return isMalformed ? [...found, ...refusedBy(['go', ...DER_ONLY], 'a malformed extension')] : found;
}

/** @throws the error itself where it is another one */
function asAsn1Error(error: unknown): Asn1Error {
  if (error instanceof Asn1Error) return error;
  throw error;
}

/** BoringSSL in its two parsers, which insist on DER. */
const DER_ONLY = ['chrome', 'vscode'] as const;
/** Java reads BER, more or less (`DerInputStream.getLength`, `DerValue`). */
const BER_LENGTHS = {
  indefinite: ['java17', 'java21'],
  'not minimal': ['java8', 'java11'],
} as const;
/**
 * Who refuses a certificate with an extension that OpenSSL calls invalid (`EXFLAG_INVALID`): OpenSSL as a client, and
 * others because nginx, or any server on OpenSSL, does not offer such a leaf over TLS 1.2.
 */
const INVALID = ['openssl', ...JAVA, ...DER_ONLY] as const;
/** Java reads path lengths as `int`. */
const INT_LIMIT = 2n ** 31n;

interface Row {
  what: string;
  by: readonly Client[] | ((parts: Parts) => readonly Client[]);
  is: (parts: Parts) => boolean;
}

const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const NAME_CONSTRAINTS = '2.5.29.30';
const CRL_POINTS = '2.5.29.31';
const POLICIES = '2.5.29.32';
const POLICY_MAPPINGS = '2.5.29.33';
const AUTHORITY_KEY_ID = '2.5.29.35';
const POLICY_CONSTRAINTS = '2.5.29.36';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const INHIBIT_ANY_POLICY = '2.5.29.54';
const AUTHORITY_INFO = '1.3.6.1.5.5.7.1.1';

const OTHER_NAME = contextTag(0, true);
const RFC822_NAME = contextTag(1, false);
const DNS_NAME = contextTag(2, false);
const X400_ADDRESS = contextTag(3, true);
const DIRECTORY_NAME = contextTag(4, true);
const EDI_PARTY_NAME = contextTag(5, true);
const URI = contextTag(6, false);
const IP_ADDRESS = contextTag(7, false);
const REGISTERED_ID = contextTag(8, false);

const NUMERIC_STRING = 18;
const PRINTABLE_STRING = 19;
const IA5_STRING = 22;
const UNIVERSAL_STRING = 28;
const BMP_STRING = 30;
const UTF8_STRING = 12;

const TEXT_NAMES: readonly number[] = [RFC822_NAME, DNS_NAME, URI];

const latin1 = (field: Asn1Element): string => field.content.toString('latin1');
const isAscii = (field: Asn1Element): boolean => field.content.every((octet) => octet < 0x80);
const isBadBoolean = (field: Asn1Element | null | undefined): boolean =>
  field?.tag === TAG.boolean && field.content[0] !== 0 && field.content[0] !== 0xff;

/** PrintableString as Go takes it, with `*` and `&`; Chromium takes no `&`. */
const GO_PRINTABLE = /^[A-Za-z0-9'()*+,\-./:=? &]*$/;
/** What Chromium reads of a name: CN, C, L, ST, O, OU (`CertPrincipal::ParseDistinguishedName`). */
const PRINCIPAL: ReadonlySet<string> = new Set(['3', '6', '7', '8', '10', '11'].map((arc) => `2.5.4.${arc}`));
const isNoString = ({ tag }: Asn1Element): boolean => tag === TAG.bitString || tag === TAG.sequence;
/** U+FFFE, U+FFFF and U+FDD0 to U+FDEF. */
const NONCHARACTER = /[\ufffe\uffff\ufdd0-\ufdef]/;

/** One row a mistake: who refuses it, as measured. */
/** What some clients cannot parse, and which. */
export const PARSING: readonly Row[] = [
  // Version, serial number, algorithms
  {
    what: 'a negative serial number',
    by: ['go'],
    is: ({ serial }) => (serial[0] ?? 0) >= 0x80,
  },
  {
    what: 'extensions in a certificate that is not version 3',
    by: [...JAVA, ...DER_ONLY],
    is: ({ certificate, extensions }) => certificate.version !== 3 && extensions !== null,
  },
  {
    what: 'version 1 encoded although it is the default',
    by: ['chrome'],
    is: ({ certificate, versionEncoded }) => certificate.version === 1 && versionEncoded,
  },
  {
    what: 'two different signature algorithms inside and outside what is signed',
    by: ({ innerAlgorithm, outerAlgorithm }) =>
      oidOf(fieldsOf(innerAlgorithm)[0]) === oidOf(fieldsOf(outerAlgorithm)[0])
        ? ['openssl', 'go', ...DER_ONLY]
        : ['openssl', 'go', ...JAVA, ...DER_ONLY],
    is: ({ innerAlgorithm, outerAlgorithm }) => !innerAlgorithm.bytes.equals(outerAlgorithm.bytes),
  },
  {
    what: 'parameters in an ECDSA signature algorithm',
    by: ['chrome'],
    is: ({ innerAlgorithm }) => {
      const [id, parameters] = fieldsOf(innerAlgorithm);
      return oidOf(id).startsWith('1.2.840.10045.4.') && parameters !== undefined;
    },
  },
  {
    what: 'a unique identifier whose unused bits are set',
    by: DER_ONLY,
    is: ({ uniqueIds }) => uniqueIds.some(({ content }) => hasStrayBits(content)),
  },

  // Names
  {
    what: 'an empty issuer',
    by: ['curl', ...JAVA],
    is: ({ issuer }) => issuer.content.length === 0,
  },
  {
    what: 'an empty subject without a critical subject alternative name',
    by: ({ extensions }) =>
      extensions?.some(({ id }) => id === SUBJECT_ALT_NAME) ? [...JAVA, 'chrome'] : JAVA,
    is: ({ subject, extensions }) =>
      subject.content.length === 0 &&
      !extensions?.some(({ id, critical }) => id === SUBJECT_ALT_NAME && critical?.content[0]),
  },
  {
    what: 'an empty relative name',
    by: DER_ONLY,
    is: ({ relativeNames }) => relativeNames.some(({ content }) => content.length === 0),
  },
  {
    what: 'a PrintableString with other characters in a name',
    by: ['go', 'chrome'],
    is: hasValue(PRINTABLE_STRING, (value) => !GO_PRINTABLE.test(latin1(value))),
  },
  {
    what: 'a PrintableString with & in a name',
    by: ['chrome'],
    is: hasValue(
      PRINTABLE_STRING,
      (value) => GO_PRINTABLE.test(latin1(value)) && latin1(value).includes('&'),
    ),
  },
  {
    what: 'an IA5String with 8-bit characters in a name',
    by: ['go', 'chrome'],
    is: hasValue(IA5_STRING, (value) => !isAscii(value)),
  },
  {
    what: 'a NumericString in a name',
    by: ['chrome'],
    is: ({ attributes }) =>
      attributes.some(({ type, value }) => PRINCIPAL.has(type) && value.tag === NUMERIC_STRING),
  },
  {
    what: 'a NumericString with other characters in a name',
    by: ['go'],
    is: hasValue(NUMERIC_STRING, (value) => /[^0-9 ]/.test(latin1(value))),
  },
  {
    what: 'a UniversalString in a name',
    by: ['go'],
    is: hasValue(UNIVERSAL_STRING, () => true),
  },
  {
    what: 'a BMPString with a noncharacter in a name',
    by: ['go', ...DER_ONLY],
    is: hasValue(BMP_STRING, ({ content }) =>
      NONCHARACTER.test(Buffer.from(content).swap16().toString('utf16le')),
    ),
  },
  {
    what: 'a UTF8String with a noncharacter in a name',
    by: ['vscode'],
    is: hasValue(UTF8_STRING, ({ content }) => NONCHARACTER.test(content.toString())),
  },
  {
    what: 'a value in a name that is not a string',
    by: ({ attributes }) =>
      attributes.some(({ type, value }) => PRINCIPAL.has(type) && isNoString(value))
        ? ['go', 'chrome']
        : ['go'],
    is: ({ attributes }) => attributes.some(({ value }) => isNoString(value)),
  },

  // Public keys
  {
    what: 'an RSA key without NULL parameters',
    by: ['go', ...DER_ONLY],
    is: isRsa(({ keyAlgorithm }) => {
      const [, parameters, ...more] = fieldsOf(keyAlgorithm);
      return parameters?.tag !== NULL || parameters.content.length > 0 || more.length > 0;
    }),
  },
  {
    what: 'an RSA key with a negative modulus',
    by: ['go', ...DER_ONLY],
    is: isRsa(({ keyBits }) => (rsaNumbers(keyBits)[0]?.content[0] ?? 0) >= 0x80),
  },
  {
    what: 'an RSA key whose numbers are not encoded in DER',
    by: ['go', ...DER_ONLY],
    is: isRsa(({ keyBits }) => rsaNumbers(keyBits).some(({ content }) => !isMinimalInteger(content))),
  },
  {
    what: 'an EC point that is not uncompressed',
    by: ['go', ...JAVA, ...DER_ONLY],
    is: ({ certificate, keyBits }) => certificate.publicKey.type === 'ec' && keyBits[1] !== 4,
  },

  // Extensions in general
  {
    what: 'an empty list of extensions',
    by: ['chrome'],
    is: ({ extensions }) => extensions?.length === 0,
  },
  {
    what: 'a critical flag that is encoded although it is false',
    by: ['chrome'],
    is: ({ extensions }) => extensions?.some(({ critical }) => critical?.content[0] === 0) ?? false,
  },
  {
    what: 'a critical flag that is neither 00 nor FF',
    by: ['go', 'chrome'],
    is: ({ extensions }) => extensions?.some(({ critical }) => isBadBoolean(critical)) ?? false,
  },
  {
    what: 'a key identifier or an authority information access that is critical',
    by: ['go'],
    is: ({ extensions }) =>
      extensions?.some(
        ({ id, critical }) =>
          [SUBJECT_KEY_ID, AUTHORITY_KEY_ID, AUTHORITY_INFO].includes(id) && critical?.content[0] === 0xff,
      ) ?? false,
  },
  {
    what: 'bytes after the value of an extension',
    by: (parts) => [...new Set(trailingIn(parts).flatMap((id) => trailingRefusedBy(parts, id)))],
    is: (parts) => trailingIn(parts).length > 0,
  },

  // Single extensions
  {
    what: 'a cA flag that is neither 00 nor FF',
    by: ['go', 'chrome'],
    is: ({ listOf }) => listOf(BASIC_CONSTRAINTS).some(isBadBoolean),
  },
  {
    what: 'a path length in a certificate that is no CA',
    by: ['vscode'],
    is: ({ certificate }) => certificate.isCa === false && certificate.pathLength !== null,
  },
  {
    what: 'basic constraints with more than two fields',
    by: INVALID,
    is: ({ listOf }) => listOf(BASIC_CONSTRAINTS).length > 2,
  },
  {
    what: 'a path length above 255',
    by: ({ listOf }) =>
      pathLengthOf(listOf(BASIC_CONSTRAINTS)) >= INT_LIMIT ? [...JAVA, 'chrome'] : ['chrome'],
    is: ({ listOf }) => pathLengthOf(listOf(BASIC_CONSTRAINTS)) > 255n,
  },
  {
    what: 'a path length that is negative or not encoded in DER',
    by: ({ listOf }) =>
      pathLengthOf(listOf(BASIC_CONSTRAINTS)) < 0n
        ? ['openssl', ...JAVA, ...DER_ONLY]
        : ['openssl', ...DER_ONLY],
    is: ({ listOf }) =>
      listOf(BASIC_CONSTRAINTS).some(
        ({ tag, content }) =>
          tag === TAG.integer && ((content[0] ?? 0) >= 0x80 || !isMinimalInteger(content)),
      ),
  },
  {
    what: 'a key usage whose unused bits are set',
    by: ['go', ...DER_ONLY],
    is: ({ extension }) =>
      extension(KEY_USAGE)
        .slice(0, 1)
        .some(({ content }) => isBitString(content) && hasStrayBits(content)),
  },
  {
    what: 'a malformed key usage',
    by: ['openssl', 'go', ...JAVA, ...DER_ONLY],
    is: ({ extension }) =>
      extension(KEY_USAGE)
        .slice(0, 1)
        .some(({ content }) => !isBitString(content)),
  },
  {
    what: 'an authority key identifier with an issuer but no serial number, or the reverse',
    by: ['chrome'],
    is: ({ listOf }) => {
      const tags = listOf(AUTHORITY_KEY_ID).map(({ tag }) => tag);
      return tags.includes(contextTag(1, true)) !== tags.includes(contextTag(2, false));
    },
  },
  {
    what: 'an authority key identifier with unknown fields',
    by: INVALID,
    is: ({ listOf }) => listOf(AUTHORITY_KEY_ID).some(({ tag }) => (tag & 0x1f) > 2),
  },
  {
    what: 'a malformed authority information access',
    by: ['go', 'chrome'],
    is: ({ extension, listOf }) =>
      extension(AUTHORITY_INFO)
        .slice(0, 1)
        .some(({ tag }) => tag !== TAG.sequence) ||
      listOf(AUTHORITY_INFO).some(({ tag }) => tag !== TAG.sequence),
  },
  {
    what: 'an authority information access that is empty or has an address in other characters than ASCII',
    by: ['chrome'],
    is: ({ extension, listOf }) => {
      const descriptions = listOf(AUTHORITY_INFO).filter(({ tag }) => tag === TAG.sequence);
      const isEmpty = extension(AUTHORITY_INFO)[0]?.content.length === 0;
      return isEmpty || descriptions.flatMap(fieldsOf).some((name) => name.tag === URI && !isAscii(name));
    },
  },
  {
    what: 'a malformed CRL distribution point',
    by: ({ extension }) => (extension(CRL_POINTS)[0]?.tag === TAG.sequence ? INVALID : ['go', ...INVALID]),
    is: ({ extension, listOf }) => {
      const [value] = extension(CRL_POINTS);
      if (value === undefined) return false;
      return value.tag !== TAG.sequence || listOf(CRL_POINTS).some(({ content }) => content.length === 0);
    },
  },
  {
    what: 'malformed certificate policies',
    by: ({ extension, listOf }) => {
      const isList = extension(POLICIES)[0]?.tag === TAG.sequence;
      return isList && listOf(POLICIES).length === 0 ? DER_ONLY : ['go', ...DER_ONLY];
    },
    is: ({ extension, listOf }) => {
      if (extension(POLICIES).length === 0) return false;
      const ids = listOf(POLICIES).map((each) => oidOf(fieldsOf(each)[0]));
      return ids.length === 0 || new Set(ids).size < ids.length;
    },
  },
  {
    what: 'empty qualifiers of a certificate policy',
    by: ['chrome'],
    is: ({ listOf }) => listOf(POLICIES).some((each) => fieldsOf(each)[1]?.content.length === 0),
  },
  {
    what: 'an address of a certificate policy that is not an IA5String',
    by: ['vscode'],
    is: ({ listOf }) => listOf(POLICIES).some(hasBadCps),
  },
  {
    what: 'empty policy constraints or a negative number in them',
    by: DER_ONLY,
    is: ({ extension, listOf }) =>
      (extension(POLICY_CONSTRAINTS).length > 0 && listOf(POLICY_CONSTRAINTS).length === 0) ||
      extension(INHIBIT_ANY_POLICY).some(({ content }) => (content[0] ?? 0) >= 0x80),
  },
  {
    what: 'empty policy mappings',
    by: ['chrome'],
    is: ({ extension, listOf }) =>
      extension(POLICY_MAPPINGS).length > 0 && listOf(POLICY_MAPPINGS).length === 0,
  },
  {
    what: 'empty name constraints',
    by: ({ listOf }) => (listOf(NAME_CONSTRAINTS).length === 0 ? ['go', 'chrome'] : ['chrome']),
    is: ({ extension, listOf }) =>
      extension(NAME_CONSTRAINTS).length > 0 &&
      listOf(NAME_CONSTRAINTS).every(({ content }) => content.length === 0),
  },
  {
    what: 'a name constraint in other characters than ASCII',
    by: ['chrome'],
    is: hasConstraint(([name]) => name !== undefined && TEXT_NAMES.includes(name.tag) && !isAscii(name)),
  },
  {
    what: 'a name constraint on IP addresses without a proper mask',
    by: ['chrome'],
    is: hasConstraint(([name]) => name?.tag === IP_ADDRESS && !isNetwork(name.content)),
  },
  {
    what: 'a name constraint on URIs that is not a host',
    by: JAVA,
    is: (parts) =>
      isCritical(parts.extensions, NAME_CONSTRAINTS) &&
      constraintsOf(parts.listOf).some(
        ([name]) => name?.tag === URI && /^[A-Za-z][A-Za-z0-9+.-]*:/.test(latin1(name)),
      ),
  },
  {
    what: 'name constraints that permit DNS names with a leading dot',
    by: ['java8', 'java11', 'java17'],
    is: permits((name) => name.tag === DNS_NAME && latin1(name).startsWith('.')),
  },
  {
    what: 'name constraints that permit an empty DNS name',
    by: JAVA,
    is: permits((name) => name.tag === DNS_NAME && name.content.length === 0),
  },
  {
    what: 'a name constraint with a minimum or maximum',
    by: ['openssl', ...JAVA, ...DER_ONLY],
    is: hasConstraint(([, ...bounds]) => bounds.some((bound) => !isZeroMinimum(bound))),
  },
  {
    what: 'a minimum of a name constraint that is encoded although it is 0',
    by: DER_ONLY,
    is: hasConstraint(([, ...bounds]) => bounds.some(isZeroMinimum)),
  },

  // Subject alternative names
  {
    what: 'a subject alternative name in other characters than ASCII',
    by: ['go', 'chrome'],
    is: hasName(TEXT_NAMES, (name) => !isAscii(name)),
  },
  {
    what: 'an IP address of another length than 4 or 16 bytes',
    by: (parts) =>
      parts.names.some(({ tag, content: { length } }) => tag === IP_ADDRESS && ![4, 8, 16].includes(length))
        ? ['go', ...withoutNames(parts), 'chrome']
        : ['go', 'chrome'],
    is: hasName([IP_ADDRESS], ({ content: { length } }) => length !== 4 && length !== 16),
  },
  {
    what: 'a URI that Java cannot parse',
    by: withoutNames,
    is: hasName([URI], (name) => !isJavaUri(latin1(name))),
  },
  {
    what: 'a URI that Go cannot parse',
    by: ['go'],
    is: hasName([URI], (name) => isAscii(name) && !isGoUri(latin1(name))),
  },
  {
    what: 'an e-mail address without a domain',
    by: withoutNames,
    is: hasName([RFC822_NAME], (name) => /^$|^[^@]*@\.?$|^\.$/.test(latin1(name))),
  },
  {
    what: 'an X.400 address as a subject alternative name',
    by: (parts) => withoutNames(parts).filter((client) => client === 'java8'),
    is: hasName([X400_ADDRESS], () => true),
  },
  {
    what: 'an EDI party name without a party',
    by: JAVA,
    is: hasName([EDI_PARTY_NAME], () => true),
  },
  {
    what: 'an empty list of subject alternative names',
    by: (parts) => [...withoutNames(parts), 'chrome'],
    is: ({ extension, names }) => extension(SUBJECT_ALT_NAME).length > 0 && names.length === 0,
  },
  {
    what: 'a malformed subject alternative name',
    by: INVALID,
    is: ({ names }) => names.some(isMalformedName),
  },
];

/**
 * Java keeps a certificate whose subject alternative name it cannot parse, unless that is critical: then it has no
 * such names. Up to 17 it falls back on the common name, from 21 on it refuses
 * (`X509CertImpl.getSubjectAlternativeNames`). Of a CA it does not ask for them.
 */
function withoutNames({ certificate, extensions }: Parts): readonly Client[] {
  if (isCritical(extensions, SUBJECT_ALT_NAME)) return JAVA;
  if (certificate.isCa === true) return [];
  const commonName = certificate.commonName?.toLowerCase();
  const isNamed = certificate.dnsNames.some((name) => name.toLowerCase() === commonName);
  return isNamed ? ['java21', 'java25'] : JAVA;
}

function isCritical(extensions: readonly Extension[] | null, id: string): boolean {
  return extensions?.some((each) => each.id === id && each.critical?.content[0]) ?? false;
}

function hasConstraint(test: (subtree: readonly Asn1Element[]) => boolean): Row['is'] {
  return ({ listOf }) => constraintsOf(listOf).some(test);
}

/** Whether a permitted subtree has such a base. */
function permits(test: (base: Asn1Element) => boolean): Row['is'] {
  return ({ listOf }) =>
    listOf(NAME_CONSTRAINTS)
      .filter(({ tag }) => tag === contextTag(0, true))
      .flatMap(fieldsOf)
      .some((subtree) => fieldsOf(subtree).slice(0, 1).some(test));
}

/** The default of a subtree's minimum. */
const isZeroMinimum = ({ tag, content }: Asn1Element): boolean =>
  tag === contextTag(0, false) && content.length === 1 && content[0] === 0;

/** Whether bytes are an address and a mask that is one run of ones from the left. */
function isNetwork(bytes: Buffer): boolean {
  if (bytes.length !== 8 && bytes.length !== 32) return false;
  const mask = BigInt(`0x${bytes.subarray(bytes.length / 2).toString('hex')}`);
  const zeros = (1n << BigInt(4 * bytes.length)) - 1n - mask;
  return (zeros & (zeros + 1n)) === 0n;
}

/** Extensions that BoringSSL reads in both its parsers, and OpenSSL and Java up to their end. */
const READ_WHOLE = [
  SUBJECT_KEY_ID,
  KEY_USAGE,
  SUBJECT_ALT_NAME,
  BASIC_CONSTRAINTS,
  CRL_POINTS,
  POLICIES,
  AUTHORITY_KEY_ID,
  EXTENDED_KEY_USAGE,
];

function trailingIn({ extension }: Parts): string[] {
  return READ_WHOLE.filter((id) => extension(id).length > 1);
}

/** Java refuses a critical extension that it cannot parse; some others it asks for later. */
function trailingRefusedBy(parts: Parts, id: string): readonly Client[] {
  if (id === CRL_POINTS) return ['vscode'];
  if (id === SUBJECT_ALT_NAME) return [...withoutNames(parts), ...DER_ONLY];
  if (isCritical(parts.extensions, id)) return [...JAVA, ...DER_ONLY];
  return id === EXTENDED_KEY_USAGE ? ['java21', 'java25', ...DER_ONLY] : DER_ONLY;
}

function hasValue(tag: number, test: (value: Asn1Element) => boolean): Row['is'] {
  return ({ attributes }) => attributes.some(({ value }) => value.tag === tag && test(value));
}

function hasName(tags: readonly number[], test: (name: Asn1Element) => boolean): Row['is'] {
  return ({ names }) => names.some((name) => tags.includes(name.tag) && test(name));
}

function isRsa(test: Row['is']): Row['is'] {
  return (parts) => parts.certificate.publicKey.type === 'rsa' && test(parts);
}

function rsaNumbers(keyBits: Buffer): Asn1Element[] {
  return fieldsOf(readFields(keyBits.subarray(1))[0]);
}

/** Whether bytes are the content of a BIT STRING: up to 7 bits of the last byte are not used (ITU-T X.690 section 8.6.2). */
function isBitString(content: Buffer): boolean {
  const [unused = 8] = content;
  return unused === 0 || (unused < 8 && content.length > 1);
}

/** Whether bits of a BIT STRING that are not used are set (ITU-T X.690 section 11.2.1). */
function hasStrayBits(content: Buffer): boolean {
  const unused = content[0] ?? 0;
  return ((content.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0;
}

function pathLengthOf(basicConstraints: readonly Asn1Element[]): bigint {
  const length = basicConstraints.find(({ tag }) => tag === TAG.integer)?.content.toString('hex');
  return length ? BigInt.asIntN(4 * length.length, BigInt(`0x${length}`)) : 0n;
}

/** OtherName has two fields, the second under [0]; a registered identifier is one; tags end at 8. */
function isMalformedName(name: Asn1Element): boolean {
  switch (name.tag) {
    case OTHER_NAME: {
      const [, value, ...more] = fieldsOf(name);
      return value?.tag !== contextTag(0, true) || more.length > 0;
    }
    case REGISTERED_ID:
      return !isOid(name.content);
    case RFC822_NAME:
    case DNS_NAME:
    case X400_ADDRESS:
    case DIRECTORY_NAME:
    case EDI_PARTY_NAME:
    case URI:
    case IP_ADDRESS:
      return false;
    default:
      return true;
  }
}

const CPS = '1.3.6.1.5.5.7.2.1';

function hasBadCps(policy: Asn1Element): boolean {
  const [, qualifiers] = fieldsOf(policy);
  return qualifiers
    ? fieldsOf(qualifiers).some((each) => {
        const [id, value] = fieldsOf(each);
        return oidOf(id) === CPS && value?.tag !== IA5_STRING;
      })
    : false;
}

/** The subtrees of name constraints, permitted and excluded alike. */
function constraintsOf(listOf: Parts['listOf']): Asn1Element[][] {
  return listOf(NAME_CONSTRAINTS).flatMap((list) => fieldsOf(list).map(fieldsOf));
}
