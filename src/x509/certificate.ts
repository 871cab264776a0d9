import { createHash, X509Certificate } from 'node:crypto';
import { Asn1Error, decodeAsn1, encodedBytes } from './asn1.ts';
import { decodeParts, readParts } from './certificate-parts.ts';
import { type ExtensionFacts, readExtensions } from './extensions.ts';
import {
  commonNameOf,
  comparableName,
  type DistinguishedName,
  readName,
  relativeNames,
  undecodedName,
} from './name.ts';
import { type PublicKeyFacts, publicKeyFacts, publicKeyFactsOfSpki } from './public-key.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

/** One certificate that parses (RFC 5280). */
export interface Certificate extends ExtensionFacts {
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
  /** The relative names of both in order, each in a form for comparing them one by one. */
  subjectRdns: readonly string[];
  issuerRdns: readonly string[];
  /** Upper-case hexadecimal without separators. */
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  publicKey: PublicKeyFacts;
  /** SHA-256 of the DER and of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits. */
  fingerprintSha256: string;
  pinSha256: string;
  signature: SignatureAlgorithm;
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
  const x509 = parse(block.der);
  const der = x509.raw;
  // The label says that OpenSSL's own trust settings follow the certificate.
  if (der.length < block.der.length && block.label !== 'TRUSTED CERTIFICATE') {
    throw new Asn1Error(`${block.der.length - der.length} bytes too many follow the certificate`);
  }
  const publicKey = readPublicKey(x509, der);
  const { version, extensions, algorithm } = readParts(der, publicKey.spki);
  // Node leaves an empty name undefined.
  const [shownSubject, shownIssuer] = [x509.subject ?? '', x509.issuer ?? ''];
  const [subjectKey, issuerKey] = [comparableName(shownSubject), comparableName(shownIssuer)];
  let names: { subject: DistinguishedName; issuer: DistinguishedName } | undefined;
  const readNames = () => {
    names ??= namesOf(der, x509);
    return names;
  };
  return {
    index,
    line: block.line,
    der,
    x509,
    version,
    get subject() {
      return readNames().subject.text;
    },
    get issuer() {
      return readNames().issuer.text;
    },
    subjectKey,
    issuerKey,
    commonName: commonNameOf(shownSubject),
    get subjectRdns() {
      return relativeNames(readNames().subject.key);
    },
    get issuerRdns() {
      return relativeNames(readNames().issuer.key);
    },
    serialNumber: x509.serialNumber,
    notBefore: readTime(x509.validFrom, der),
    notAfter: readTime(x509.validTo, der),
    publicKey,
    fingerprintSha256: sha256(der),
    pinSha256: sha256(publicKey.spki),
    signature: readSignatureAlgorithm(algorithm),
    ...readExtensions(extensions),
    selfIssued: subjectKey === issuerKey,
  };
}

/** OpenSSL only says that it cannot; the decoder may say why. */
function parse(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    decodeAsn1(der);
    throw error;
  }
}

/**
 * Names are decoded only for those who look at them: a cold process pays for each node. What OpenSSL takes and
 * the decoder does not is shown as OpenSSL shows it.
 */
function namesOf(
  der: Buffer,
  x509: X509Certificate,
): { subject: DistinguishedName; issuer: DistinguishedName } {
  try {
    const { issuer, subject } = decodeParts(der);
    return { subject: readName(subject), issuer: readName(issuer) };
  } catch {
    return { subject: undecodedName(x509.subject), issuer: undecodedName(x509.issuer) };
  }
}

/** A key that OpenSSL knows no algorithm for is described by its own encoding. */
function readPublicKey(x509: X509Certificate, der: Buffer): PublicKeyFacts {
  try {
    return publicKeyFacts(x509.publicKey);
  } catch {
    return publicKeyFactsOfSpki(encodedBytes(decodeParts(der).publicKey));
  }
}

/**
 * Reads a time that OpenSSL shows. RFC 5280 section 4.1.2.5 wants it to the second and in UTC, and clients refuse
 * all else: so its digits must stand in the certificate just so.
 */
function readTime(shown: string, der: Buffer): Date {
  const date = new Date(shown);
  const year = date.getUTCFullYear();
  if (shown.includes(` ${year} `)) {
    const digits = date
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replace(/\D/g, '');
    const encoded = year >= 1950 && year < 2050 ? digits.slice(2) : digits;
    if (der.includes(`${encoded}Z`, 0, 'latin1')) return date;
  }
  throw new Asn1Error('a date in its validity is none that exists');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
