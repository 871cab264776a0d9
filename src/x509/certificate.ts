import { hash, X509Certificate } from 'node:crypto';
import {
  type Asn1Element,
  Asn1Error,
  contentOf,
  decodeAsn1,
  integerOf,
  readElement,
  sequenceOf,
  TAG,
} from './asn1.ts';
import {
  EXTENSION,
  type Extension,
  type ExtensionId,
  type ExtensionValue,
  type KeyUsage,
  type NameConstraints,
  PROCESSED_CRITICAL,
  readExtensions,
  VALUE_READERS,
} from './extensions.ts';
import { type GeneralName, generalNameText, ia5Text } from './general-name.ts';
import {
  commonNameOf,
  comparableName,
  type DistinguishedName,
  type NameAttribute,
  readName,
} from './name.ts';
import type { PolicyConstraints, PolicyInformation, PolicyMapping } from './policies.ts';
import { type PublicKeyFacts, publicKeyFacts, publicKeyFactsOfSpki } from './public-key.ts';
import { plainRsaKey } from './rsa-key.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';
import { readValidity, type Validity } from './validity.ts';

/** A block that should be a certificate and cannot be read as one. */
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

/** A PEM block of a certificate. */
interface Block {
  der: Buffer;
  label: string;
  /** Of its BEGIN in the decoded file, from 1. */
  line: number;
}

/**
 * Reads one certificate. OpenSSL must parse it, and the facts of RFC 5280 section 4.1 that every client needs must be
 * well-formed.
 * @param block its PEM block: the DER, the label, the line of BEGIN
 * @param index its place among the certificates' blocks, from 0
 */
export function readCertificate(block: Block, index: number): CertificateReading {
  try {
    const certificate = new Certificate(parse(block), index, block.line);
    certificate.checkReadable();
    return { ok: true, certificate };
  } catch (error) {
    const reason =
      error instanceof Asn1Error ? error.message : 'it is not a certificate that OpenSSL can parse';
    return { ok: false, unreadable: { index, line: block.line, reason } };
  }
}

/** OpenSSL does not say why it cannot parse one; the decoder may. Since 3.5 it looks at the form of the dates here. */
function parse({ der, label }: Block): X509Certificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch (error) {
    if (hasInvalidDate(der)) throw new Asn1Error(INVALID_DATE);
    decodeAsn1(der);
    throw error;
  }
  // With that label, OpenSSL's own trust settings follow the certificate.
  if (x509.raw.length < der.length && label !== 'TRUSTED CERTIFICATE') {
    throw new Asn1Error(`${der.length - x509.raw.length} extra bytes follow the certificate`);
  }
  return x509;
}

const INVALID_DATE = 'a date in its validity is not valid';

/** Whether all up to the validity can be read, and a date in that is not valid. */
function hasInvalidDate(der: Buffer): boolean {
  try {
    const { notBefore, notAfter } = readValidity(fieldsOf(der).validity);
    return !notBefore.date || !notAfter.date;
  } catch {
    return false;
  }
}

/** Extensions that every client reads: a certificate in which one is malformed cannot be read. */
const NEEDED = [
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.extKeyUsage,
];

/**
 * One certificate that can be read. The sections are those of RFC 5280. All is decoded when it is first asked for: a
 * cold process pays for each part.
 */
export class Certificate {
  readonly x509: X509Certificate;
  /** Place in the file, from 0, among all blocks of certificates. */
  readonly index: number;
  /** Line of its BEGIN in the decoded file, from 1. */
  readonly line: number;
  readonly der: Buffer;
  /** Section 4.1.1.2. */
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Section 4.1.2.5, as encoded. */
  readonly validity: Validity;
  readonly #fields: Fields;
  readonly #decoded = new Map<string, unknown>();
  readonly #values = new Map<ExtensionId, unknown>();
  readonly #malformed = new Set<ExtensionId>();

