import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { groupBy } from '../x509/group-by.ts';

/** Certificates of one name whose keys are tried for one signature. */
const MAX_KEYS = 8;
/** Signatures that are verified in all: a hostile file may hold thousands. */
const MAX_CHECKS = 512;

/**
 * Finds the certificate of the same file that issued another one, itself where it is self-signed: on the chain the
 * next one, elsewhere the first of the issuer's name whose key verifies the signature.
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
    // A key or a signature algorithm that OpenSSL does not know.
    return false;
  }
}
