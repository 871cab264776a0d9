import type { Certificate } from '../certificate.ts';
import { type NotCaReason, notCaOn } from './ca-checks.ts';
import { isLikelyIssuer, matchesAuthorityKeyId } from './issuer-match.ts';
import type { Links } from './links.ts';

/** What clients make of the certificates above the leaf. */
export interface Acceptance {
  /** Of several issuers OpenSSL takes those first whose dates are right. */
  isValid(certificate: Certificate): boolean;
  /** Whether clients accept it on their way, dates included; whether it may issue is not asked here. */
  isUsable(certificate: Certificate): boolean;
}

/** Why clients get no further. */
export type OpensslRefusal =
  /** Its issuer is not in the file, or there only as a root that is not usable. */
  | { kind: 'missing'; certificate: Certificate }
  /** It bears the issuer's name, and its key did not sign the one below. */
  | { kind: 'other-key'; certificate: Certificate }
  | { kind: 'not-a-ca'; certificate: Certificate; reason: NotCaReason }
  | { kind: 'unusable'; certificate: Certificate };

/** Where clients come to. */
export interface OpensslPath {
  /** Leaf first. */
  way: readonly Certificate[];
  /** Null where they come to a root of the file. */
  fault: OpensslRefusal | null;
}

/** OpenSSL's `X509_VERIFY_PARAM` goes no further up. */
const MAX_DEPTH = 100;

/**
 * The way up of clients that take the first issuer in the file that fits, and never look back: OpenSSL
 * (`build_chain` and `find_issuer` in crypto/x509/x509_vfy.c). They trust the usable roots of the file, and look
 * for those first; of other issuers they take the first that is valid, else the one valid longest. At most 100
 * steps; a way that is longer has no fault.
 * @param placeOf where a certificate stands in the file
 */
export function opensslPath(
  leaf: Certificate,
  links: Links,
  placeOf: (certificate: Certificate) => number,
  view: Acceptance,
): OpensslPath {
  const way = [leaf];
  const used = new Set(way);
  while (way.length <= MAX_DEPTH) {
    const last = way.at(-1) as Certificate;
    const signers = signersOf(last, links);
    const roots = signers.filter((each) => isRoot(each, links) && isLikelyIssuer(last, each));
    const trusted = roots.find((root) => faultOn([...way, root], links, view) === null);
    if (trusted) return { way: [...way, trusted], fault: null };
    const next = isRoot(last, links) ? null : firstIssuer(last, links, used, placeOf, view);
    if (next === null) {
      return { way, fault: faultOn(way, links, view) ?? { kind: 'missing', certificate: last } };
    }
    way.push(next);
    used.add(next);
    if (!signers.includes(next)) return { way, fault: { kind: 'other-key', certificate: next } };
  }
  return { way, fault: faultOn(way, links, view) };
}

/** The certificates of the key that signed one, itself aside. */
function signersOf(certificate: Certificate, links: Links): readonly Certificate[] {
  const link = links.of(certificate);
  if (link.kind === 'issued') return link.by.certificates;
  if (link.kind !== 'self-signed') return [];
  return links.issuerGroups(certificate)[0].certificates.filter((each) => each !== certificate);
}

/** One that OpenSSL takes for self-signed: not where its own identifiers do not fit. */
function isRoot(certificate: Certificate, links: Links): boolean {
  return links.of(certificate).kind === 'self-signed' && matchesAuthorityKeyId(certificate, certificate);
}

function firstIssuer(
  certificate: Certificate,
  links: Links,
  used: ReadonlySet<Certificate>,
  placeOf: (certificate: Certificate) => number,
  view: Acceptance,
): Certificate | null {
  const candidates = links
    .named(certificate.issuerKey)
    .filter((each) => !used.has(each) && isLikelyIssuer(certificate, each));
  const valid = candidates.filter(view.isValid);
  const better = (one: Certificate, other: Certificate): boolean =>
    valid.length > 0 || one.notAfter.getTime() === other.notAfter.getTime()
      ? placeOf(one) < placeOf(other)
      : one.notAfter > other.notAfter;
  return (valid.length > 0 ? valid : candidates).reduce<Certificate | null>(
    (best, each) => (best === null || better(each, best) ? each : best),
    null,
  );
}

/** What is wrong with the lowest certificate that clients do not accept. */
function faultOn(way: readonly Certificate[], links: Links, { isUsable }: Acceptance): OpensslRefusal | null {
  const [notCa] = notCaOn(way, links);
  const certificate = way.find((each, at) => at > 0 && (each === notCa?.certificate || !isUsable(each)));
  if (certificate === undefined) return null;
  return certificate === notCa?.certificate
    ? { kind: 'not-a-ca', certificate, reason: notCa.reason }
    : { kind: 'unusable', certificate };
}