  /** @throws Asn1Error where a field of it is missing or malformed */
  constructor(x509: X509Certificate, index: number, line: number) {
    this.x509 = x509;
    this.index = index;
    this.line = line;
    this.der = x509.raw;
    this.#fields = fieldsOf(this.der);
    this.signatureAlgorithm = readSignatureAlgorithm(this.#fields.signatureAlgorithm);
    this.validity = readValidity(this.#fields.validity);
  }

  /** The same certificate at another place in the file. */
  withIndex(index: number): Certificate {
    return new Certificate(this.x509, index, this.line);
  }

  /**
   * @throws Asn1Error where what every client reads is malformed, or an extension is there twice (section 4.2; Java and
   * Go refuse it)
   */
  checkReadable(): void {
    const { notBefore, notAfter } = this.validity;
    if (!notBefore.date || !notAfter.date) throw new Asn1Error(INVALID_DATE);
    for (const id of NEEDED) {
      this.#extension(id);
      if (this.#malformed.has(id)) throw new Asn1Error(`the extension ${id} is malformed`);
    }
    const [duplicate] = this.duplicateExtensions;
    if (duplicate !== undefined) throw new Asn1Error(`it has the extension ${duplicate} twice`);
  }

  /** SHA-256 of the DER, 64 lower-case hexadecimal digits. */
  get fingerprintSha256(): string {
    return this.#once('fingerprint', () => sha256(this.der));
  }

  /** SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits. */
  get pinSha256(): string {
    return this.#once('pin', () => sha256(this.publicKey.spki));
  }

  /** Section 4.1.2.1. */
  get version(): 1 | 2 | 3 {
    return this.#fields.version;
  }

  /** Section 4.1.2.2: upper-case hexadecimal without separators, after a `-` where it is negative. */
  get serialNumber(): string {
    return this.x509.serialNumber;
  }

  /** The content of the INTEGER as encoded, with its sign bit, and with superfluous octets that DER forbids. */
  get serialNumberBytes(): Buffer {
    return contentOf(this.#fields.serialNumber, TAG.integer);
  }

  /** Section 4.1.2.3: whether the algorithm is the same inside what is signed; else clients refuse it. */
  get isSignatureAlgorithmRepeated(): boolean {
    return this.#fields.signature.bytes.equals(this.#fields.signatureAlgorithm.bytes);
  }

  /** Section 4.1.2.4, as RFC 4514 writes it, such as `CN=Root,O=Example`; untrusted text. */
  get issuer(): string {
    return this.#issuer.text;
  }

  /** The relative names of the issuer in order, each in the comparable form of `name.ts`. */
  get issuerRdns(): readonly string[] {
    return this.#issuer.rdns;
  }

  /** The attributes of each relative name of the issuer as encoded; none where it is empty. */
  get issuerAttributes(): readonly (readonly NameAttribute[])[] {
    return this.#issuer.attributes;
  }

  /** The issuer for comparing: equal for names that OpenSSL takes for equal. */
  get issuerKey(): string {
    // Node leaves an empty name undefined.
    return this.#once('issuerKey', () => comparableName(this.x509.issuer ?? ''));
  }

  get #issuer(): DistinguishedName {
    return this.#once('issuer', () => readName(this.#fields.issuer.bytes));
  }

  get notBefore(): Date {
    return this.validity.notBefore.date as Date;
  }

  /** The certificate is still valid in this second. */
  get notAfter(): Date {
    return this.validity.notAfter.date as Date;
  }

  /** Section 4.1.2.5: whether it is valid at a time, both ends included. */
  isValidAt(at: Date): boolean {
    return this.notBefore <= at && at <= this.notAfter;
  }

  /** Section 4.1.2.6, as RFC 4514 writes it; untrusted text. */
  get subject(): string {
    return this.#subject.text;
  }

  /** The subject's Name as encoded. */
  get subjectDer(): Buffer {
    return this.#fields.subject.bytes;
  }

  /** The relative names of the subject in order, each in the comparable form of `name.ts`. */
  get subjectRdns(): readonly string[] {
    return this.#subject.rdns;
  }

  /** The attributes of each relative name of the subject as encoded; none where it is empty. */
  get subjectAttributes(): readonly (readonly NameAttribute[])[] {
    return this.#subject.attributes;
  }

  /** The subject for comparing: equal for names that OpenSSL takes for equal. */
  get subjectKey(): string {
    return this.#once('subjectKey', () => comparableName(this.x509.subject ?? ''));
  }

  /** The last common name of the subject; untrusted text. */
  get commonName(): string | null {
    return this.#once('commonName', () => commonNameOf(this.x509.subject ?? ''));
  }

  /** What people call it; untrusted text. The whole subject is decoded only where there is nothing shorter. */
  get title(): string {
    return this.commonName || this.dnsNames[0] || this.subject || this.serialNumber;
  }

  get #subject(): DistinguishedName {
    return this.#once('subject', () => readName(this.#fields.subject.bytes));
  }

  /** Whether subject and issuer are equal. */
  get selfIssued(): boolean {
    return this.subjectKey === this.issuerKey;
  }

  /** Section 4.1.2.7. A key that OpenSSL does not know is described by its own encoding. */
  get publicKey(): PublicKeyFacts {
    return this.#once('publicKey', () => readPublicKey(this.x509, this.#fields.subjectPublicKeyInfo.bytes));
  }

  /** Section 4.1.2.8: whether it has an issuerUniqueID or a subjectUniqueID. */
  get hasUniqueIds(): boolean {
    return this.#fields.hasUniqueIds;
  }

  /** Section 4.1.2.9: the first of each kind by its OID, in the order of the certificate. */
  get extensions(): ReadonlyMap<string, Extension> {
    return this.#extensions.extensions;
  }

  /** The OIDs of extensions that are there again, which section 4.2 forbids. */
  get duplicateExtensions(): readonly string[] {
    return this.#extensions.duplicates;
  }

  /** The OIDs of extensions with a getter below whose value is malformed. */
  get malformedExtensions(): readonly string[] {
    for (const id of Object.keys(VALUE_READERS)) this.#extension(id as ExtensionId);
    return [...this.#malformed];
  }

  /** The OIDs of critical extensions that not all TLS clients (OpenSSL, Java) process. */
  get unknownCritical(): readonly string[] {
    return this.#once('unknownCritical', () =>
      [...this.extensions].flatMap(([id, { critical }]) =>
        critical && !PROCESSED_CRITICAL.has(id) ? [id] : [],
      ),
    );
  }

  get #extensions() {
    return this.#once('extensions', () => readExtensions(this.#fields.extensions));
  }

  // The extensions' values: null where one is missing or malformed.

  /** Section 4.2.1.1: the key identifier in hexadecimal. */
  get authorityKeyId(): string | null {
    return this.#extension(EXTENSION.authorityKeyIdentifier)?.keyIdentifier ?? null;
  }

  /** Section 4.2.1.1: the issuer's issuer, its relative names in the comparable form of `name.ts`. */
  get authorityIssuer(): readonly string[] | null {
    return this.#extension(EXTENSION.authorityKeyIdentifier)?.authorityCertIssuer ?? null;
  }

  /** Section 4.2.1.1: the issuer's serial number. */
  get authoritySerial(): bigint | null {
    return this.#extension(EXTENSION.authorityKeyIdentifier)?.authorityCertSerialNumber ?? null;
  }

  /** Section 4.2.1.2: in hexadecimal. */
  get subjectKeyId(): string | null {
    return this.#extension(EXTENSION.subjectKeyIdentifier);
  }

  /** Section 4.2.1.3. */
  get keyUsage(): readonly KeyUsage[] | null {
    return this.#extension(EXTENSION.keyUsage);
  }

  /** Section 4.2.1.4. */
  get certificatePolicies(): readonly PolicyInformation[] | null {
    return this.#extension(EXTENSION.certificatePolicies);
  }

  /** Section 4.2.1.5. */
  get policyMappings(): readonly PolicyMapping[] | null {
    return this.#extension(EXTENSION.policyMappings);
  }

  /** Section 4.2.1.6: names of all forms, as encoded. */
  get subjectAltName(): readonly GeneralName[] | null {
    return this.#extension(EXTENSION.subjectAltName);
  }

  /** Whether there is any subject alternative name, of whatever form. */
  get hasSubjectAltName(): boolean {
    return this.subjectAltName !== null;
  }

  /** Section 4.2.1.6: must be critical where the subject is empty. */
  get isSubjectAltNameCritical(): boolean {
    return this.extensions.get(EXTENSION.subjectAltName)?.critical ?? false;
  }

  /** The dNSNames as encoded; untrusted text. */
  get dnsNames(): readonly string[] {
    return this.#once('dnsNames', () => this.#alternatives('dNSName').map(ia5Text));
  }

  /** The iPAddresses for people; one that is not 4 or 16 octets long in hexadecimal. */
  get ipAddresses(): readonly string[] {
    return this.#once('ipAddresses', () => this.#alternatives('iPAddress').map(generalNameText));
  }

  /** Whether a subject alternative name names a server. */
  get hasServerNames(): boolean {
    return this.dnsNames.length > 0 || this.ipAddresses.length > 0;
  }

  #alternatives(form: GeneralName['form']): GeneralName[] {
    return (this.subjectAltName ?? []).filter((name) => name.form === form);
  }

