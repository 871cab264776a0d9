import type { Certificate } from '../x509/certificate.ts';
import type { Chain, KnownRoots } from '../x509/chain/chain.ts';
import { commonNameOf } from '../x509/name.ts';

/** What the chain hangs on. */
export interface Anchor {
  /**
   * A public root, one of `--ca-file`, or another one that stands in the file; the leaf's own signature; a root that
   * is neither here nor known (`missing`); or nothing, since a signature does not fit (`broken`) or the certificates
   * issue each other in a circle (`loop`).
   */
  kind: 'public' | 'ca-file' | 'private' | 'self-signed' | 'missing' | 'broken' | 'loop';
  /** Of the root; for `broken` and `loop` of the certificate where the chain ends. Untrusted text. */
  name: string;
  /** The root's place in the file, from 1; null where it is not there. */
  position: number | null;
}

/**
 * Finds out what the chain hangs on.
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

/** What a certificate is called in short; untrusted text. The whole subject is decoded only where there is nothing shorter. */
export function titleOf({ commonName, dnsNames, subject, serialNumber }: Certificate): string {
  return commonName || dnsNames[0] || subject || serialNumber;
}

function issuerTitleOf(certificate: Certificate): string {
  return commonNameOf(certificate.x509.issuer ?? '') || certificate.issuer;
}
