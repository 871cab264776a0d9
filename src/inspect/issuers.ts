import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';

/**
 * Finds the certificate of the same file that issued another one, itself where it is self-signed: on the path the next
 * one, elsewhere the first whose key made the signature.
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
