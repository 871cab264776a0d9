import type { KeyObject } from 'node:crypto';
import { LintError } from '../../errors.ts';
import type { Budget } from '../budget.ts';
import type { Certificate } from '../certificate.ts';
import { groupBy } from '../group-by.ts';
import type { PublicKeyFacts } from '../public-key.ts';
import type { KnownRoots } from '../roots.ts';

/** Who issued whom, by name and by signature (RFC 5280 section 6.1.3 (a)). */
export interface Issuers {
  /**
   * The certificates whose key signed this one: those of the file in its order, then known roots. A self-signed
   * certificate is among its own issuers.
   * @throws LintError where there are too many signatures to check
   */
  of(certificate: Certificate): readonly Certificate[];
  /** All certificates of the file that bear the issuer's name, whoever signed. */
  namedBy(certificate: Certificate): readonly Certificate[];
  /** Whether it is signed by its own key, under its own name. */
  isSelfSigned(certificate: Certificate): boolean;
}

/** Keys of one name that are tried for one signature; more than this is no ordinary file. */
const MAX_KEYS = 8;
/** What each certificate of a file may cost in signatures before the budget pays: many honest ones cost as much as they are. */
const DUE_PER_CERTIFICATE = 1_000;

/** Checks whether a key signed a certificate. */
export type SignatureCheck = (certificate: Certificate, key: KeyGroup) => boolean;

/** Certificates of one name and one key: any of them can be the issuer of what that key signed. */
interface KeyGroup {
  pin: string;
  certificates: Certificate[];
  key: KeyObject | null;
  /** Of checking a signature by it. */
  cost: number;
}

/**
 * Checks each signature at most once a key.
 * @param count of certificates in the file
 * @param budget pays for each by the size of the key
 * @returns a check that throws LintError beyond that
 */
export function signatureChecks(count: number, budget: Budget): SignatureCheck {
  const checked = new Map<Certificate, Map<string, boolean>>();
  let due = count * DUE_PER_CERTIFICATE;
  return (certificate, { pin, key, cost }) => {
    const known = checked.get(certificate) ?? new Map<string, boolean>();
    checked.set(certificate, known);
    let result = known.get(pin);
    if (result === undefined) {
      if (cost <= due) due -= cost;
      else if (!budget.spend(cost)) throw tooManySignatures();
      result = verifies(certificate, key);
      known.set(pin, result);
    }
    return result;
  };
}

/** What checking one signature costs by default, as by P-256 or Ed25519, in units of a budget. */
const USUAL_COST = 300;
const RSA_COST = 100;
/** Of RSA 1024 with the exponent 65537, which has 17 bits; it grows as the square of the modulus. */
const [RSA_1024_COST, USUAL_EXPONENT_BITS] = [12, 17] as const;
/** The usual size of keys of other kinds; their cost grows as its cube. */
const USUAL_BITS = 256;
const MOST_TIMES_USUAL = 64;

function costOf({ type, bits, exponent }: PublicKeyFacts): number {
  if (type === 'rsa' || type === 'rsa-pss') {
    const exponentBits = exponent?.toString(2).length ?? USUAL_EXPONENT_BITS;
    return RSA_COST + (RSA_1024_COST * ((bits ?? 0) / 1024) ** 2 * exponentBits) / USUAL_EXPONENT_BITS;
  }
  return USUAL_COST * Math.min(MOST_TIMES_USUAL, Math.max(1, ((bits ?? 0) / USUAL_BITS) ** 3));
}

/**
 * Finds the issuers of certificates, each when it is first asked for.
 * @param certificates of the file, without copies
 * @param roots known roots that count as issuers too; null for the file alone
 */
export function findIssuers(
  certificates: readonly Certificate[],
  roots: KnownRoots | null,
  isSignedBy: SignatureCheck,
): Issuers {
  const byName = groupBy(certificates, ({ subjectKey }) => subjectKey);
  const groups = new Map<string, readonly KeyGroup[]>();
  const found = new Map<Certificate, readonly Certificate[]>();
  const groupsNamedBy = (certificate: Certificate): readonly KeyGroup[] => {
    const name = certificate.issuerKey;
    const named =
      groups.get(name) ??
      groupByKey([...(byName.get(name) ?? []), ...(roots?.issuersNamedBy(certificate) ?? [])]);
    groups.set(name, named);
    return named;
  };
  const find = (certificate: Certificate): readonly Certificate[] => {
    const likely = likelyFirst(certificate, groupsNamedBy(certificate));
    const signer = likely.slice(0, MAX_KEYS).find((group) => isSignedBy(certificate, group));
    if (signer === undefined && likely.length > MAX_KEYS) throw tooManySignatures();
    return signer?.certificates ?? [];
  };
  const of = (certificate: Certificate): readonly Certificate[] => {
    const issuers = found.get(certificate) ?? find(certificate);
    found.set(certificate, issuers);
    return issuers;
  };
  return {
    of,
    namedBy: ({ issuerKey }) => byName.get(issuerKey) ?? [],
    isSelfSigned: (certificate) =>
      certificate.selfIssued && of(certificate).some(({ pinSha256 }) => pinSha256 === certificate.pinSha256),
  };
}

