import type { Certificate } from '../x509/certificate.ts';
import type { Chain, KnownRoots } from '../x509/chain/chain.ts';
import { groupBy } from '../x509/group-by.ts';
import { commonNameOf } from '../x509/name.ts';

/** The trust anchor of the chain (RFC 5280 section 6.1.1), or why it has none. */
export interface Anchor {
  /**
   * A public root, one of `--ca-file`, or another one in the file; the leaf itself; a root that is neither in the file
   * nor known (`missing`); or none, since a signature does not verify (`broken`) or the certificates issue each other in
   * a circle (`loop`).
   */
  kind: 'public' | 'ca-file' | 'private' | 'self-signed' | 'missing' | 'broken' | 'loop';
  /** Of the root; for `broken` and `loop` of the certificate where the chain ends. Untrusted text. */
  name: string;
  /** The root's place in the file, from 1; null where it is not there. */
  position: number | null;
}

/**
 * Finds the trust anchor of a chain.
 * @param roots what counts as a known root
 */
export function anchorOf({ top, leaf }: Chain, roots: KnownRoots): Anchor {
  switch (top.kind) {
    case 'self-signed-leaf':
      return inFile(leaf, roots.issuerOf(leaf) ?? 'self-signed');
    case 'root':
      return inFile(top.certificate, roots.issuerOf(top.certificate) ?? 'private');
    case 'missing': {
      const { certificate, known, isCrossSigned } = top;
      const name = isCrossSigned ? titleOf(certificate) : issuerTitleOf(certificate);
      return { kind: known ?? 'missing', name, position: null };
    }
    default:
      return { kind: top.kind, name: titleOf(top.certificate), position: null };
  }
}

function inFile(certificate: Certificate, kind: Anchor['kind']): Anchor {
  return { kind, name: titleOf(certificate), position: certificate.index + 1 };
}

/** A certificate's short name; untrusted text. The whole subject is decoded only where there is nothing shorter. */
export function titleOf({ commonName, dnsNames, subject, serialNumber }: Certificate): string {
  return commonName || dnsNames[0] || subject || serialNumber;
}

function issuerTitleOf(certificate: Certificate): string {
  return commonNameOf(certificate.x509.issuer ?? '') || certificate.issuer;
}

/** Certificates of one name whose keys are tried for one signature. */
const MAX_KEYS = 8;
/** Signatures verified in all: a hostile file may hold thousands. */
const MAX_CHECKS = 512;

/**
 * Finds a certificate's issuer in the same file, which is itself where it is self-signed: on the path the next one,
 * elsewhere the first with the issuer's name whose key verifies the signature.
 * @param certificates in file order
 * @returns null where there is none
 */
export function issuersAmong(
  certificates: readonly Certificate[],
  { path, broken }: Chain,
): (certificate: Certificate) => Certificate | null {
  const byName = groupBy(certificates, ({ subjectKey }) => subjectKey);
  const unverified = new Set(broken.map(({ certificate }) => certificate));
  const next = new Map(path.map((certificate, at) => [certificate, path[at + 1]]));
  let left = MAX_CHECKS;
  return (certificate) => {
    const above = next.get(certificate);
    if (above && !unverified.has(certificate)) return above;
    const candidates = (byName.get(certificate.issuerKey) ?? []).slice(0, MAX_KEYS);
    return candidates.find((candidate) => left-- > 0 && isSignedBy(certificate, candidate)) ?? null;
  };
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    // A key or signature algorithm that OpenSSL does not know.
    return false;
  }
}
