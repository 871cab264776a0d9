import type { Certificate } from '../certificate.ts';
import { groupBy } from '../group-by.ts';
import { ORGANIZATION, valuesOf } from '../name.ts';

/**
 * The CA certificates that belong above the end of a broken-off way: groups that hang together by name, hold
 * CAs only and have no name in common with the chain. Where both the missing issuer and the CAs name an
 * organization, one has to be the same.
 * @param end the last certificate of the way, whose issuer is missing
 * @param members the certificates that are part of the chain
 * @param others the file's other certificates, without copies, in file order
 * @returns issued before issuer; linear
 */
export function disconnectedAbove(
  end: Certificate,
  members: readonly Certificate[],
  others: readonly Certificate[],
): Certificate[] {
  const taken = new Set(members.flatMap(({ subjectKey, issuerKey }) => [subjectKey, issuerKey]));
  const wanted = valuesOf(end.issuerRdns, ORGANIZATION);
  const belongs = (certificate: Certificate): boolean => {
    const own = valuesOf(certificate.subjectRdns, ORGANIZATION);
    return wanted.length === 0 || own.length === 0 || own.some((value) => wanted.includes(value));
  };
  return groupsByName(others)
    .filter((group) => group.every(isCaOnly) && group.some(belongs))
    .filter((group) => group.every((each) => !taken.has(each.subjectKey) && !taken.has(each.issuerKey)))
    .flatMap(upwards);
}

/** A CA, and no self-signed server: a root that names hosts, as Vault and kubeadm make it, may at least sign certificates. */
function isCaOnly(certificate: Certificate): boolean {
  const { isCa, selfIssued, keyUsage } = certificate;
  if (certificate.hasServerNames) return isCa === true && keyUsage?.includes('keyCertSign') === true;
  return isCa === true || (isCa === null && selfIssued);
}

/** Certificates that share a name as subject or issuer, directly or over others. */
function groupsByName(certificates: readonly Certificate[]): Certificate[][] {
  const byName = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    for (const name of new Set([certificate.subjectKey, certificate.issuerKey])) {
      const holders = byName.get(name);
      if (holders) holders.push(certificate);
      else byName.set(name, [certificate]);
    }
  }
  const grouped = new Set<Certificate>();
  const groups: Certificate[][] = [];
  for (const start of certificates) {
    if (grouped.has(start)) continue;
    grouped.add(start);
    const group = [start];
    for (const { subjectKey, issuerKey } of group) {
      for (const name of [subjectKey, issuerKey]) {
        for (const neighbour of byName.get(name) ?? []) {
          if (grouped.has(neighbour)) continue;
          grouped.add(neighbour);
          group.push(neighbour);
        }
        byName.delete(name);
      }
    }
    groups.push(group);
  }
  return groups;
}

/** Sorts a group so that each name stands before its issuer's; what goes round in a circle comes last. */
function upwards(group: readonly Certificate[]): Certificate[] {
  const inFileOrder = group.toSorted((a, b) => a.index - b.index);
  const bySubject = groupBy(inFileOrder, (certificate) => certificate.subjectKey);
  const below = new Map<string, number>();
  for (const { selfIssued, issuerKey } of inFileOrder) {
    if (!selfIssued) below.set(issuerKey, (below.get(issuerKey) ?? 0) + 1);
  }
  const sorted = new Set<Certificate>();
  const names = [...bySubject.keys()].filter((name) => !below.get(name));
  for (const name of names) {
    for (const certificate of bySubject.get(name) ?? []) {
      sorted.add(certificate);
      if (certificate.selfIssued) continue;
      const left = (below.get(certificate.issuerKey) ?? 0) - 1;
      below.set(certificate.issuerKey, left);
      if (left === 0 && bySubject.has(certificate.issuerKey)) names.push(certificate.issuerKey);
    }
  }
  return [...sorted, ...inFileOrder.filter((certificate) => !sorted.has(certificate))];
}
