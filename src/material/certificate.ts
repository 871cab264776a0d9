import { createHash, X509Certificate } from 'node:crypto';
import { GeneralizedTime, Integer, UTCTime } from 'asn1js';
import { Asn1Error, type Asn1Node, children, decodeAsn1, encodedBytes, isTagged } from './asn1.ts';
import { readExtensions } from './extensions.ts';
import { readName, relativeNames } from './name.ts';
import { type PublicKeyFacts, publicKeyFacts, publicKeyFactsOfSpki } from './public-key.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

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

/** One certificate that parses (RFC 5280). */
export interface Certificate {
  /** Place in the file, from 0, among all blocks of certificates. */
  index: number;
  /** Line of its BEGIN in the decoded file, from 1. */
  line: number;
  der: Buffer;
  x509: X509Certificate;
  version: 1 | 2 | 3;
  /** RFC 4514, such as `CN=lightrun.example.com,O=Example`; untrusted text. */
  subject: string;
  issuer: string;
  /** For comparing: equal when the names are equal as OpenSSL compares them (case and white space folded). */
  subjectKey: string;
  issuerKey: string;
  commonName: string | null;
  /** The subject's relative names in the comparable form, for directory name constraints. */
  subjectRdns: string[];
  /** Upper-case hexadecimal without separators. */
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  /** Subject alternative names that name a server; untrusted text, DNS as they stand, IP as text. */
  dnsNames: string[];
  ipAddresses: string[];
  /** Whether the extension is there at all. */
  hasSubjectAltName: boolean;
  publicKey: PublicKeyFacts;
  /** SHA-256 of the DER and of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits. */
  fingerprintSha256: string;
  pinSha256: string;
  signature: SignatureAlgorithm;
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
  /** Subject and issuer are equal. */
  selfIssued: boolean;
}

/** A block that should be a certificate and does not parse. */
export interface UnreadableCertificate {
  index: number;
  line: number;
  /** What is wrong, in a few words without a final full stop; quotes no bytes. */
  reason: string;
}

/** A certificate's block, read. */
export type CertificateReading =
  | { ok: true; certificate: Certificate }
  | { ok: false; unreadable: UnreadableCertificate };

/**
 * Reads one certificate. It has to satisfy OpenSSL, and RFC 5280 section 4.1 as far as the facts need it.
 * @param block its PEM block: the DER, the label, the line of BEGIN
 * @param index its place among the blocks of certificates, from 0
 */
export function readCertificate(
  block: { der: Buffer; label: string; line: number },
  index: number,
): CertificateReading {
  const { line } = block;
  try {
    return { ok: true, certificate: certificateOf(block, index) };
  } catch (error) {
    const reason =
      error instanceof Asn1Error ? error.message : 'it is not a certificate that OpenSSL can parse';
    return { ok: false, unreadable: { index, line, reason } };
  }
}

function certificateOf(block: { der: Buffer; label: string; line: number }, index: number): Certificate {
  const tree = decodeAsn1(block.der);
  const der = encodedBytes(tree);
  // The label says that OpenSSL's own trust settings follow the certificate.
  if (der.length < block.der.length && block.label !== 'TRUSTED CERTIFICATE') {
    throw new Asn1Error(`${block.der.length - der.length} bytes too many follow the certificate`);
  }
  const x509 = new X509Certificate(der);
  const [tbs, algorithm] = children(tree);
  const fields = children(tbs);
  const first = isTagged(fields[0], 0) ? 1 : 0;
  const [, , issuerNode, validity, subjectNode, spkiNode] = fields.slice(first);
  const subject = readName(subjectNode);
  const issuer = readName(issuerNode);
  const [notBefore, notAfter] = children(validity);
  const extensions = fields.find((field) => isTagged(field, 3));
  const publicKey = readPublicKey(x509, spkiNode);
  return {
    index,
    line: block.line,
    der,
    x509,
    version: first === 1 ? versionOf(children(fields[0])[0]) : 1,
    subject: subject.text,
    issuer: issuer.text,
    subjectKey: subject.key,
    issuerKey: issuer.key,
    commonName: subject.commonName,
    subjectRdns: relativeNames(subject.key),
    serialNumber: x509.serialNumber,
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    publicKey,
    fingerprintSha256: sha256(der),
    pinSha256: sha256(publicKey.spki),
    signature: readSignatureAlgorithm(algorithm),
    ...readExtensions(extensions && children(extensions)[0]),
    selfIssued: subject.key === issuer.key,
  };
}

function versionOf(node: Asn1Node | undefined): 1 | 2 | 3 {
  const version = node instanceof Integer ? node.valueBlock.valueDec : -1;
  if (version === 0) return 1;
  if (version === 1) return 2;
  if (version === 2) return 3;
  throw new Asn1Error('its version is none that exists');
}

/** A key that OpenSSL knows no algorithm for is described by its own encoding. */
function readPublicKey(x509: X509Certificate, spki: Asn1Node | undefined): PublicKeyFacts {
  try {
    return publicKeyFacts(x509.publicKey);
  } catch {
    if (!spki) throw new Asn1Error('it holds no public key');
    return publicKeyFactsOfSpki(encodedBytes(spki));
  }
}

/** RFC 5280 section 4.1.2.5: to the second and in UTC; clients refuse all else. */
function readTime(node: Asn1Node | undefined): Date {
  const digits = /^(?:\d{12}|\d{14})(?=Z$)/.exec(
    node instanceof UTCTime ? Buffer.from(node.valueBlock.valueHexView).toString('latin1') : '',
  )?.[0];
  const length = node instanceof GeneralizedTime ? 14 : 12;
  if (node instanceof UTCTime && digits?.length === length) {
    const date = node.toDate();
    if (
      date
        .toISOString()
        .replace(/\D/g, '')
        .slice(14 - length, 14) === digits
    )
      return date;
  }
  throw new Asn1Error('a date in its validity is none that exists');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