  /** Section 4.2.1.9: cA. */
  get isCa(): boolean | null {
    return this.#extension(EXTENSION.basicConstraints)?.cA ?? null;
  }

  /** Section 4.2.1.9: pathLenConstraint. */
  get pathLength(): number | null {
    return this.#extension(EXTENSION.basicConstraints)?.pathLenConstraint ?? null;
  }

  /** Section 4.2.1.10. */
  get nameConstraints(): NameConstraints | null {
    return this.#extension(EXTENSION.nameConstraints);
  }

  /** Section 4.2.1.11. */
  get policyConstraints(): PolicyConstraints | null {
    return this.#extension(EXTENSION.policyConstraints);
  }

  /** Section 4.2.1.12: the OIDs of purposes. */
  get extendedKeyUsage(): readonly string[] | null {
    return this.#extension(EXTENSION.extKeyUsage);
  }

  /** Section 4.2.1.14: skipCerts. */
  get inhibitAnyPolicy(): number | null {
    return this.#extension(EXTENSION.inhibitAnyPolicy);
  }

  /** Section 4.2.2.1: the URLs at which the issuer's certificate is available; untrusted text. */
  get caIssuers(): readonly string[] | null {
    return this.#extension(EXTENSION.authorityInfoAccess);
  }

  #extension<I extends ExtensionId>(id: I): ExtensionValue<I> | null {
    let value = this.#values.get(id) as ExtensionValue<I> | null | undefined;
    if (value === undefined) {
      value = this.#readExtension(id);
      this.#values.set(id, value);
    }
    return value;
  }

  #readExtension<I extends ExtensionId>(id: I): ExtensionValue<I> | null {
    const value = this.extensions.get(id)?.value;
    try {
      return value ? (VALUE_READERS[id](value) as ExtensionValue<I>) : null;
    } catch {
      this.#malformed.add(id);
      return null;
    }
  }

  #once<T extends NonNullable<unknown> | null>(key: string, decode: () => T): T {
    let value = this.#decoded.get(key) as T | undefined;
    if (value === undefined) {
      value = decode();
      this.#decoded.set(key, value);
    }
    return value;
  }
}

