import type { Certificate } from '../certificate.ts';
import { type PublicKeyFacts, sameKey } from '../public-key.ts';

/**
 * Which certificate of a file is the server's: the first if it can be, else among those that issue no other
 * (all, where each issues another) the one with the private key, then one that is no CA, then the first.
 * Judges by names alone.
 * @param certificates in file order, without copies
 * @throws RangeError where there is none
 */
export function chooseLeaf(
  certificates: readonly Certificate[],
  keyOwner: PublicKeyFacts | null,
): Certificate {
  const [first] = certificates;
  if (!first) throw new RangeError('a chain needs a certificate');
  const lowest = lowestAmong(certificates);
  if (lowest[0] === undefined || (lowest[0] === first && isForServers(first))) return first;
  const owner = keyOwner && lowest.find((certificate) => sameKey(certificate.publicKey, keyOwner));
  return owner ?? lowest.find(isForServers) ?? lowest[0];
}

/** The certificates that issue no other, as far as names tell. */
export function lowestAmong(certificates: readonly Certificate[]): Certificate[] {
  const issuers = new Set<string>();
  for (const certificate of certificates) if (!certificate.selfIssued) issuers.add(certificate.issuerKey);
  return certificates.filter((certificate) => !issuers.has(certificate.subjectKey));
}

/** Not a CA, or a self-signed one that names servers, as `openssl req -x509` makes them. */
function isForServers(certificate: Certificate): boolean {
  const { isCa, selfIssued, version } = certificate;
  if (selfIssued) return certificate.hasServerNames || (isCa !== true && version !== 1);
  return isCa !== true;
}
