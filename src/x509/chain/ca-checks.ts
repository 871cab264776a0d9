import type { Certificate } from '../certificate.ts';
import type { Links } from './links.ts';

/** Why a certificate may not issue another (RFC 5280 section 6.1.4). */
export type NotCaReason =
  | { kind: 'no-basic-constraints' }
  | { kind: 'ca-false' }
  | { kind: 'key-usage' }
  | { kind: 'path-length'; allowed: number; actual: number };

/**
 * Why a certificate may not issue others whatever they are (RFC 5280 section 6.1.4 (k) and (n)), null where it may.
 * A self-signed root of version 1 may: it has no extensions to say so.
 */
export function reasonNotCa(certificate: Certificate, links: Links): NotCaReason | null {
  const { version, isCa, keyUsage } = certificate;
  if (isCa === false) return { kind: 'ca-false' };
  if (isCa === null && !(version === 1 && links.of(certificate).kind === 'self-signed')) {
    return { kind: 'no-basic-constraints' };
  }
  return keyUsage && !keyUsage.includes('keyCertSign') ? { kind: 'key-usage' } : null;
}

/**
 * The certificates of a path that issue the one below them and may not, each with one reason.
 * The path length counts the intermediates below that are not self-issued (RFC 5280 section 6.1.4 (l) and (m)).
 * @param path leaf first
 */
export function notCaOn(
  path: readonly Certificate[],
  links: Links,
): { certificate: Certificate; issued: Certificate; reason: NotCaReason }[] {
  const found: { certificate: Certificate; issued: Certificate; reason: NotCaReason }[] = [];
  let between = 0;
  for (const [at, certificate] of path.entries()) {
    const issued = path[at - 1];
    if (!issued) continue;
    const { pathLength } = certificate;
    const exceeded = pathLength !== null && between > pathLength;
    const reason =
      reasonNotCa(certificate, links) ??
      (exceeded ? ({ kind: 'path-length', allowed: pathLength, actual: between } as const) : null);
    if (reason && links.of(issued).kind === 'issued') found.push({ certificate, issued, reason });
    if (!certificate.selfIssued) between += 1;
  }
  return found;
}