function groupByKey(certificates: readonly Certificate[]): readonly KeyGroup[] {
  const groups = new Map<string, KeyGroup>();
  const seen = new Set<string>();
  for (const certificate of certificates) {
    const { pinSha256: pin, fingerprintSha256 } = certificate;
    if (seen.has(fingerprintSha256)) continue;
    seen.add(fingerprintSha256);
    const group = groups.get(pin);
    if (group) group.certificates.push(certificate);
    else groups.set(pin, { pin, certificates: [certificate], ...keyOf(certificate) });
  }
  return [...groups.values()];
}

/** The key that the authority key identifier names first (RFC 5280 section 4.2.1.1), then its own, then any. */
function likelyFirst(certificate: Certificate, groups: readonly KeyGroup[]): readonly KeyGroup[] {
  if (groups.length < 2) return groups;
  const { authorityKeyId, selfIssued, pinSha256 } = certificate;
  const rank = ({ pin, certificates }: KeyGroup): number => {
    if (authorityKeyId !== null && certificates.some((each) => each.subjectKeyId === authorityKeyId))
      return 0;
    return selfIssued && pin === pinSha256 ? 1 : 2;
  };
  return groups.toSorted((one, other) => rank(one) - rank(other));
}

function tooManySignatures(): LintError {
  return new LintError(
    'this chain is too costly to check: too many of its certificates could be the issuer of others',
    'Keep only the leaf, its intermediates and its root in the file.',
  );
}

function keyOf({ x509, publicKey }: Certificate): Pick<KeyGroup, 'key' | 'cost'> {
  const cost = costOf(publicKey);
  try {
    return { key: x509.publicKey, cost };
  } catch {
    // An algorithm that OpenSSL does not know.
    return { key: null, cost };
  }
}

function verifies({ x509 }: Certificate, key: KeyObject | null): boolean {
  try {
    return key !== null && x509.verify(key);
  } catch {
    // A signature algorithm that OpenSSL does not know.
    return false;
  }
}

/**
 * Whether a certificate can be the issuer that another's authority key identifier names: what both have must be
 * equal, what one of them lacks does not count (OpenSSL, `X509_check_akid`; RFC 5280 section 4.2.1.1).
 */
export function matchesAuthorityKeyId(certificate: Certificate, issuer: Certificate): boolean {
  const { authorityKeyId, authoritySerial, authorityIssuer } = certificate;
  const { subjectKeyId, serialNumber } = issuer;
  if (authorityKeyId !== null && subjectKeyId !== null && authorityKeyId !== subjectKeyId) return false;
  if (authoritySerial !== null && authoritySerial !== toNumber(serialNumber)) return false;
  return authorityIssuer === null || isSameName(authorityIssuer, issuer.issuerRdns);
}

/**
 * Whether clients take a certificate of the issuer's name for the issuer before they check the signature: the
 * identifiers match, and the key is of the kind that made it (OpenSSL, `ossl_x509_likely_issued`).
 */
export function isLikelyIssuer(certificate: Certificate, issuer: Certificate): boolean {
  return (
    matchesAuthorityKeyId(certificate, issuer) &&
    isKeyOfKind(certificate.signatureAlgorithm.algorithm, issuer.publicKey.type)
  );
}

/** Names as relative names; one that could not be decoded has none, and is like any other. */
function isSameName(one: readonly string[], other: readonly string[]): boolean {
  return other.length === 0 || one.join('\n') === other.join('\n');
}

/** @param hex a serial number as OpenSSL prints it, with a minus before a negative one */
function toNumber(hex: string): bigint {
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
}

function isKeyOfKind(algorithm: string, type: string): boolean {
  if (algorithm === 'RSASSA-PSS') return type === 'rsa' || type === 'rsa-pss';
  if (algorithm.includes('WithRSA')) return type === 'rsa';
  if (algorithm.startsWith('ecdsa-')) return type === 'ec';
  if (algorithm.startsWith('dsa-')) return type === 'dsa';
  return algorithm.startsWith('Ed') ? type === algorithm.toLowerCase() : true;
}

/** Whether two certificates are those of one CA: its name and its key. */
export function isSameCa(one: Certificate, other: Certificate): boolean {
  return one.subjectKey === other.subjectKey && one.pinSha256 === other.pinSha256;
}
