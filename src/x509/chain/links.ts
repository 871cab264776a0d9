import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../certificate.ts';

/** Certificates any of which may stand for one issuer: those of one name and key, or all of one name. */
export interface Issuer {
  readonly certificates: readonly Certificate[];
}

/** Who issued a certificate, as far as its own file tells. */
export type Link =
  /** Signed by its own key, under its own name. */
  | { kind: 'self-signed' }
  /** Signed by this name and key. */
  | { kind: 'issued'; by: Issuer }
  /** Its issuer's name is not in the file. */
  | { kind: 'missing' }
  /** No key of the issuer's name verifies the signature; with `gaveUp` not every key was tried. */
  | { kind: 'broken'; by: Issuer; gaveUp: boolean };

/** The links of all certificates that are on some way from the leaf up. */
export interface Links {
  /** Every such certificate, breadth first from the leaf. */
  readonly reachable: readonly Certificate[];
  of(certificate: Certificate): Link;
  /** The issuers a certificate can stand for: its name and key, and its name. */
  issuerGroups(certificate: Certificate): readonly [byKey: Issuer, byName: Issuer];
  /** All certificates of the file that bear a name (in the form of `subjectKey`), in its order. */
  named(name: string): readonly Certificate[];
}

/** Keys tried for one signature; more of one name than this is no ordinary file. */
const MAX_KEYS = 8;

interface KeyGroup extends Issuer {
  readonly certificates: Certificate[];
  key: KeyObject | null | undefined;
}
interface NameGroup extends Issuer {
  readonly certificates: Certificate[];
  readonly entities: Map<string, KeyGroup>;
  readonly byKeyId: Map<string, KeyGroup>;
}

/**
 * Follows names, key identifiers and signatures from the leaf up. Linear: each certificate is looked at once,
 * with at most 8 signature checks, and 4 for each certificate of the file and 64 in all.
 * @param certificates the file's, without copies; the leaf among them
 */
export function linkUp(leaf: Certificate, certificates: readonly Certificate[]): Links {
  const names = indexByName(certificates);
  const links = new Map<Certificate, Link>();
  const budget = { left: 4 * certificates.length + 64 };
  const expanded = new Set<Issuer>();
  const reachable: Certificate[] = [leaf];
  const queued = new Set(reachable);
  for (const certificate of reachable) {
    const link = linkOf(certificate, names, budget);
    links.set(certificate, link);
    if (!('by' in link) || expanded.has(link.by)) continue;
    expanded.add(link.by);
    for (const issuer of link.by.certificates) {
      if (queued.has(issuer)) continue;
      queued.add(issuer);
      reachable.push(issuer);
    }
  }
  return {
    reachable,
    of: (certificate) => links.get(certificate) ?? { kind: 'missing' },
    issuerGroups(certificate) {
      const named = names.get(certificate.subjectKey) as NameGroup;
      return [named.entities.get(certificate.pinSha256) as KeyGroup, named];
    },
    named: (name) => names.get(name)?.certificates ?? [],
  };
}

function indexByName(certificates: readonly Certificate[]): Map<string, NameGroup> {
  const names = new Map<string, NameGroup>();
  for (const certificate of certificates) {
    const { subjectKey, pinSha256, subjectKeyId } = certificate;
    let named = names.get(subjectKey);
    if (!named) {
      named = { certificates: [], entities: new Map(), byKeyId: new Map() };
      names.set(subjectKey, named);
    }
    let entity = named.entities.get(pinSha256);
    if (!entity) {
      entity = { certificates: [], key: undefined };
      named.entities.set(pinSha256, entity);
    }
    named.certificates.push(certificate);
    entity.certificates.push(certificate);
    if (subjectKeyId !== null && !named.byKeyId.has(subjectKeyId)) named.byKeyId.set(subjectKeyId, entity);
  }
  return names;
}

function linkOf(
  certificate: Certificate,
  names: ReadonlyMap<string, NameGroup>,
  budget: { left: number },
): Link {
  const named = names.get(certificate.issuerKey);
  if (!named) return { kind: 'missing' };
  const candidates = candidatesFor(certificate, named);
  for (const entity of candidates) {
    if (budget.left === 0) return { kind: 'broken', by: named, gaveUp: true };
    budget.left -= 1;
    if (!verifies(certificate, entity)) continue;
    return certificate.selfIssued && named.entities.get(certificate.pinSha256) === entity
      ? { kind: 'self-signed' }
      : { kind: 'issued', by: entity };
  }
  return { kind: 'broken', by: named, gaveUp: named.entities.size > candidates.size };
}

/** The key that the authority key identifier names first (RFC 5280 section 4.2.1.1), then its own, then any. */
function candidatesFor(certificate: Certificate, named: NameGroup): Set<KeyGroup> {
  const candidates = new Set<KeyGroup>();
  const hinted =
    certificate.authorityKeyId === null ? undefined : named.byKeyId.get(certificate.authorityKeyId);
  if (hinted) candidates.add(hinted);
  const own = certificate.selfIssued ? named.entities.get(certificate.pinSha256) : undefined;
  if (own) candidates.add(own);
  for (const entity of named.entities.values()) {
    if (candidates.size >= MAX_KEYS) break;
    candidates.add(entity);
  }
  return candidates;
}

function verifies(certificate: Certificate, entity: KeyGroup): boolean {
  try {
    entity.key ??= entity.certificates[0]?.x509.publicKey ?? null;
    return entity.key !== null && certificate.x509.verify(entity.key);
  } catch {
    // A key or a signature algorithm that OpenSSL does not know.
    return false;
  }
}
