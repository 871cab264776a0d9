import type { Certificate } from '../x509/certificate.ts';
import {
  BIT_STRING,
  BOOLEAN,
  contextTag,
  DerError,
  type Field,
  fieldsOf,
  INTEGER,
  isMinimalInteger,
  isOid,
  NULL,
  oidOf,
  readFields,
  SEQUENCE,
} from './der.ts';
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
  try {
    const parts = partsOf(certificate);
    return ROWS.filter(({ is }) => is(parts)).flatMap(({ by, what }) =>
      refusedBy(typeof by === 'function' ? by(parts) : by, what),
    );
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return refusedBy(['go', ...DER_ONLY], 'BER where DER is required');
  }
}

/** The clients that insist on DER everywhere; Java and OpenSSL read BER. */
const DER_ONLY = ['chrome', 'vscode'] as const;
const CA_LIMIT = 2n ** 31n;

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

const latin1 = (field: Field): string => field.content.toString('latin1');
const isAscii = (field: Field): boolean => field.content.every((octet) => octet < 0x80);
const isBadBoolean = (field: Field | null | undefined): boolean =>
  field?.tag === BOOLEAN && field.content[0] !== 0 && field.content[0] !== 0xff;

/** PrintableString as Go takes it, with `*` and `&`; Chromium takes no `&`. */
const GO_PRINTABLE = /^[A-Za-z0-9'()*+,\-./:=? &]*$/;
/** U+FFFE, U+FFFF and U+FDD0 to U+FDEF. */
const NONCHARACTER = /[\ufffe\uffff\ufdd0-\ufdef]/;

/** One row a mistake: who refuses it, as measured. */
const ROWS: readonly Row[] = [
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
    by: DER_ONLY,
    is: ({ certificate, versionEncoded }) => certificate.version === 1 && versionEncoded,
  },
  {
    what: 'two different signature algorithms inside and outside what is signed',
    by: ({ innerAlgorithm, outerAlgorithm }) =>
      oidOf(fieldsOf(innerAlgorithm)[0]) === oidOf(fieldsOf(outerAlgorithm)[0])
        ? ['openssl', 'go', ...DER_ONLY]
        : ['openssl', 'go', ...JAVA, ...DER_ONLY],
    is: ({ innerAlgorithm, outerAlgorithm }) => !innerAlgorithm.encoded.equals(outerAlgorithm.encoded),
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
    by: ({ values }) =>
      values.some((value) => value.tag === NUMERIC_STRING && /[^0-9 ]/.test(latin1(value)))
        ? ['go', 'chrome']
        : ['chrome'],
    is: hasValue(NUMERIC_STRING, () => true),
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
    what: 'a name that is no string',
    by: ['go', 'chrome'],
    is: ({ values }) => values.some(({ tag }) => tag === BIT_STRING || tag === SEQUENCE),
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
    by: ({ keyBits }) =>
      keyBits[1] === 6 || keyBits[1] === 7 ? ['go', ...JAVA, ...DER_ONLY] : ['go', ...JAVA],
    is: ({ certificate, keyBits }) => certificate.publicKey.type === 'ec' && keyBits[1] !== 4,
  },
  {
    what: 'a public key with unused bits',
    by: ['go', ...DER_ONLY],
    is: ({ keyBits }) => keyBits[0] !== 0,
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
    by: (parts) =>
      parts.extension(EXTENDED_KEY_USAGE).length > 1 ? [...DER_ONLY, 'java21', 'java25'] : DER_ONLY,
    is: ({ extension }) =>
      [
        SUBJECT_KEY_ID,
        KEY_USAGE,
        SUBJECT_ALT_NAME,
        BASIC_CONSTRAINTS,
        AUTHORITY_KEY_ID,
        EXTENDED_KEY_USAGE,
      ].some((id) => extension(id).length > 1),
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
    by: ['openssl', ...DER_ONLY],
    is: ({ listOf }) => listOf(BASIC_CONSTRAINTS).length > 2,
  },
  {
    what: 'a path length above 255',
    by: ({ listOf }) =>
      pathLengthOf(listOf(BASIC_CONSTRAINTS)) >= CA_LIMIT ? [...JAVA, 'chrome'] : ['chrome'],
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
        ({ tag, content }) => tag === INTEGER && ((content[0] ?? 0) >= 0x80 || !isMinimalInteger(content)),
      ),
  },
  {
    what: 'a key usage whose unused bits are set',
    by: ['go', ...DER_ONLY],
    is: ({ extension }) =>
      extension(KEY_USAGE).some(({ content }) => content.length > 1 && hasStrayBits(content)),
  },
  {
    what: 'a malformed key usage',
    by: ['openssl', 'go', ...JAVA, ...DER_ONLY],
    is: ({ extension }) =>
      extension(KEY_USAGE).some(
        ({ content }) => content.length === 0 || (content.length === 1 && content[0] !== 0),
      ),
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
    by: ['openssl', ...DER_ONLY],
    is: ({ listOf }) => listOf(AUTHORITY_KEY_ID).some(({ tag }) => (tag & 0x1f) > 2),
  },
  {
    what: 'a malformed authority information access',
    by: ({ extension }) => (extension(AUTHORITY_INFO)[0]?.tag === SEQUENCE ? ['chrome'] : ['go', 'chrome']),
    is: ({ extension, listOf }) => {
      const [value] = extension(AUTHORITY_INFO);
      if (value === undefined) return false;
      const descriptions = listOf(AUTHORITY_INFO);
      return (
        descriptions.length === 0 ||
        descriptions.some((each) => fieldsOf(each).some((name) => name.tag === URI && !isAscii(name)))
      );
    },
  },
  {
    what: 'a malformed CRL distribution point',
    by: ({ extension }) =>
      extension(CRL_POINTS)[0]?.tag === SEQUENCE ? ['openssl'] : ['openssl', 'go', 'vscode'],
    is: ({ extension, listOf }) =>
      extension(CRL_POINTS).some(({ tag }) => tag !== SEQUENCE) ||
      listOf(CRL_POINTS).some(({ content }) => content.length === 0),
  },
  {
    what: 'malformed certificate policies',
    by: ({ extension, listOf }) => {
      const isList = extension(POLICIES)[0]?.tag === SEQUENCE;
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
    what: 'an address of a certificate policy that is no IA5String',
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
    by: ['go', 'chrome'],
    is: ({ extension, listOf }) =>
      extension(NAME_CONSTRAINTS).length > 0 && listOf(NAME_CONSTRAINTS).length === 0,
  },
  {
    what: 'a name constraint on URIs that is not a host',
    by: JAVA,
    is: ({ listOf, extensions }) =>
      isCritical(extensions, NAME_CONSTRAINTS) &&
      constraintsOf(listOf).some(
        ([name]) => name?.tag === URI && /^[A-Za-z][A-Za-z0-9+.-]*:/.test(latin1(name)),
      ),
  },
  {
    what: 'a name constraint with a minimum or maximum',
    by: ({ listOf }) =>
      constraintsOf(listOf).some(([, ...bounds]) =>
        bounds.some(({ tag, content }) => tag !== 0x80 || content[0] !== 0),
      )
        ? ['openssl', ...DER_ONLY]
        : DER_ONLY,
    is: ({ listOf }) => constraintsOf(listOf).some((subtree) => subtree.length > 1),
  },

  // Subject alternative names
  {
    what: 'a subject alternative name in other characters than ASCII',
    by: ['go', 'chrome'],
    is: hasName([RFC822_NAME, DNS_NAME, URI], (name) => !isAscii(name)),
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
    by: (parts) => ['openssl', ...withoutNames(parts), 'vscode'],
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

function hasValue(tag: number, test: (value: Field) => boolean): Row['is'] {
  return ({ values }) => values.some((value) => value.tag === tag && test(value));
}

function hasName(tags: readonly number[], test: (name: Field) => boolean): Row['is'] {
  return ({ names }) => names.some((name) => tags.includes(name.tag) && test(name));
}

function isRsa(test: Row['is']): Row['is'] {
  return (parts) => parts.certificate.publicKey.type === 'rsa' && test(parts);
}

function rsaNumbers(keyBits: Buffer): Field[] {
  return fieldsOf(readFields(keyBits.subarray(1))[0]);
}

/** Whether bits of a BIT STRING that are not used are set (ITU-T X.690 section 11.2.1). */
function hasStrayBits(content: Buffer): boolean {
  const unused = content[0] ?? 0;
  return ((content.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0;
}

function pathLengthOf(basicConstraints: readonly Field[]): bigint {
  const length = basicConstraints.find(({ tag }) => tag === INTEGER)?.content.toString('hex');
  return length ? BigInt.asIntN(4 * length.length, BigInt(`0x${length}`)) : 0n;
}

/** OtherName has two fields, the second under [0]; a registered identifier is one; tags end at 8. */
function isMalformedName(name: Field): boolean {
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

function hasBadCps(policy: Field): boolean {
  const [, qualifiers] = fieldsOf(policy);
  return qualifiers
    ? fieldsOf(qualifiers).some((each) => {
        const [id, value] = fieldsOf(each);
        return oidOf(id) === CPS && value?.tag !== IA5_STRING;
      })
    : false;
}

/** The subtrees of name constraints, permitted and excluded alike. */
function constraintsOf(listOf: Parts['listOf']): Field[][] {
  return listOf(NAME_CONSTRAINTS).flatMap((list) => fieldsOf(list).map(fieldsOf));
}