/** The fields of a Certificate and its TBSCertificate (section 4.1), not decoded. */
interface Fields {
  version: 1 | 2 | 3;
  serialNumber: Asn1Element;
  signature: Asn1Element;
  issuer: Asn1Element;
  validity: Asn1Element;
  subject: Asn1Element;
  subjectPublicKeyInfo: Asn1Element;
  hasUniqueIds: boolean;
  extensions: Asn1Element | null;
  signatureAlgorithm: Asn1Element;
}

function fieldsOf(der: Buffer): Fields {
  const [tbs, signatureAlgorithm] = sequenceOf(readElement(der));
  const all = sequenceOf(tbs);
  const version = all[0]?.tag === 0xa0 ? all.shift() : undefined;
  const [serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, ...optional] = all;
  const required = {
    serialNumber,
    signature,
    issuer,
    validity,
    subject,
    subjectPublicKeyInfo,
    signatureAlgorithm,
  };
  if (Object.values(required).includes(undefined)) throw new Asn1Error('a field of it is missing');
  const extensions = optional.find(({ tag }) => tag === 0xa3);
  return {
    ...(required as Record<keyof typeof required, Asn1Element>),
    version: version ? versionOf(version) : 1,
    hasUniqueIds: optional.some(({ tag }) => (tag & 0x1f) === 1 || (tag & 0x1f) === 2),
    extensions: extensions ? readElement(extensions.content) : null,
  };
}

const VERSIONS = new Map([
  [0n, 1],
  [1n, 2],
  [2n, 3],
] as const);

function versionOf(tagged: Asn1Element): 1 | 2 | 3 {
  const version = VERSIONS.get(integerOf(contentOf(readElement(tagged.content), TAG.integer)) as 0n);
  if (!version) throw new Asn1Error('its version is not 1, 2 or 3');
  return version;
}

function readPublicKey(x509: X509Certificate, spki: Buffer): PublicKeyFacts {
  try {
    const key = x509.publicKey;
    return (key.asymmetricKeyType === 'rsa' && plainRsaKey(spki)) || publicKeyFacts(key);
  } catch {
    return publicKeyFactsOfSpki(spki);
  }
}

function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}
