import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { commonNameOf } from '../x509/name.ts';
import type { KnownRoot, KnownRoots } from '../x509/roots.ts';

/** The trust anchor of the chain (RFC 5280 section 6.1.1), or why it has none. */
export interface Anchor {
  /**
   * A public root, one of `--ca-file`, or another one in the file; the leaf itself; a root that is neither in the file
   * nor known (`missing`); or none, since a signature does not verify (`broken`) or the certificates issue each other in
   * a circle (`loop`).
   */
  kind: KnownRoot | 'private' | 'self-signed' | 'missing' | 'broken' | 'loop';
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
      return inFile(leaf, kindOf(leaf, roots) ?? 'self-signed');
    case 'root':
      return inFile(top.certificate, kindOf(top.certificate, roots) ?? 'private');
    case 'missing': {
      const { certificate, known, isCrossSigned } = top;
      const name = isCrossSigned ? certificate.title : issuerTitleOf(certificate);
      return { kind: known ?? 'missing', name, position: null };
    }
    default:
      return { kind: top.kind, name: top.certificate.title, position: null };
  }
}

/** The kind of the known root that has the name and key of a self-signed certificate. */
function kindOf(certificate: Certificate, roots: KnownRoots): KnownRoot | null {
  const same = roots.issuersNamedBy(certificate).find(({ pinSha256 }) => pinSha256 === certificate.pinSha256);
  return same ? roots.kindOf(same) : null;
}

function inFile(certificate: Certificate, kind: Anchor['kind']): Anchor {
  return { kind, name: certificate.title, position: certificate.index + 1 };
}

function issuerTitleOf(certificate: Certificate): string {
  return commonNameOf(certificate.x509.issuer ?? '') || certificate.issuer;
}

/**
 * Finds a certificate's issuer in the same file, which is itself where it is self-signed: on the path the next one,
 * elsewhere the first whose key verifies the signature.
 * @returns null where there is none
 */
export function issuerIn({
  path,
  broken,
  inFile: { issuers },
}: Chain): (certificate: Certificate) => Certificate | null {
  const unverified = new Set(broken.map(({ certificate }) => certificate));
  const next = new Map(path.map((certificate, at) => [certificate, path[at + 1]]));
  return (certificate) => {
    const above = next.get(certificate);
    if (above && !unverified.has(certificate)) return above;
    return issuers.isSelfSigned(certificate) ? certificate : (issuers.of(certificate)[0] ?? null);
  };
}
